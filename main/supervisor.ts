/**
 * Looks after the devices: each has a life of its own (`state-machines/device-life`), so that one that fails never stops another,
 * and a short history that staff and the log can read.
 */
import type { ActorRefFrom } from 'xstate';
import { createActor, waitFor } from 'xstate';
import type { Completion, Device, DeviceStatus } from '../devices/device.ts';
import type { DeviceHealth, DeviceLifeMachine, DeviceLifeTimes } from '../state-machines/device-life/machine.ts';
import { createDeviceLife, healthOf, usualTimes } from '../state-machines/device-life/machine.ts';
import type { Log } from './log.ts';

/** One change in a device's health. `reason` is the device's own keyword. */
export type HealthChange = { atMs: number; health: DeviceHealth; reason: string | null };

export type Supervised = {
  health(): DeviceHealth;
  /** The last changes, oldest first. */
  history(): readonly HealthChange[];
  /** Another try at once, for staff. */
  tryNow(): void;
};

export type Supervisor = {
  /** Brings all devices up; answers when each has said how it is, or after `withinMs`. The screen's own tell later: it starts after this. */
  start(withinMs: number): Promise<void>;
  device(id: string): Supervised | null;
  /** Health by device id. */
  states(): Record<string, string>;
  stop(): Promise<void>;
};

/** Changes kept for the health page. */
const historyLength = 50;
/** Longest time one rung of the ladder may take. */
const rungTimeoutMs = 15_000;

/** Makes a supervisor over devices that are closed; nothing happens before `start`. */
export function superviseDevices(
  devices: readonly Device[],
  parts: { log: Log; nowMs: () => number; times?: DeviceLifeTimes },
): Supervisor {
  const { log, nowMs, times = usualTimes } = parts;
  const lives = devices.map((device) => {
    const machine = createDeviceLife({
      isBusy: () => device.isBusy?.() === true,
      open: (signal) => device.open({ signal, timeoutMs: rungTimeoutMs }),
      reset: (signal) => device.reset({ signal, timeoutMs: rungTimeoutMs }),
      async reopen(signal): Promise<Completion<DeviceStatus>> {
        await device.close();
        return device.open({ signal, timeoutMs: rungTimeoutMs });
      },
    });
    const actor: ActorRefFrom<DeviceLifeMachine> = createActor(machine, { input: { times } });
    const history: HealthChange[] = [];
    const undos = [
      device.subscribe((event) => {
        if (event.type === 'status') actor.send({ type: 'status', status: event.status });
      }),
    ];
    const watching = actor.subscribe(({ value, context }) => {
      const health = healthOf(value);
      const reason = context.status?.reason ?? null;
      const last = history.at(-1);
      if (last?.health === health && last.reason === reason) return;
      history.push({ atMs: nowMs(), health, reason });
      if (history.length > historyLength) history.shift();
      const level = health === 'ready' || health === 'connecting' ? 'info' : 'warn';
      log[level]('device.health', { device: device.id, health, reason, model: device.capabilities.model });
    });
    undos.push(() => watching.unsubscribe());
    return { device, actor, history, undos };
  });

  return {
    async start(withinMs) {
      for (const { actor } of lives) actor.start();
      await Promise.all(
        lives
          .filter(({ device }) => device.capabilities.kind !== 'camera')
          .map(({ actor }) =>
            waitFor(actor, ({ value }) => healthOf(value) !== 'connecting', { timeout: withinMs }).catch(() => {
              // It has not said yet how it is; the kiosk goes on, and hears of it when it does.
            }),
          ),
      );
    },
    device(id) {
      const life = lives.find(({ device }) => device.id === id);
      if (life === undefined) return null;
      return {
        health: () => healthOf(life.actor.getSnapshot().value),
        history: () => life.history,
        tryNow: () => life.actor.send({ type: 'try' }),
      };
    },
    states: () =>
      Object.fromEntries(lives.map(({ device, actor }) => [device.id, healthOf(actor.getSnapshot().value)])),
    async stop() {
      for (const { actor, undos } of lives) {
        for (const undo of undos) undo();
        actor.stop();
      }
      await Promise.all(lives.map(({ device }) => device.close()));
    },
  };
}
