import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * The screen's bundle: `vite build` writes `dist/renderer`, which the WebSocket host serves and Electron loads.
 *
 * Nothing is inlined and all addresses are relative, so that the page runs under a policy that allows its own files only, over
 * HTTP as well as from a package.
 */
export default defineConfig({
  root: resolve(import.meta.dirname, 'renderer'),
  base: './',
  publicDir: false,
  plugins: [react(), woff2Only()],
  build: {
    outDir: resolve(import.meta.dirname, 'dist/renderer'),
    emptyOutDir: true,
    target: 'chrome130',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
  },
});

/** Leaves the old WOFF files out of the package, and lets a text wait the few milliseconds its font needs instead of jumping. */
function woff2Only() {
  return {
    name: 'woff2-only',
    enforce: 'pre' as const,
    transform(code: string, id: string) {
      if (!/@fontsource\/.+\.css$/.test(id)) return undefined;
      const css = code
        .replaceAll(/,\s*url\([^)]+\.woff\)\s*format\('woff'\)/g, '')
        .replaceAll('font-display: swap', 'font-display: block');
      return { code: css, map: null };
    },
  };
}
