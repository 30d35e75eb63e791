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

/**
 * Leaves the old WOFF files out of the package, lets a text wait the few milliseconds its font needs instead of jumping, and
 * takes of the fonts for Hong Kong and Japan only what those for China lack: characters beyond the basic plane.
 */
function woff2Only() {
  return {
    name: 'woff2-only',
    enforce: 'pre' as const,
    transform(code: string, id: string) {
      const font = /@fontsource\/(noto-sans-\w+)\/.+\.css$/.exec(id)?.[1];
      if (font === undefined) return undefined;
      const css = code
        .replaceAll(/,\s*url\([^)]+\.woff\)\s*format\('woff'\)/g, '')
        .replaceAll('font-display: swap', 'font-display: block');
      return { code: font === 'noto-sans-sc' ? css : keepRareCharacters(css), map: null };
    },
  };
}

/** The font faces that hold characters beyond the basic plane, for those characters only. */
function keepRareCharacters(css: string): string {
  return [...css.matchAll(/@font-face \{[^}]*unicode-range: ([^;]+);\s*\}/g)]
    .map(([face, ranges = '']) => {
      const rare = ranges.split(',').filter((range) => /^U\+2[0-9a-f]{4}/i.test(range.trim()));
      return rare.length === 0 ? '' : face.replace(ranges, rare.join(','));
    })
    .join('\n');
}
