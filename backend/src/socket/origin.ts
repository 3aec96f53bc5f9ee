// Which pages may open a socket. Browsers always name the page's origin and send cookies along, so a page of another
// site could act for whoever is signed in; programs name none, and bring a token of their own.

/** True for the gateway's own host, for an origin on the list, and where none is named. */
export function isOriginAllowed(origin: string | undefined, host: string, allowed: readonly string[]): boolean {
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  try {
    return new URL(origin).host === host.toLowerCase();
  } catch {
    return false;
  }
}
