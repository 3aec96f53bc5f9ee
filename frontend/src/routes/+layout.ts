// A single-page application: the gateway serves the built files and every page runs in the browser.
export const ssr = false;
