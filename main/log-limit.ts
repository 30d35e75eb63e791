/** Keeps what comes over and over, as noise on a wire or knocks of strangers do, from pushing everything else out of the log. */
import type { Log, LogEvent, LogFields, LogLevel } from './log.ts';
import type { Clock } from './uplink/clock.ts';

/** Lines of one kind that are written within {@link withinMs}. */
const mostLines = 5;
const withinMs = 60_000;

/**
 * Writes an event, unless five of its kind about the same thing came within the minute: those beyond are counted, and the minute ends with
 * one line that says how many `more` there were. `about` names the thing, e.g. a device's id, and stands among the fields of that line.
 */
type LimitedLog = (level: LogLevel, event: LogEvent, about: LogFields, fields?: LogFields) => void;

/** Waits that keep no process from ending. */
const ownClock: Pick<Clock, 'after'> = {
  after(ms, callback) {
    const timer = setTimeout(callback, ms).unref();
    return () => clearTimeout(timer);
  },
};

/** Makes a limit over a log; each has a count of its own. */
export function limitLog(log: Log, clock = ownClock): LimitedLog {
  const lines = new Map<string, number>();

  return (level, event, about, fields = {}) => {
    const kind = JSON.stringify([event, about]);
    const before = lines.get(kind) ?? 0;
    lines.set(kind, before + 1);
    if (before < mostLines) log[level](event, { ...about, ...fields });
    if (before > 0) return;
    clock.after(withinMs, () => {
      const more = (lines.get(kind) ?? 0) - mostLines;
      lines.delete(kind);
      if (more > 0) log[level](event, { ...about, more });
    });
  };
}
