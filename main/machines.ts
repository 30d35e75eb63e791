/** The machines of this terminal, and what they are seen by: the screen, the light above it, the gate for cards. */
import { type ActorRefFrom, createActor } from 'xstate';
import type { Effects } from '../state-machines/effects.ts';
import { createKiosk, type KioskMachine } from '../state-machines/kiosk/machine.ts';
import type { Shown } from '../state-machines/kiosk/project.ts';
import { projectKiosk } from '../state-machines/kiosk/project.ts';
import { services } from '../state-machines/services/index.ts';
import type { Config } from './config.ts';
import type { Terminal } from './devices.ts';
import type { Printing } from './effects/printing.ts';
import type { Endings } from './endings.ts';
import type { ScreenKiosk } from './hosts/screen-host.ts';
import { createStateShow } from './kiosk-state.ts';
import type { Log } from './log.ts';
import { clockTickMs, createScreen } from './screen.ts';
import type { SettingsInForce } from './settings-in-force.ts';

/** Makes them; nothing happens before the kiosk is started. Any change anywhere may change the view: views are told once a turn of the loop. */
export function createMachines(parts: {
  config: Config;
  settings: SettingsInForce;
  effects: Effects;
  terminal: Terminal;
  pages: Printing['pages'];
  endings: Endings;
  log: Log;
}): { kiosk: ActorRefFrom<KioskMachine>; screen: ScreenKiosk } {
  const { config, settings, effects, terminal, pages, endings, log } = parts;
  const { hall, terminal: name } = config;
  let isRefreshDue = false;
  const showState = createStateShow(terminal);
  const kiosk = createActor(createKiosk(effects, { services, times: settings.times }), {
    inspect: (event) => {
      if (event.type !== '@xstate.snapshot' || isRefreshDue) return;
      isRefreshDue = true;
      queueMicrotask(() => {
        isRefreshDue = false;
        screen.refresh();
        showState(kiosk);
      });
    },
  });
  const project = (): Shown =>
    projectKiosk(
      kiosk.getSnapshot(),
      { hall, terminal: name, hotline: settings.hotline() },
      { nowMs: Math.floor(effects.nowMs() / clockTickMs) * clockTickMs, today: effects.today() },
      { services, switchedOff: effects.switchedOff() },
    );
  const screen = createScreen({
    kiosk,
    pages,
    scanned: (code) => terminal.scanner?.receiveCode(code) ?? false,
    cameraTold: (state) => terminal.camera?.receiveReport(state) ?? false,
    log,
    project: () => withCamera(config.devices, project()),
  });
  const clock = setInterval(screen.refresh, clockTickMs);
  endings.add('machines', () => {
    clearInterval(clock);
    kiosk.stop();
  });
  return { kiosk, screen };
}

/** The view with the camera its screen is to watch over, which is the screen's own device. */
function withCamera(devices: Config['devices'], shown: Shown): Shown {
  const camera = devices.find((device) => device.kind === 'camera');
  if (camera === undefined) return shown;
  const { label, deviceId } = camera.wire;
  const wish = { ...(label === undefined ? {} : { label }), ...(deviceId === undefined ? {} : { deviceId }) };
  return { ...shown, header: { ...shown.header, camera: wish } };
}
