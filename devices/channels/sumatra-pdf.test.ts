/** The package's `print` is played: it runs on Windows alone. */
import { expect, it } from 'vitest';
import { loadPrintByPackage, printByPackage } from './sumatra-pdf.ts';

it('is told printer, copies and file, and ends nothing that ended by itself', async () => {
  const given: unknown[] = [];
  let ended = 0;
  const print = printByPackage(
    async (...call) => void given.push(call),
    () => {
      ended += 1;
    },
  );
  const signal = new AbortController();
  await print('a paper.pdf', { printer: 'HP LaserJet', copies: 2, signal: signal.signal });
  signal.abort();
  expect(given).toEqual([['a paper.pdf', { printer: 'HP LaserJet', copies: 2, silent: true }]]);
  expect(ended).toBe(0);
});

it('ends the program when it is given up, and settles when that has ended', async () => {
  const program = Promise.withResolvers<void>();
  const print = printByPackage(
    () => program.promise,
    () => program.reject(new Error('ended')),
  );
  const signal = new AbortController();
  const printing = print('a.pdf', { printer: 'Hall', copies: 1, signal: signal.signal });
  signal.abort();
  await expect(printing).rejects.toThrow('ended');
});

it('begins nothing that was given up before', async () => {
  let begun = 0;
  const print = printByPackage(
    async () => {
      begun += 1;
    },
    () => {},
  );
  await expect(print('a.pdf', { printer: 'Hall', copies: 1, signal: AbortSignal.abort() })).rejects.toThrow();
  expect(begun).toBe(0);
});

it('finds the package and its program, which says itself that this is not Windows', async () => {
  const print = loadPrintByPackage();
  const printing = print('a.pdf', { printer: 'Hall', copies: 1, signal: new AbortController().signal });
  if (process.platform === 'win32') await printing.catch(() => {});
  else await expect(printing).rejects.toThrow(/not supported|Operating System/i);
});
