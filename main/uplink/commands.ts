import { compactVerify, importJWK } from 'jose';
import { z } from 'zod';
import {
  type Command,
  type CommandReport,
  commandReportSchema,
  commandSchema,
  commandType,
  type ReceivedCommand,
  receivedCommandSchema,
} from '../../state-machines/contract/central/commands.ts';
import type { PublicKey } from '../../state-machines/contract/central/envelope.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from './clock.ts';
import { withDeadline } from './deadline.ts';

/** What became of a command that was carried out; `detail` is for staff at the centre and holds no visitor's data. */
export type CarriedOut = { outcome: 'done' | 'failed' | 'refused'; detail: string };

/**
 * Does what a command says; `id` names it to the centre. Resolves when it is done, not when it was begun; what must wait for a visitor to go waits
 * in here, until `signal`: by then the centre is told that it failed, and nothing of it may come later.
 */
export type CarryOutCommand = (command: Command, id: string, signal: AbortSignal) => Promise<CarriedOut>;

/** The kiosk's side of commands from the centre. */
export type CommandKeeper = {
  /** Reports that go with the next heartbeat: each until a heartbeat with it was answered. */
  reports(): CommandReport[];
  /** The centre has heard these. */
  told(reports: readonly CommandReport[]): void;
  /** Carries out what an answer to a heartbeat brought, in order, once. Resolves when nothing of it is left to do; never rejects. */
  take(signed: readonly string[]): Promise<void>;
};

/** Why a command was not carried out at all: for the log. */
export type IgnoredCommand = 'forged' | 'malformed' | 'not-ours' | 'not-kept';

export type CommandOptions = {
  store: Pick<Store, 'readSetting' | 'writeSetting'>;
  /** The key pinned at enrolment, null before. */
  root: () => PublicKey | null;
  /** Who this kiosk is now, null before its enrolment. */
  self: () => { kiosk: string; epoch: number } | null;
  /** The centre's clock: a command's time is judged by it, whatever this machine's says. Epoch milliseconds. */
  centreNowMs: () => number;
  clock: Clock;
  carryOut: CarryOutCommand;
  onIgnored?: (why: IgnoredCommand) => void;
};

const settingName = 'commands';
/** Reports kept for the centre; more than travel at once. */
const mostReports = 50;

const keptSchema = z.object({
  /** The highest number that was begun: nothing up to it is done again. */
  last: z.number().int().nonnegative(),
  /** The one under way, written before it is done: after a crash it is not done twice, and not reported as done. */
  begun: z.object({ id: z.string(), kind: z.string() }).nullable(),
  reports: z.array(commandReportSchema),
});
type Kept = z.infer<typeof keptSchema>;

/**
 * Carries out commands from the centre once each: what is begun is written down durably first, so that a kiosk that dies over a command reports it as
 * failed instead of doing it again. A restart is reported as done by having died. A store that cannot be written does no commands.
 */
export function createCommands(options: CommandOptions): CommandKeeper {
  const { store, root, self, centreNowMs, clock, carryOut, onIgnored = () => {} } = options;
  let kept = load();
  let underWay: Promise<void> = Promise.resolve();

  function load(): Kept {
    const read = store.readSetting(settingName);
    const parsed = keptSchema.safeParse(read.ok ? read.value : null);
    const found: Kept = parsed.success ? parsed.data : { last: 0, begun: null, reports: [] };
    if (found.begun === null) return found;
    const { id, kind } = found.begun;
    const report: CommandReport =
      kind === 'restart'
        ? { id, outcome: 'done', detail: '', at: centreNowMs() }
        : { id, outcome: 'failed', detail: 'the kiosk ended meanwhile', at: centreNowMs() };
    return { ...found, begun: null, reports: [...found.reports, report] };
  }

  function keep(next: Kept): boolean {
    if (!store.writeSetting(settingName, { ...next, reports: next.reports.slice(-mostReports) }).ok) return false;
    kept = next;
    return true;
  }

  async function open(signed: string): Promise<ReceivedCommand | null> {
    const key = root();
    if (key === null) return null;
    try {
      const verified = await compactVerify(signed, await importJWK(key, 'ES256'), { algorithms: ['ES256'] });
      if (verified.protectedHeader.typ !== commandType) {
        onIgnored('forged');
        return null;
      }
      const claims = receivedCommandSchema.safeParse(JSON.parse(new TextDecoder().decode(verified.payload)));
      if (!claims.success) onIgnored('malformed');
      return claims.success ? claims.data : null;
    } catch {
      onIgnored('forged');
      return null;
    }
  }

  async function takeOne(claims: ReceivedCommand): Promise<void> {
    const { jti: id, number } = claims;
    const me = self();
    // Another kiosk's numbers are no measure of this one's.
    if (me === null || claims.kiosk !== me.kiosk) return onIgnored('not-ours');
    // Each heartbeat brings it until the centre has heard what became of it.
    if (kept.begun?.id === id || kept.reports.some((report) => report.id === id)) return;
    const judged = judge(claims, me.epoch);
    if (!('command' in judged)) {
      const last = Math.max(kept.last, number);
      keep({ ...kept, last, reports: [...kept.reports, { id, ...judged, at: centreNowMs() }] });
      return;
    }
    const { command } = judged;
    if (!keep({ ...kept, last: number, begun: { id, kind: command.kind } })) {
      onIgnored('not-kept');
      return;
    }
    const result = await settled(command, id);
    const report = { id, outcome: result.outcome, detail: result.detail.slice(0, 200), at: centreNowMs() };
    // If this cannot be written the next start reports it as failed, which staff look into.
    keep({ ...kept, begun: null, reports: [...kept.reports, report] });
  }

  async function settled(command: Command, id: string): Promise<CarriedOut> {
    const { signal, done } = withDeadline(clock, carryOutWithinMs);
    const late = new Promise<CarriedOut>((resolve) => {
      signal.addEventListener('abort', () => resolve({ outcome: 'failed', detail: 'not done in time' }), {
        once: true,
      });
    });
    try {
      return await Promise.race([late, carryOut(command, id, signal)]);
    } catch (cause) {
      return { outcome: 'failed', detail: cause instanceof Error ? cause.name : 'unknown' };
    } finally {
      done();
    }
  }

  /** What is to be done; else what the centre is told instead. */
  function judge(
    claims: ReceivedCommand,
    epoch: number,
  ): { command: Command } | Pick<CommandReport, 'outcome' | 'detail'> {
    if (claims.number <= kept.last) return { outcome: 'refused', detail: 'its number is not above the last one taken' };
    if (claims.epoch !== epoch) return { outcome: 'refused', detail: 'given in another epoch' };
    if (claims.expiresAt <= centreNowMs()) return { outcome: 'expired', detail: '' };
    const known = commandSchema.safeParse(claims.command);
    if (known.success) return { command: known.data };
    return { outcome: 'refused', detail: `not known here: ${claims.command.kind}`.slice(0, 200) };
  }

  async function takeAll(signed: readonly string[]): Promise<void> {
    const opened = await Promise.all(signed.map(open));
    const claims = opened.filter((each) => each !== null).sort((a, b) => a.number - b.number);
    for (const each of claims) await takeOne(each);
  }

  return {
    reports: () => kept.reports.slice(0, mostReports),
    told(reports) {
      const ids = new Set(reports.map(({ id }) => id));
      if (ids.size > 0) keep({ ...kept, reports: kept.reports.filter(({ id }) => !ids.has(id)) });
    },
    take(signed) {
      underWay = underWay.then(() => takeAll(signed));
      return underWay;
    },
  };
}

/** What it does of a command must not hold up the next one for ever; a visitor who is waited for is gone by then. */
export const carryOutWithinMs = 30 * 60_000;
