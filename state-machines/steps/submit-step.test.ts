import { expect, test } from 'vitest';
import type { Effects } from '../effects.ts';
import { openHall } from '../kiosk/played-hall.ts';
import { settlementWaitMs } from './submit-step.ts';

type Submit = Effects['submit'];
const values = { kind: 'complaint', text: '窗口排队太久', mobile: '' };

/** A visitor who has just handed in a complaint. */
async function openHandedIn(submit: Submit) {
  const hall = await openHall({ effects: { submit } });
  await hall.choose('complaint');
  await hall.act({ type: 'next' }, { type: 'submit', values });
  return hall;
}

test('says that it is being handed in, and that there is no way back', async () => {
  const hall = await openHandedIn(() => new Promise(() => {}));
  expect(hall.shows('working')).toMatchObject({ activity: 'send', title: '正在提交' });
  expect(hall.shows('working').back).toBeUndefined();
  expect(await hall.touch({ type: 'back' })).toBe(false);
});

test('shows what the centre answered', async () => {
  const answer = {
    kind: 'complaint',
    number: 'TS20261124-0009',
    followUpCode: '7K3M',
    promisedBy: '2026-12-08',
    promisedWorkingDays: 10,
  } as const;
  const hall = await openHandedIn(async () => ({
    ok: true,
    settled: { state: 'done', number: answer.number, answer },
  }));
  expect(hall.shows('result')).toMatchObject({ tone: 'done' });
  expect(hall.shows('result').rows.map(({ value }) => value)).toContain('TS20261124-0009');
});

test('says received, with the number of this kiosk, where the centre has not answered', async () => {
  const hall = await openHandedIn(async () => ({ ok: true, settled: { state: 'received', number: '7K3M-92QF' } }));
  expect(hall.shows('result')).toMatchObject({ tone: 'received', title: '已经收下' });
  expect(hall.shows('result').rows.map(({ value }) => value)).toEqual(['7K3M-92QF']);
});

test.each([
  ['request-refused', 'Q02'],
  ['storage-failed', 'Q01'],
] as const)('tells %s by its own screen, and cannot be tried again into a second request', async (reason, code) => {
  let calls = 0;
  const hall = await openHandedIn(async () => {
    calls += 1;
    return { ok: false, reason };
  });
  expect(hall.shows('trouble').code).toBe(code);
  expect(await hall.touch({ type: 'choose', choice: 'again' })).toBe(false);
  await hall.act({ type: 'choose', choice: 'home' });
  expect(hall.shown().step.kind).toBe('home');
  expect(calls).toBe(1);
});

test('shows the number of a refused request, by which staff find it, and none where nothing was kept', async () => {
  const refused = await openHandedIn(async () => ({ ok: false, reason: 'request-refused', number: '7K3M-92QF' }));
  expect(refused.shows('trouble').rows).toEqual([{ label: '申请编号', value: '7K3M-92QF' }]);
  const lost = await openHandedIn(async () => ({ ok: false, reason: 'storage-failed' }));
  expect(lost.shows('trouble').rows).toBeUndefined();
});

test('waits a few seconds for the centre, and hands in once however often the way on is touched', async () => {
  const waits: number[] = [];
  const hall = await openHandedIn((_visit, _login, _body, waitMs) => {
    waits.push(waitMs);
    return new Promise(() => {});
  });
  expect(await hall.touch({ type: 'submit', values })).toBe(false);
  expect(await hall.touch({ type: 'next' })).toBe(false);
  expect(waits).toEqual([settlementWaitMs]);
});

test('stops waiting, though not sending, when the visitor leaves meanwhile', async () => {
  const signals: (AbortSignal | undefined)[] = [];
  const hall = await openHandedIn((_visit, _login, _body, _waitMs, signal) => {
    signals.push(signal);
    return new Promise(() => {});
  });
  await hall.act({ type: 'end' });
  expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  expect(hall.shown().step.kind).toBe('attract');
});
