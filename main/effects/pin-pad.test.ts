import { expect, test, vi } from 'vitest';
import type { Completion, DeviceStatus } from '../../devices/device.ts';
import { bareStatus } from '../../devices/device.ts';
import type { KeyLoad, PinEntry, PinPad, PinRequest } from '../../devices/pin-pad/pin-pad.ts';
import type { PinChallenge } from '../../state-machines/contract/central/identity.ts';
import type { PadEntered, PadEntry } from '../../state-machines/effects.ts';
import { createLog } from '../log.ts';
import { createPadDesk } from './pin-pad.ts';
import { patient, visit } from './test/called-centre.ts';

const challenge: PinChallenge = {
  slot: 3,
  suite: 'sm4-iso-4',
  workingKey: '00112233445566778899AABBCCDDEEFF',
  checkValue: 'A1B2C3',
  account: '890101197803',
};
const entry: PadEntry = { nonce: 'nonce-0000000000', slot: 3, suite: 'sm4-iso-4', account: challenge.account };

type Played = {
  device?: DeviceStatus['device'];
  features?: string[];
  load?: Completion<KeyLoad>;
  entered?: Completion<PinEntry>;
};

/** The desk over a pad that comes back with these; what it was asked and what was logged is written down. */
function deskWith({ device = 'online', features = ['tdes-iso-0', 'sm4-iso-4'], load, entered }: Played) {
  const lines: string[] = [];
  const loadWorkingKey = vi.fn<PinPad['loadWorkingKey']>(async () => load ?? { ok: true, value: { kind: 'loaded' } });
  const asked: { request: PinRequest; signal: AbortSignal | undefined }[] = [];
  const enterPin: PinPad['enterPin'] = async (request, onKey, options) => {
    asked.push({ request, signal: options?.signal });
    onKey({ key: 'digit', digits: 1 });
    onKey({ key: 'back', digits: 0 });
    return entered ?? { ok: true, value: { kind: 'timed-out' } };
  };
  const pad = {
    id: 'pad',
    capabilities: { kind: 'pin-pad', model: 'SIM-000042', features },
    status: () => ({ ...bareStatus, device }),
    loadWorkingKey,
    enterPin,
  } satisfies Pick<PinPad, 'id' | 'capabilities' | 'status' | 'loadWorkingKey' | 'enterPin'>;
  const log = createLog({ write: (line) => lines.push(line), nowMs: () => 0, level: 'debug' });
  return { desk: createPadDesk({ pad: pad as unknown as PinPad, log }), loadWorkingKey, asked, lines };
}

test.each<DeviceStatus['device']>(['online', 'deviceBusy'])(
  'tells the centre of a pad that is %s: its number and what it can',
  (device) => {
    const { desk } = deskWith({ device, features: ['sm4-iso-4', 'lamp'] });
    expect(desk.claim()).toEqual({ serialNumber: 'SIM-000042', suites: ['sm4-iso-4'] });
  },
);

test.each<DeviceStatus['device']>(['starting', 'offline', 'noDevice', 'hardwareError', 'fraudAttempt'])(
  'tells the centre of no pad while it is %s: the password is typed on the screen',
  (device) => {
    expect(deskWith({ device }).desk.claim()).toBeNull();
  },
);

test('puts the key of the challenge in, in the pad’s own terms, and is ready for one entry', async () => {
  const { desk, loadWorkingKey } = deskWith({});
  expect(await desk.load(visit, entry.nonce, challenge, patient)).toEqual(entry);
  expect(loadWorkingKey.mock.calls[0]?.[0]).toEqual({
    slot: 3,
    algorithm: 'sm4',
    wrapped: Uint8Array.from(Buffer.from(challenge.workingKey, 'hex')),
    checkValue: Uint8Array.of(0xa1, 0xb2, 0xc3),
  });
});

test.each<[Completion<KeyLoad>, Record<string, string>]>([
  [
    { ok: true, value: { kind: 'refused', reason: 'wrong-check-value' } },
    { why: 'refused', reason: 'wrong-check-value' },
  ],
  [
    { ok: true, value: { kind: 'refused', reason: 'no-master-key' } },
    { why: 'refused', reason: 'no-master-key' },
  ],
  [{ ok: false, reason: 'timeout', detail: 'silent' }, { why: 'timeout' }],
])('does without a pad that does not take the key: %j', async (load, logged) => {
  const { desk, lines } = deskWith({ load });
  expect(await desk.load(visit, entry.nonce, challenge, patient)).toBeNull();
  expect(JSON.parse(lines.join(''))).toMatchObject({ event: 'pin-pad.key-not-loaded', level: 'error', ...logged });
  expect(lines.join('')).not.toMatch(/00112233|A1B2C3|890101197803/i);
});

test('asks for six digits, tells how many there are, and gives the block in hexadecimal with the pad’s number', async () => {
  const block = Uint8Array.of(0x0a, 0xff, 0x00);
  const value = { kind: 'block', algorithm: 'sm4', format: 'iso-4', slot: 3, padSerialNumber: 'SIM-1', block } as const;
  const { desk, asked, lines } = deskWith({ entered: { ok: true, value } });
  const digits: number[] = [];
  const entered = await desk.enterPin(visit, entry, (count) => digits.push(count)).done;
  expect(entered).toEqual({
    ok: true,
    pin: { nonce: entry.nonce, serialNumber: 'SIM-1', slot: 3, suite: 'sm4-iso-4', block: '0AFF00' },
  });
  expect(digits).toEqual([1, 0]);
  expect(asked[0]?.request).toEqual({
    slot: 3,
    algorithm: 'sm4',
    format: 'iso-4',
    account: challenge.account,
    minDigits: 6,
    maxDigits: 6,
  });
  expect(lines.join('')).not.toContain('0AFF00');
});

test.each<[Completion<PinEntry>, Extract<PadEntered, { ok: false }>['because']]>([
  [{ ok: true, value: { kind: 'cancelled-by-visitor' } }, 'cancelled'],
  [{ ok: true, value: { kind: 'timed-out' } }, 'timed-out'],
  [{ ok: false, reason: 'deviceNotReady', detail: 'unplugged' }, 'out'],
  [{ ok: false, reason: 'hardwareError', detail: 'opened' }, 'out'],
])('ends an entry that brings no block: %j', async (entered, because) => {
  const { desk } = deskWith({ entered });
  expect(await desk.enterPin(visit, entry, () => undefined).done).toEqual({ ok: false, because });
});

test('lets the pad forget what was entered where the visitor has gone', () => {
  const { desk, asked } = deskWith({});
  const job = desk.enterPin(visit, entry, () => undefined);
  expect(asked[0]?.signal?.aborted).toBe(false);
  job.abandon();
  expect(asked[0]?.signal?.aborted).toBe(true);
});

test('has nothing to offer where the terminal has no pad', async () => {
  const log = createLog({ write: () => undefined, nowMs: () => 0, level: 'error' });
  const desk = createPadDesk({ pad: null, log });
  expect(desk.claim()).toBeNull();
  expect(await desk.load(visit, entry.nonce, challenge, patient)).toBeNull();
  expect(await desk.enterPin(visit, entry, () => undefined).done).toEqual({ ok: false, because: 'out' });
});
