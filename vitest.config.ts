import { defineConfig } from 'vitest/config';

/** Tests that need daemons of the machine (pcscd, CUPS); there is one of each, so they run one file after another. */
const systemTests = '**/*.system.test.ts';
const nobody = ['**/node_modules/**', 'dist/**', '.build/**', '.data/**'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{devices,state-machines,main,renderer,fixtures}/**/*.test.{ts,tsx}'],
          exclude: [...nobody, systemTests],
          // A test that hangs says so by itself, also on a machine that does other things.
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'system',
          include: [`{devices,state-machines,main,fixtures}/${systemTests}`],
          exclude: nobody,
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
