/**
 * The behaviour every adapter proves, whatever it drives.
 *
 * A test file of the adapter calls {@link proveDevice} with a rig: the real adapter on its real wire, and the hardware's
 * part played by a simulator or a scripted channel. What a rig cannot play is named with its reason and counted as skipped.
 *
 * ```ts
 * proveDevice('social security card reader over TCP', async () => {
 *   const slot = await CardSlot.listen();
 *   return { device: new SocialSecurityCardReader(…), command: (options) => device.readCard(options), unplug: …, … };
 * });
 * ```
 */
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import type { CommandOptions, Completion, Device, DeviceEvent, DeviceStatus } from './device.ts';

/** Why a rig does not play something, e.g. `{ notApplicable: 'a folder has no wire that could hang' }`. */
export type NotApplicable = { notApplicable: string };

type Play = (() => Promise<void>) | NotApplicable;

/** One device with hardware that can be played. Made anew for each test; the device comes closed. */
export type DeviceRig = {
  device: Device;
  /** The device's most ordinary command; with the hardware as the rig was made it succeeds. */
  command: ((options?: CommandOptions) => Promise<Completion<unknown>>) | NotApplicable;
  /** The hardware goes away: cable pulled, power off. Resolves once the wire is gone, not once the adapter noticed. */
  unplug: Play;
  /** The hardware comes back, in the state the rig was made in. */
  replug: Play;
  /** From now on the hardware takes bytes and answers nothing. */
  hang: Play;
  /** From now on the hardware answers nonsense. */
  garble: Play;
  /** From now on the hardware answers right, in single bytes and late. */
  slow: Play;
  /** The hardware behaves again. */
  mend: Play;
  /** Ends the hardware's part. The suite closes the device itself. */
  dispose(): Promise<void>;
};

/** How patient the suite is; a rig on a real daemon may need more than one on a pipe. */
export type DeviceSuiteOptions = {
  /** Longest wait for any state or completion, milliseconds. */
  patienceMs?: number;
  /** How often the leak test opens and closes. */
  opens?: number;
};

/** Declares the tests. `makeRig` is called before each of them. */
export function proveDevice(name: string, makeRig: () => Promise<DeviceRig>, options: DeviceSuiteOptions = {}): void {
  const { patienceMs = 4_000, opens = 100 } = options;
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

    /** The rig's part, or the test is skipped with the rig's reason. */
    function playable<T>(ctx: TestContext, part: T | NotApplicable): T {
      if (isNotApplicable(part)) ctx.skip(part.notApplicable);
      return part as T;
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

    it('completes a command given before it is open, or after it is closed, with deviceNotReady', async (ctx) => {
      const command = playable(ctx, rig.command);
      expect(await command({ timeoutMs: patienceMs })).toMatchObject({ ok: false, reason: 'deviceNotReady' });
      await openDevice();
      await rig.device.close();
      expect(await command({ timeoutMs: patienceMs })).toMatchObject({ ok: false, reason: 'deviceNotReady' });
    });

    it('carries out its ordinary command', async (ctx) => {
      const command = playable(ctx, rig.command);
      await openDevice();
      expect(await command({ timeoutMs: patienceMs })).toMatchObject({ ok: true });
    });

    it('carries out two commands given at once, one after the other', async (ctx) => {
      const command = playable(ctx, rig.command);
      await openDevice();
      const both = await Promise.all([command({ timeoutMs: patienceMs }), command({ timeoutMs: patienceMs })]);
      expect(both).toMatchObject([{ ok: true }, { ok: true }]);
    });

    it('completes a command whose signal was aborted before with cancelled', async (ctx) => {
      const command = playable(ctx, rig.command);
      await openDevice();
      const completion = await command({ signal: AbortSignal.abort(), timeoutMs: patienceMs });
      expect(completion).toMatchObject({ ok: false, reason: 'cancelled' });
      expect(await command({ timeoutMs: patienceMs })).toMatchObject({ ok: true });
    });

    it('completes a command that is cancelled under way with cancelled, and works again once mended', async (ctx) => {
      const command = playable(ctx, rig.command);
      const hang = playable(ctx, rig.hang);
      await openDevice();
      await hang();
      const controller = new AbortController();
      const pending = command({ signal: controller.signal, timeoutMs: patienceMs });
      controller.abort();
      expect(await pending).toMatchObject({ ok: false, reason: 'cancelled' });
      await worksAgain(command, playable(ctx, rig.mend));
    });

    it('completes a command the hardware never answers with timeout, in time, and works again once mended', async (ctx) => {
      const command = playable(ctx, rig.command);
      const hang = playable(ctx, rig.hang);
      await openDevice();
      await hang();
      const deadlineMs = Math.round(patienceMs / 8);
      const startedMs = performance.now();
      expect(await command({ timeoutMs: deadlineMs })).toMatchObject({ ok: false, reason: 'timeout' });
      expect(performance.now() - startedMs).toBeLessThan(deadlineMs + patienceMs / 2);
      await worksAgain(command, playable(ctx, rig.mend));
    });

    it('ends a command under way with cancelled when it is closed', async (ctx) => {
      const command = playable(ctx, rig.command);
      const hang = playable(ctx, rig.hang);
      await openDevice();
      await hang();
      const pending = command({ timeoutMs: patienceMs });
      await rig.device.close();
      expect(await pending).toMatchObject({ ok: false, reason: 'cancelled' });
    });

    it('completes a command with deviceNotReady when the hardware goes away under way', async (ctx) => {
      const command = playable(ctx, rig.command);
      const hang = playable(ctx, rig.hang);
      const unplug = playable(ctx, rig.unplug);
      await openDevice();
      await hang();
      const pending = command({ timeoutMs: patienceMs });
      await unplug();
      expect(await pending).toMatchObject({ ok: false, reason: 'deviceNotReady' });
    });

    it('is no longer online once unplugged, says why, and comes back by itself when replugged', async (ctx) => {
      const unplug = playable(ctx, rig.unplug);
      const replug = playable(ctx, rig.replug);
      await openDevice();
      await unplug();
      const gone = await waitForStatus(rig.device, (status) => status.device !== 'online', patienceMs);
      expect(gone.reason).toEqual(expect.any(String));
      await replug();
      await waitForStatus(rig.device, (status) => status.device === 'online', patienceMs);
      if (!isNotApplicable(rig.command)) {
        expect(await rig.command({ timeoutMs: patienceMs })).toMatchObject({ ok: true });
      }
    });

    it('opens with deviceNotReady when nothing is plugged in, and comes up by itself when it is', async (ctx) => {
      const unplug = playable(ctx, rig.unplug);
      const replug = playable(ctx, rig.replug);
      await unplug();
      expect(await rig.device.open({ timeoutMs: patienceMs })).toMatchObject({ ok: false, reason: 'deviceNotReady' });
      expect(rig.device.status().device).not.toBe('online');
      await replug();
      await waitForStatus(rig.device, (status) => status.device === 'online', patienceMs);
    });

    it('names an error when the hardware answers nonsense, and works again once it is mended', async (ctx) => {
      const command = playable(ctx, rig.command);
      const garble = playable(ctx, rig.garble);
      await openDevice();
      await garble();
      const completion = await command({ timeoutMs: commandDeadlineMs });
      if (!completion.ok) {
        expect(['invalidData', 'hardwareError', 'timeout', 'deviceNotReady']).toContain(completion.reason);
      }
      await worksAgain(command, playable(ctx, rig.mend));
    });

    it('carries out its command when the bytes come one by one and late', async (ctx) => {
      const command = playable(ctx, rig.command);
      const slow = playable(ctx, rig.slow);
      await openDevice();
      await slow();
      expect(await command({ timeoutMs: patienceMs })).toMatchObject({ ok: true });
    });

    it('is online after a reset', async (ctx) => {
      await openDevice();
      expect(await rig.device.reset({ timeoutMs: patienceMs })).toMatchObject({
        ok: true,
        value: { device: 'online' },
      });
      const command = playable(ctx, rig.command);
      expect(await command({ timeoutMs: patienceMs })).toMatchObject({ ok: true });
    });

    it(`leaves nothing open after ${opens} opens`, { timeout: patienceMs * 8 }, async () => {
      await openDevice();
      await rig.device.close();
      const before = process.getActiveResourcesInfo().length;
      for (let round = 0; round < opens; round += 1) {
        await openDevice();
        await rig.device.close();
      }
      // The other end of a closed socket is let go a turn or two later; a leak of one per open never settles.
      await expect
        .poll(() => process.getActiveResourcesInfo().length, { timeout: patienceMs })
        .toBeLessThan(before + 5);
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

function isNotApplicable(part: unknown): part is NotApplicable {
  return typeof part === 'object' && part !== null && 'notApplicable' in part;
}
