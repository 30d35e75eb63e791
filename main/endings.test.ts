import { expect, test } from 'vitest';
import { createEndings } from './endings.ts';
import { createLog } from './log.ts';

function list() {
  const lines: string[] = [];
  const ended: string[] = [];
  const endings = createEndings(createLog({ write: (line) => lines.push(line), nowMs: () => 0, level: 'info' }));
  const told = () => lines.map((line) => JSON.parse(line) as { event: string; what: string });
  return { endings, ended, told };
}

test('ends what was opened last first, each before the next, and once', async () => {
  const { endings, ended } = list();
  endings.add('store', () => ended.push('store'));
  endings.add('printer', async () => {
    await Promise.resolve();
    ended.push('printer');
  });
  endings.add('screen', () => ended.push('screen'));
  await endings.run();
  await endings.run();
  expect(ended).toEqual(['screen', 'printer', 'store']);
});

test('closes the store though a device never lets go and another fails, and says so', async () => {
  const { endings, ended, told } = list();
  endings.add('store', () => ended.push('store'));
  endings.add('reader', () => new Promise(() => {}), 1);
  endings.add('printer', () => {
    throw new TypeError('a bug');
  });
  await endings.run();
  expect(ended).toEqual(['store']);
  expect(told()).toMatchObject([
    { event: 'kiosk.stop-failed', what: 'printer' },
    { event: 'kiosk.stop-overdue', what: 'reader' },
  ]);
});
