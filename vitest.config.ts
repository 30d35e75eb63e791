import { defineConfig } from 'vitest/config';
import { tries } from './fixtures/test/tries.ts';

/** Tests that need parts of the system: pseudo terminals, programs, daemons. */
const systemTests = '**/*.system.test.ts';
/** Of those, the ones on the machine's daemons; there is one pcscd and one CUPS, so these run one file after another. */
const daemonTests = [
  'fixtures/simulators/card/*-over-pcsc.system.test.ts',
  'fixtures/simulators/printer/*.system.test.ts',
];
/** A state that is waited for may take its time on a machine that does other things; vitest by itself waits for one second. */
const expectations = { poll: { timeout: 15_000, interval: 20 } };
const nobody = ['**/node_modules/**', 'dist/**', '.build/**', '.data/**'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          expect: expectations,
          maxWorkers: 2,
          include: ['{devices,state-machines,main,renderer,fixtures}/**/*.test.{ts,tsx}'],
          exclude: [...nobody, systemTests],
          // A test that hangs says so by itself, also on a machine that does other things.
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        test: {
          // The centre's suite once more, on a PostgreSQL that this run starts.
          name: 'postgres',
          expect: expectations,
          maxWorkers: 2,
          include: ['fixtures/central/**/*.test.ts'],
          exclude: [...nobody, systemTests],
          globalSetup: ['fixtures/central/test-postgres.ts'],
          setupFiles: ['fixtures/central/use-postgres.ts'],
          retry: tries - 1,
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'system',
          expect: expectations,
          include: [`{devices,state-machines,main,fixtures}/${systemTests}`],
          exclude: [...nobody, ...daemonTests],
          // They wait for wires and programs far more than they compute.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          retry: tries - 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'daemons',
          expect: expectations,
          include: daemonTests,
          exclude: nobody,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          retry: tries - 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
