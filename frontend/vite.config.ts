// Builds the browser half as static files and serves it while developing, with /api and /ws passed on to a gateway.
import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

const gateway = process.env.BACKEND_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  // Vitest starts at the repository's root: without this SvelteKit would look for src/app.html there.
  root: import.meta.dirname,
  plugins: [
    tailwindcss(),
    sveltekit({
      compilerOptions: {
        runes: ({ filename }) => (filename.split(/[/\\]/).includes('node_modules') ? undefined : true),
      },
      adapter: adapter({ pages: 'build', fallback: 'index.html', precompress: true }),
    }),
  ],
  // Kit's server half is only built to be analysed; its cookie parser is not the one at the root of the workspace.
  ssr: { noExternal: ['cookie'] },
  // Fonts stay files: inlined ones are refused by the gateway's Content-Security-Policy.
  build: { assetsInlineLimit: (file) => (file.endsWith('.woff2') ? false : undefined) },
  server: {
    host: '127.0.0.1',
    port: 5199,
    strictPort: true,
    proxy: {
      '/api': { target: gateway, changeOrigin: false },
      '/ws': { target: gateway, ws: true },
    },
  },
});
