/**
 * What the screen's page may do, said once for both hosts: the headers that come with every file of the built renderer.
 */

/**
 * The page may load its own files and talk to its own host, and nothing else. Papers are shown as pictures (`data:`, `blob:`),
 * in which no script runs. Strings never become markup but for the icons' own file (`renderer/ui/icon.tsx`).
 *
 * @param connect where the page may connect to beside itself, e.g. `ws://127.0.0.1:8800`
 */
function contentSecurityPolicy(connect: readonly string[] = []): string {
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self'`,
    `font-src 'self'`,
    `img-src 'self' data: blob:`,
    `media-src 'self'`,
    `connect-src ${["'self'", ...connect].join(' ')}`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types icons`,
  ].join('; ');
}

/** Headers of the answer to an address, e.g. `/assets/index-4f.js`. */
export function pageHeaders(address: string, connect: readonly string[] = []): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(connect),
    'Permissions-Policy':
      'camera=(self), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=(), clipboard-read=(), fullscreen=(self)',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    // Built files carry a digest in their name. The page does not, and its address holds the secret.
    'Cache-Control': address.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store',
  };
}

const mimeByExtension: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  otf: 'font/otf',
  png: 'image/png',
  svg: 'image/svg+xml',
  ttf: 'font/ttf',
  wav: 'audio/wav',
  webp: 'image/webp',
  woff: 'font/woff',
  woff2: 'font/woff2',
};

/** The media type of a file the renderer is built of, by its name; `undefined` for what is not served. */
export function mimeOf(file: string): string | undefined {
  return mimeByExtension[file.slice(file.lastIndexOf('.') + 1).toLowerCase()];
}
