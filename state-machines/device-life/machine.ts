/**
 * The life of one device: connecting, ready, attention, fault, backing off, out of service.
 *
 * Adapters look after plugs and cables themselves and tell every change. This machine watches what they tell, climbs the ladder of
 * recovery where a fault stays (wait, reset, close and open anew), and says when only a person can help. One device's machine knows
 * nothing of another's.
 *
 * ```
 *  connecting ──opened──▶ ready ◀──▶ attention          (a person can help: paper, cover, card)
 *      │  ▲                 │ fault stays `graceMs`
 *      │  └──── reopening ◀─┴─▶ resetting ──▶ backingOff ──▶ …   each rung once
 *      └──fails──▶ backingOff ──tries used up──▶ outOfService ──every `outRetryMs`──▶ reopening
 * ```
 */
import { assign, fromPromise, setup } from 'xstate';
import type { Completion, DeviceStatus } from '../../devices/device.ts';

/** How a device is, in a word: what services and the health page ask. */
type DeviceHealth = 'connecting' | 'ready' | 'attention' | 'fault' | 'outOfService';

/** What the machine does to a device. One that does not complete within `actMs` is left behind. */
export type DeviceActs = {
  open(signal: AbortSignal): Promise<Completion<DeviceStatus>>;
  reset(signal: AbortSignal): Promise<Completion<DeviceStatus>>;
  /** Closes and opens anew: the rung above a reset. */
  reopen(signal: AbortSignal): Promise<Completion<DeviceStatus>>;
  /** Whether a command is under way that the ladder would cut off: it has its own patience, and the ladder waits. */
  isBusy(): boolean;
};

type DeviceLifeTimes = {
  /** So long a fault may last before the ladder begins: cables are replugged, printers reboot. */
  graceMs: number;
  /** Wait before each rung, one a rung; when they are used up the device is out of service. */
  rungsMs: readonly number[];
  /** How often a device that is out of service is tried again. */
  outRetryMs: number;
  /** Longest time for one thing that is done to a device: a driver that hangs must not hold the ladder. */
  actMs: number;
};

export const usualTimes: DeviceLifeTimes = {
  graceMs: 5_000,
  rungsMs: [0, 10_000, 30_000],
  outRetryMs: 120_000,
  actMs: 20_000,
};

type DeviceLifeContext = {
  status: DeviceStatus | null;
  /** Rungs climbed since the device was last well. */
  climbed: number;
  times: DeviceLifeTimes;
};

type DeviceLifeEvent = { type: 'status'; status: DeviceStatus };

/** What a status means for whoever wants to use the device. `userError` is something a person in the hall can mend. */
function readingOf(status: DeviceStatus): 'ready' | 'attention' | 'fault' {
  switch (status.device) {
    case 'online':
    case 'deviceBusy':
      return 'ready';
    case 'userError':
      return 'attention';
    case 'starting':
    case 'offline':
    case 'powerOff':
    case 'noDevice':
    case 'hardwareError':
    case 'fraudAttempt':
      return 'fault';
  }
}

/** The machine of a device's life. */
export function createDeviceLife(acts: DeviceActs) {
  return setup({
    types: {
      context: {} as DeviceLifeContext,
      input: {} as { times: DeviceLifeTimes },
      events: {} as DeviceLifeEvent,
    },
    actors: {
      open: fromPromise(({ signal }) => acts.open(signal)),
      reset: fromPromise(({ signal }) => acts.reset(signal)),
      reopen: fromPromise(({ signal }) => acts.reopen(signal)),
    },
    delays: {
      graceMs: ({ context }) => context.times.graceMs,
      rungMs: ({ context }) => context.times.rungsMs[context.climbed] ?? 0,
      outRetryMs: ({ context }) => context.times.outRetryMs,
      actMs: ({ context }) => context.times.actMs,
    },
    guards: {
      isBusy: () => acts.isBusy(),
      isReady: ({ event }) => readingOf(event.status) === 'ready',
      needsAttention: ({ event }) => readingOf(event.status) === 'attention',
      isFault: ({ event }) => readingOf(event.status) === 'fault',
      isAtTop: ({ context }) => context.climbed >= context.times.rungsMs.length,
      isFirstRung: ({ context }) => context.climbed === 1,
      isWell: ({ context }) => context.status !== null && readingOf(context.status) === 'ready',
      wantsHand: ({ context }) => context.status !== null && readingOf(context.status) === 'attention',
    },
    actions: {
      note: assign({ status: ({ event }) => event.status }),
      climb: assign({ climbed: ({ context }) => context.climbed + 1 }),
      comeDown: assign({ climbed: 0 }),
    },
  }).createMachine({
    id: 'device-life',
    context: ({ input }) => ({ status: null, climbed: 0, times: input.times }),
    initial: 'connecting',
    on: {
      // Whatever is under way: a device that says it is well, is.
      status: [
        { guard: 'isReady', target: '.ready', actions: 'note' },
        { guard: 'needsAttention', target: '.attention', actions: 'note' },
        { actions: 'note' },
      ],
    },
    states: {
      connecting: {
        invoke: { src: 'open', onDone: 'judging', onError: 'judging' },
        after: { actMs: 'judging' },
        // A status told during the opening may be the device's first word; the opening's own end decides.
        on: { status: { actions: 'note' } },
      },
      judging: {
        always: [
          { guard: 'isWell', target: 'ready' },
          { guard: 'wantsHand', target: 'attention' },
          { guard: 'isAtTop', target: 'outOfService' },
          { target: 'backingOff' },
        ],
      },
      ready: {
        entry: 'comeDown',
        on: {
          status: [
            { guard: 'isFault', target: 'fault', actions: 'note' },
            { guard: 'needsAttention', target: 'attention', actions: 'note' },
            { actions: 'note' },
          ],
        },
      },
      attention: {
        entry: 'comeDown',
        on: {
          status: [
            { guard: 'isReady', target: 'ready', actions: 'note' },
            { guard: 'isFault', target: 'fault', actions: 'note' },
            { actions: 'note' },
          ],
        },
      },
      // A printer that staff switch off and on to clear a jam is a fault for a minute; the print of a visitor outlasts it.
      fault: {
        after: { graceMs: [{ guard: 'isBusy', target: 'fault', reenter: true }, { target: 'backingOff' }] },
      },
      backingOff: {
        after: { rungMs: [{ guard: 'isBusy', target: 'fault' }, { target: 'climbing' }] },
      },
      climbing: {
        entry: 'climb',
        always: [{ guard: 'isFirstRung', target: 'resetting' }, { target: 'reopening' }],
      },
      resetting: {
        invoke: { src: 'reset', onDone: 'judging', onError: 'judging' },
        after: { actMs: 'judging' },
      },
      reopening: {
        invoke: { src: 'reopen', onDone: 'judging', onError: 'judging' },
        after: { actMs: 'judging' },
      },
      outOfService: {
        after: { outRetryMs: [{ guard: 'isBusy', target: 'outOfService', reenter: true }, { target: 'reopening' }] },
      },
    },
  });
}

export type DeviceLifeMachine = ReturnType<typeof createDeviceLife>;

/** The health of a device by its machine's state. Recovering counts as a fault: nobody should count on the device. */
export function healthOf(state: unknown): DeviceHealth {
  switch (state) {
    case 'ready':
    case 'attention':
    case 'outOfService':
    case 'connecting':
      return state;
    default:
      return 'fault';
  }
}
