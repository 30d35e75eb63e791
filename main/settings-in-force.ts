import type { AttendanceTimes } from '../state-machines/session/attendance.ts';
import type { Config } from './config.ts';
import type { CatalogueCopy } from './uplink/catalogue.ts';

/** What the centre may set over this terminal's own configuration. Asked for when it is used: what comes down holds from then on, without a restart. */
export type SettingsInForce = {
  hotline(): string;
  /** Each visit has those of its beginning. */
  times(): AttendanceTimes;
};

/** The centre's settings where it has set one, the terminal's own where it has not. */
export function settingsInForce(
  config: Pick<Config, 'hotline' | 'times'>,
  catalogue: Pick<CatalogueCopy, 'settings'>,
): SettingsInForce {
  return {
    hotline: () => catalogue.settings().hotline ?? config.hotline,
    times() {
      const { 'times.idleMs': idleMs, 'times.warningMs': warningMs } = catalogue.settings();
      return { idleMs: idleMs ?? config.times.idleMs, warningMs: warningMs ?? config.times.warningMs };
    },
  };
}
