/**
 * The behaviour every adapter proves, whatever it drives.
 *
 * A test file of the adapter calls {@link proveDevice} with a rig: the real adapter on its real wire, and the hardware's
 * part played by a simulator or a scripted channel. What a device or its wire does not have is named with its reason (`without`), and what
 * would need it is not asked: a test that is skipped means a part of the system that is missing, and nothing else.
 *
 * ```ts
 * proveDevice('social security card reader over TCP', async () => {
 *   const slot = await CardSlot.listen();
 *   return { device: new SocialSecurityCardReader(…), command: (options) => device.readCard(options), unplug: …, … };
 * });
 * ```
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandOptions, Completion, Device, DeviceEvent, DeviceStatus } from './device.ts';

/** One device with hardware that can be played. Made anew for each test; the device comes closed. A part is left out only by `without`. */
type DeviceRig = {
  device: Device;
  /** The device's most ordinary command; with the hardware as the rig was made it succeeds. */
  command?: (options?: CommandOptions) => Promise<Completion<unknown>>;
  /** The hardware goes away: cable pulled, power off. Resolves once the wire is gone, not once the adapter noticed. */
  unplug?: () => Promise<void>;
  /** The hardware comes back, in the state the rig was made in. */
  replug?: () => Promise<void>;
  /** From now on the hardware takes bytes and answers nothing. */
  hang?: () => Promise<void>;
  /** From now on the hardware answers nonsense. */
  garble?: () => Promise<void>;
  /** From now on the hardware answers right, in single bytes and late. */
  slow?: () => Promise<void>;
  /** The hardware behaves again. */
  mend?: () => Promise<void>;
  /** How much of what the system does not count among a process's resources the device holds just now, e.g. contexts of PC/SC. */
  held?: () => number;
  /** Ends the hardware's part. The suite closes the device itself. */
  dispose(): Promise<void>;
};

type Part = Exclude<keyof DeviceRig, 'device' | 'held' | 'dispose'>;
type Parts = { [P in Part]-?: NonNullable<DeviceRig[P]> };

/** How patient the suite is; a rig on a real daemon may need more than one on a pipe. */
type DeviceSuiteOptions = {
  /** Longest wait for any state or completion, milliseconds. */
  patienceMs?: number;
  /** How often the leak test opens and closes, where the machine has the time for it; ten times at least. */
  opens?: number;
  /** How long after a command began the hardware goes away, milliseconds, one try each. */
  momentsMs?: readonly number[];
  /** What there is not, and why, e.g. `{ slow: 'HID reports come whole' }`. */
  without?: Partial<Record<Part, string>>;
};

/** In so many opens of the leak test the device is used too: what only a command opens is to be let go of as well. */
const commandsOpened = 3;

/** Declares the tests. `makeRig` is called before each of them. */
export function proveDevice(name: string, makeRig: () => Promise<DeviceRig>, options: DeviceSuiteOptions = {}): void {
  const { patienceMs = 4_000, opens = 1_000, momentsMs = [0, 1, 2, 4, 8, 16, 32], without = {} } = options;
  const commandDeadlineMs = Math.round(patienceMs / 2);

  describe(name, { timeout: patienceMs * 4 }, () => {
    let rig: DeviceRig;

    beforeEach(async () => {
      rig = await makeRig();
    });

    afterEach(async () => {
      await rig.device.close();
      await rig.dispose();
    });

    /** A test that plays these parts; where one of them is not, there is nothing to ask. */
    function itPlays<P extends Part>(
      parts: readonly P[],
      title: string,
      test: (played: Pick<Parts, P>) => Promise<void>,
    ): void {
      if (parts.some((part) => part in without)) return;
      it(title, () => {
        for (const part of parts) if (rig[part] === undefined) throw new Error(`the rig has no ${part}`);
        // Looked at a line above; the tests see the parts they named.
        return test(rig as Pick<Parts, P>);
      });
    }

    async function openDevice(): Promise<void> {
      const opened = await rig.device.open({ timeoutMs: patienceMs });
      expect(opened).toMatchObject({ ok: true, value: { device: 'online' } });
    }

    it('says it is starting until it is opened, and online afterwards', async () => {
      expect(rig.device.status().device).toBe('starting');
      await openDevice();
      expect(rig.device.status()).toMatchObject({ device: 'online', reason: null });
    });

    it('keeps its capabilities', async () => {
      const { kind } = rig.device.capabilities;
      await openDevice();
      const capabilities = structuredClone(rig.device.capabilities);
      expect(capabilities.kind).toBe(kind);
      await rig.device.reset({ timeoutMs: patienceMs });
      expect(rig.device.capabilities).toEqual(capabilities);
    });

    it('gives whoever starts listening the current status at once, and stops with the undo', async () => {
      await openDevice();
      const heard: DeviceEvent[] = [];
      const undo = rig.device.subscribe((event) => heard.push(event));
      expect(heard[0]).toEqual({ type: 'status', status: rig.device.status() });
      undo();
      const before = heard.length;
      await rig.device.close();
      expect(heard.length).toBe(before);
    });

    it('stays closed where its opening was cancelled before it began', async () => {
      const opened = await rig.device.open({ signal: AbortSignal.abort(), timeoutMs: patienceMs });
      expect(opened).toMatchObject({ ok: false, reason: 'cancelled' });
      expect(await rig.device.reset({ timeoutMs: patienceMs })).toMatchObject({ ok: false, detail: 'not open' });
    });

    it('opens twice without harm', async () => {
      await openDevice();
      await openDevice();
    });

    it('closes twice without harm, is offline then, and opens again', async () => {
      await openDevice();
      await Promise.all([rig.device.close(), rig.device.close()]);
      await rig.device.close();
      expect(rig.device.status().device).toBe('offline');
      await openDevice();
    });

    itPlays(
      ['command'],
      'completes a command given before it is open, or after it is closed, with deviceNotReady',
      async ({ command }) => {
        expect(await command({ timeoutMs: patienceMs })).toMatchObject({ ok: false, reason: 'deviceNotReady' });
        await openDevice();
        await rig.device.close();
        expect(await command({ timeoutMs: patienceMs })).toMatchObject({ ok: false, reason: 'deviceNotReady' });
      },
    );

    itPlays(['command'], 'carries out its ordinary command', async ({ command }) => {
      await openDevice();
      expect(await command({ timeoutMs: patienceMs })).toMatchObject({ ok: true });
    });

    itPlays(['command'], 'carries out two commands given at once, one after the other', async ({ command }) => {
      await openDevice();
      const both = await Promise.all([command({ timeoutMs: patienceMs }), command({ timeoutMs: patienceMs })]);
      expect(both).toMatchObject([{ ok: true }, { ok: true }]);
    });

    itPlays(['command'], 'completes a command whose signal was aborted before with cancelled', async ({ command }) => {
      await openDevice();
      const completion = await command({ signal: AbortSignal.abort(), timeoutMs: patienceMs });
      expect(completion).toMatchObject({ ok: false, reason: 'cancelled' });
      expect(await command({ timeoutMs: patienceMs })).toMatchObject({ ok: true });
    });

    itPlays(
      ['command', 'hang', 'mend'],
      'completes a command that is cancelled under way with cancelled, and works again once mended',
      async ({ command, hang, mend }) => {
        await openDevice();
        await hang();
        const controller = new AbortController();
        const pending = command({ signal: controller.signal, timeoutMs: patienceMs });
        controller.abort();
        expect(await pending).toMatchObject({ ok: false, reason: 'cancelled' });
        await worksAgain(command, mend);
      },
    );

    itPlays(
      ['command', 'hang', 'mend'],
      'completes a command the hardware never answers with timeout, in time, and works again once mended',
      async ({ command, hang, mend }) => {
        await openDevice();
        await hang();
        const startedMs = performance.now();
        const completion = await command({ timeoutMs: Math.round(patienceMs / 8) });
        expect(completion).toMatchObject({ ok: false, reason: 'timeout' });
        // Far from the deadline, for a machine that is busy, and nearer to it than the ten seconds that commands have by themselves.
        expect(performance.now() - startedMs).toBeLessThan(patienceMs * 2);
        await worksAgain(command, mend);
      },
    );

    itPlays(
      ['command', 'hang'],
      'ends a command under way with cancelled when it is closed',
      async ({ command, hang }) => {
        await openDevice();
        await hang();
        const pending = command({ timeoutMs: patienceMs });
        await rig.device.close();
        expect(await pending).toMatchObject({ ok: false, reason: 'cancelled' });
      },
    );

    itPlays(
      ['command', 'hang', 'unplug'],
      'completes a command with deviceNotReady when the hardware goes away under way',
      async ({ command, hang, unplug }) => {
        await openDevice();
        await hang();
        const pending = command({ timeoutMs: patienceMs });
        await unplug();
        expect(await pending).toMatchObject({ ok: false, reason: 'deviceNotReady' });
      },
    );

    itPlays(
      ['unplug', 'replug'],
      'is no longer online once unplugged, says why, and comes back by itself when replugged',
      async ({ unplug, replug }) => {
        await openDevice();
        await unplug();
        const gone = await waitForStatus(rig.device, (status) => status.device !== 'online', patienceMs);
        expect(gone.reason).toEqual(expect.any(String));
        await replug();
        await waitForStatus(rig.device, (status) => status.device === 'online', patienceMs);
        if (rig.command !== undefined) expect(await rig.command({ timeoutMs: patienceMs })).toMatchObject({ ok: true });
      },
    );

    itPlays(
      ['unplug', 'replug'],
      'opens with deviceNotReady when nothing is plugged in, and comes up by itself when it is',
      async ({ unplug, replug }) => {
        await unplug();
        expect(await rig.device.open({ timeoutMs: patienceMs })).toMatchObject({ ok: false, reason: 'deviceNotReady' });
        expect(rig.device.status().device).not.toBe('online');
        await replug();
        await waitForStatus(rig.device, (status) => status.device === 'online', patienceMs);
      },
    );

    itPlays(
      ['command', 'garble', 'mend'],
      'names an error when the hardware answers nonsense, and works again once it is mended',
      async ({ command, garble, mend }) => {
        await openDevice();
        const well = await command({ timeoutMs: patienceMs });
        await garble();
        const completion = await command({ timeoutMs: commandDeadlineMs });
        // A card that cannot be read is a result too, and says so by its kind.
        if (completion.ok) expect(kindOf(completion)).not.toBe(kindOf(well));
        else expect(['invalidData', 'hardwareError', 'timeout', 'deviceNotReady']).toContain(completion.reason);
        await worksAgain(command, mend);
      },
    );

    itPlays(
      ['command', 'slow'],
      'carries out its command when the bytes come one by one and late',
      async ({ command, slow }) => {
        await openDevice();
        await slow();
        expect(await command({ timeoutMs: patienceMs })).toMatchObject({ ok: true });
      },
    );

    it('is online after a reset', async () => {
      await openDevice();
      expect(await rig.device.reset({ timeoutMs: patienceMs })).toMatchObject({
        ok: true,
        value: { device: 'online' },
      });
      if (rig.command !== undefined) expect(await rig.command({ timeoutMs: patienceMs })).toMatchObject({ ok: true });
    });

    it('stays closed when it is closed in the middle of a reset', async () => {
      await openDevice();
      const resetting = rig.device.reset({ timeoutMs: patienceMs });
      await rig.device.close();
      expect(await resetting).toMatchObject({ ok: false });
      expect(rig.device.status().device).toBe('offline');
    });

    itPlays(
      ['command', 'unplug', 'replug'],
      'completes a command at whichever moment of it the hardware goes away, and works again when it is back',
      async ({ command, unplug, replug }) => {
        await openDevice();
        for (const momentMs of momentsMs) {
          const startedMs = performance.now();
          const pending = command({ timeoutMs: patienceMs });
          await sleep(momentMs);
          await unplug();
          const completion = await pending;
          // What was carried out before the cable was out is a success. A print waits a while for its spooler to come back.
          if (!completion.ok) expect(completion.reason).toBe('deviceNotReady');
          expect(performance.now() - startedMs).toBeLessThan(patienceMs * 2);
          await waitForStatus(rig.device, (status) => status.device !== 'online', patienceMs);
          await replug();
          await waitForStatus(rig.device, (status) => status.device === 'online', patienceMs);
        }
        expect(await command({ timeoutMs: patienceMs })).toMatchObject({ ok: true });
      },
    );

    it(`leaves nothing open after ${opens} opens`, { timeout: patienceMs * 12 }, async () => {
      await openDevice();
      await rig.device.close();
      // Sockets, ports, timers, and child processes with their pipes.
      const before = process.getActiveResourcesInfo().length;
      const heldBefore = rig.held?.();
      // A slow machine does fewer: what leaks one of anything per open shows after ten.
      const untilMs = performance.now() + patienceMs * 5;
      for (let round = 0; round < opens && (round < 10 || performance.now() < untilMs); round += 1) {
        await openDevice();
        if (round < commandsOpened) await rig.command?.({ timeoutMs: patienceMs });
        await rig.device.close();
      }
      // The other end of a closed socket is let go a turn or two later; a leak of one per open never settles.
      await expect
        .poll(() => process.getActiveResourcesInfo().length, { timeout: patienceMs })
        .toBeLessThan(before + 5);
      await expect.poll(() => rig.held?.(), { timeout: patienceMs }).toBe(heldBefore);
    });

    /** After a fault the hardware behaves; the device may need to come up first, by itself or by a reset. */
    async function worksAgain(
      command: (options?: CommandOptions) => Promise<Completion<unknown>>,
      mend: () => Promise<void>,
    ): Promise<void> {
      await mend();
      const reset = await rig.device.reset({ timeoutMs: patienceMs });
      if (!reset.ok) await waitForStatus(rig.device, (status) => status.device === 'online', patienceMs);
      expect(await command({ timeoutMs: patienceMs })).toMatchObject({ ok: true });
    }
  });
}

/** The kind of a command's result, e.g. `read`, where it has one. */
function kindOf(completion: Completion<unknown>): unknown {
  if (!completion.ok || typeof completion.value !== 'object' || completion.value === null) return undefined;
  return 'kind' in completion.value ? completion.value.kind : undefined;
}

/** Waits for a status that fulfils `wanted`, through the device's own events. Rejects after `deadlineMs`. */
export function waitForStatus(
  device: Device,
  wanted: (status: DeviceStatus) => boolean,
  deadlineMs: number,
): Promise<DeviceStatus> {
  return new Promise((resolve, reject) => {
    let undo: (() => void) | undefined;
    let settled = false;
    const settle = (act: () => void) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      undo?.();
      act();
    };
    const timer = setTimeout(
      () => settle(() => reject(new Error(`status stayed ${JSON.stringify(device.status())}`))),
      deadlineMs,
    );
    undo = device.subscribe((event) => {
      if (event.type === 'status' && wanted(event.status)) settle(() => resolve(event.status));
    });
    // The current status is delivered before `subscribe` returns its undo.
    if (settled) undo();
  });
}
