/**
 * Looks after the devices: each has a life of its own (`state-machines/device-life`), so that one that fails never stops another.
 * The log has every change, and why something that was done to a device did not help.
 */
import type { ActorRefFrom } from 'xstate';
import { createActor, waitFor } from 'xstate';
import type { Completion, Device, DeviceStatus } from '../devices/device.ts';
import type { DeviceLifeMachine } from '../state-machines/device-life/machine.ts';
import { createDeviceLife, healthOf, usualTimes } from '../state-machines/device-life/machine.ts';
import type { Log } from './log.ts';

type Supervisor = {
  /** Brings all devices up; answers when each has said how it is, or after `withinMs`. The screen's own tell later: it starts after this. */
  start(withinMs: number): Promise<void>;
  /** Health by device id. */
  states(): Record<string, string>;
  stop(): Promise<void>;
};

/** Longest time one rung of the ladder may take. */
const rungTimeoutMs = 15_000;

/** Makes a supervisor over devices that are closed; nothing happens before `start`. */
export function superviseDevices(devices: readonly Device[], log: Log): Supervisor {
  const lives = devices.map((device) => {
    let lastFailure = '';
    /** Why what was done to the device did not help, once: one that is away is tried again every few minutes. */
    const tell = (act: string, completion: Completion<DeviceStatus>): Completion<DeviceStatus> => {
      const failure = completion.ok ? '' : `${completion.reason}: ${completion.detail}`;
      if (failure !== '' && failure !== lastFailure) log.warn('device.not-up', { device: device.id, act, failure });
      lastFailure = failure;
      return completion;
    };
    const machine = createDeviceLife({
      isBusy: () => device.isBusy?.() === true,
      open: async (signal) => tell('open', await device.open({ signal, timeoutMs: rungTimeoutMs })),
      reset: async (signal) => tell('reset', await device.reset({ signal, timeoutMs: rungTimeoutMs })),
      async reopen(signal) {
        await device.close();
        return tell('reopen', await device.open({ signal, timeoutMs: rungTimeoutMs }));
      },
    });
    const actor: ActorRefFrom<DeviceLifeMachine> = createActor(machine, { input: { times: usualTimes } });
    let told: string | null = null;
    const undos = [
      device.subscribe((event) => {
        if (event.type === 'status') actor.send({ type: 'status', status: event.status });
      }),
    ];
    const watching = actor.subscribe(({ value, context }) => {
      const health = healthOf(value);
      const reason = context.status?.reason ?? null;
      if (told === `${health} ${reason}`) return;
      told = `${health} ${reason}`;
      const level = health === 'ready' || health === 'connecting' ? 'info' : 'warn';
      log[level]('device.health', { device: device.id, health, reason, model: device.capabilities.model });
    });
    undos.push(() => watching.unsubscribe());
    return { device, actor, undos };
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
