/** What the centre may have this kiosk do, done: see `state-machines/contract/central/commands.ts`. */
import type { Log } from './log.ts';
import type { LogFile } from './log-file.ts';
import type { Store } from './store/store.ts';
import type { CarriedOut, CarryOutCommand } from './uplink/commands.ts';

export type CarryOutParts = {
  store: Pick<Store, 'readSetting' | 'writeSetting' | 'decideSetAside' | 'foundPaper'>;
  /** Whether no visitor is at the kiosk any more; false where one still was at `signal`. */
  untilFree: (signal: AbortSignal) => Promise<boolean>;
  /** Has the machine look at once whether it may serve: the centre has closed it for this reason, or opened it again. */
  lookAgain: (closedBecause: string | null) => void;
  /** Fetches the catalogue and what comes with it. */
  refresh: (signal: AbortSignal) => Promise<{ ok: boolean; reason?: string }>;
  logFile: Pick<LogFile, 'read'>;
  /** Takes a part of the log to the centre. */
  deliver: (
    part: { command: string; part: number; isLast: boolean; text: string },
    signal: AbortSignal,
  ) => Promise<{ ok: boolean }>;
  /** Ends this process in order, for whoever watches it to start it again. Null where nobody does. */
  restart: (() => void) | null;
  log: Log;
};

type CentreOrders = {
  carryOut: CarryOutCommand;
  /** Why the centre has closed this kiosk, null while it has not. Kept over a restart. */
  closedBecause(): string | null;
};

const settingName = 'closed-by-centre';
/** Characters of log that travel at once: three bytes each at most would still be far below the contract's limit. */
const partLength = 128 * 1024;
/** Characters of log that one command brings: some 200 parts, and the contract counts to 999. More is not read anyway. */
const mostLength = 200 * partLength;

/** Makes the hands of `createCommands`. */
export function createCentreOrders(parts: CarryOutParts): CentreOrders {
  const { store, untilFree, lookAgain, refresh, logFile, deliver, restart, log } = parts;

  function closedBecause(): string | null {
    const read = store.readSetting(settingName);
    const value: unknown = read.ok ? read.value : null;
    return typeof value === 'object' && value !== null && 'because' in value && typeof value.because === 'string'
      ? value.because
      : null;
  }

  function close(because: string | null): CarriedOut {
    const written = store.writeSetting(settingName, because === null ? null : { because });
    if (!written.ok) return { outcome: 'failed', detail: written.reason };
    lookAgain(because);
    return { outcome: 'done', detail: '' };
  }

  /** Delivers the log of a time in whole lines. Where it is too long its end is what matters: what led there was written last. */
  async function collect(command: string, from: number, to: number, signal: AbortSignal): Promise<CarriedOut> {
    let tooLong = -mostLength;
    for await (const line of logFile.read(from, to)) tooLong += line.length;
    let text = '';
    let part = 0;
    let leftOut = 0;
    for await (const line of logFile.read(from, to)) {
      if (tooLong > 0) {
        tooLong -= line.length;
        leftOut += 1;
        continue;
      }
      if (text.length > 0 && text.length + line.length > partLength) {
        if (!(await deliver({ command, part, isLast: false, text }, signal)).ok) return notTaken(part);
        part += 1;
        text = '';
      }
      text += line;
    }
    // Nothing is one empty part, so that the centre hears the end of it.
    if (!(await deliver({ command, part, isLast: true, text }, signal)).ok) return notTaken(part);
    return { outcome: 'done', detail: leftOut === 0 ? '' : `too long: ${leftOut} older lines were left out` };
  }

  function release(id: string, decision: 'release' | 'drop', by: string): CarriedOut {
    const decided = store.decideSetAside(id, decision, by);
    if (decided.ok) return { outcome: 'done', detail: '' };
    return decided.reason === 'not-set-aside'
      ? { outcome: 'refused', detail: 'no such request is set aside here' }
      : { outcome: 'failed', detail: decided.reason };
  }

  function found(number: string, copies: number, by: string): CarriedOut {
    const stepped = store.foundPaper(number, copies, by);
    if (stepped.ok) return { outcome: 'done', detail: '' };
    switch (stepped.reason) {
      case 'unknown-paper':
        return { outcome: 'refused', detail: 'this kiosk has no paper of that number' };
      case 'not-now':
        return { outcome: 'refused', detail: 'what became of it is known already' };
      default:
        return { outcome: 'failed', detail: stepped.reason };
    }
  }

  return {
    closedBecause,
    async carryOut(command, id, signal) {
      log.info('command.begun', { command: command.kind, id });
      const done = await (async (): Promise<CarriedOut> => {
        switch (command.kind) {
          case 'out-of-service':
            return close(command.because);
          case 'back-in-service':
            return close(null);
          case 'refresh': {
            const fetched = await refresh(signal);
            return fetched.ok
              ? { outcome: 'done', detail: '' }
              : { outcome: 'failed', detail: fetched.reason ?? 'not fetched' };
          }
          case 'collect-logs':
            return collect(id, command.from, command.to, signal);
          case 'release-request':
            return release(command.id, command.decision, `command ${id}`);
          case 'found-paper':
            return found(command.number, command.copies, `command ${id}`);
          case 'restart':
            if (restart === null) return { outcome: 'refused', detail: 'nobody would start this kiosk again' };
            if (!(await untilFree(signal))) return { outcome: 'failed', detail: 'a visitor stayed' };
            restart();
            return { outcome: 'done', detail: '' };
        }
      })();
      log.info('command.ended', { command: command.kind, id, outcome: done.outcome });
      return done;
    },
  };
}

function notTaken(part: number): CarriedOut {
  return { outcome: 'failed', detail: `part ${part + 1} was not taken` };
}
