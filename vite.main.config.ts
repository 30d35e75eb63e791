import { readdirSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { defineConfig, type Plugin, type UserConfig } from 'vite';

const root = import.meta.dirname;
const outDir = resolve(root, 'dist/main');

/** Packages with native parts, or with files they look for beside themselves. */
const outside = [
  'better-sqlite3',
  'koffi',
  'node-hid',
  'pdf-to-printer',
  'serialport',
  '@myriaddreamin/typst-ts-node-compiler',
  '@expo-google-fonts',
];

/**
 * The kiosk's bundle for Node and Electron, `dist/main`: both packages run it, and journeys run on it. What can be is bundled: loaded
 * file by file, the packages took half of the start.
 */
const main: UserConfig = {
  plugins: [filesBeside()],
  ssr: { noExternal: true },
  build: {
    ssr: true,
    ssrEmitAssets: true,
    outDir,
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    sourcemap: true,
    rollupOptions: {
      input: { electron: 'main/electron.ts', headless: 'main/headless.ts' },
      external: [...builtinModules, /^node:/, 'electron', ...outside.map(asPattern)],
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'part-[hash].js' },
    },
  },
};

/** The preload runs sandboxed: one CommonJS file with all it needs, and nothing of Node. */
const preload: UserConfig = {
  build: {
    ssr: true,
    outDir,
    emptyOutDir: false,
    target: 'chrome144',
    minify: false,
    rollupOptions: {
      input: { preload: 'main/preload.ts' },
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
    },
  },
  ssr: { noExternal: true },
};

export default defineConfig(({ mode }) => (mode === 'preload' ? preload : main));

/**
 * Takes along what a source finds beside itself by `new URL('…', import.meta.url)`: a `.ts` becomes an entry of its own (a child
 * process), a file or a folder is copied. The addresses are turned to where these then lie.
 */
function filesBeside(): Plugin {
  const beside = /new URL\(\s*(['"])(\.{1,2}\/[^'"]+)\1\s*,\s*import\.meta\.url\s*\)/g;
  return {
    name: 'files-beside',
    transform(code, id) {
      const turned = code.replaceAll(beside, (_, __, target: string) => {
        const path = resolve(dirname(id), target);
        if (!path.startsWith(root)) this.error(`${target} lies outside the project`);
        if (path.endsWith('.ts')) {
          const fileName = `${basename(path, '.ts')}.js`;
          this.emitFile({ type: 'chunk', id: path, fileName });
          return `new URL('./${fileName}', import.meta.url)`;
        }
        for (const file of filesOf(path)) {
          this.emitFile({ type: 'asset', fileName: inBundle(file), source: readFileSync(file) });
        }
        return `new URL('./${inBundle(path)}${target.endsWith('/') ? '/' : ''}', import.meta.url)`;
      });
      return turned === code ? null : { code: turned, map: null };
    },
  };
}

function inBundle(path: string): string {
  return `files/${relative(root, path).replaceAll('\\', '/')}`;
}

function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function asPattern(name: string): RegExp {
  return new RegExp(`^${name.replaceAll(/[/.-]/g, '\\$&')}(/|$)`);
}
