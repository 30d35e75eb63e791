/**
 * What the kiosk must not lose: requests on their way to the centre, numbered papers, intents, the audit.
 *
 * ```ts
 * const keys = openKeyFile(join(data, 'sealing-key.json'), randomBytes);          // key-file.ts
 * const opened = openStore({ path: join(data, 'kiosk.db'), keys: keys.keys, nowMs: Date.now, random: randomBytes });
 * if (!opened.ok) return outOfService(opened.reason);
 * const { store } = opened;
 * const recovered = store.recover();                                               // once, before the first visitor
 *
 * const kept = store.submit({ order: person.idNumber, visit, trace, grant, parties, body });
 * // kept.ok: durable. Tell the visitor `received` with kept.number; sync.waitForSettlement(kept.id, …) may bring the answer.
 *
 * const issue = store.beginIssue({ visit, trace, grant, parties, paper });          // then the keyed call to the centre
 * store.settleIssue(issue.key, { kind: 'issued', number });                        // the ledger has it from here
 * store.stepPaper(issue.key, { kind: 'spool', sheets: 1, copies: 1 });              // before the spooler gets the job
 * store.stepPaper(issue.key, { kind: 'ended', how: 'completed' });                  // tells the centre through the outbox
 * ```
 *
 * Every call that changes something is one transaction and durable when it answers. Disk full, read-only and damaged files come back as
 * `{ ok: false, reason }` (problem.ts).
 */
import type { KeyObject } from 'node:crypto';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PaperRequest } from '../../state-machines/contract/central/certificates.ts';
import type { CardClaim } from '../../state-machines/contract/central/identity.ts';
import type { RequestAnswer, RequestBody, RequestResult } from '../../state-machines/contract/central/requests.ts';
import type { Parties } from '../../state-machines/contract/words/person.ts';
import type { Paper, PaperEvent } from '../../state-machines/print-ledger/paper.ts';
import { outcomeOf } from '../../state-machines/print-ledger/paper.ts';
import type { AuditCheck, AuditEntry } from './audit.ts';
import { AuditLog, checkAudit, checkAuditEnd } from './audit.ts';
import type { Backup } from './backup.ts';
import { backupFolderOf, isSound, listBackups } from './backup.ts';
import type { CheckBackup } from './backup-check.ts';
import type { WritableDatabase } from './database.ts';
import { openWritable } from './database.ts';
import type { JournalKind, OpenIntent } from './journal.ts';
import { beginIntent, openIntents, settleIntent } from './journal.ts';
import { latestIdMs, nameLost } from './lost.ts';
import { migrate } from './migrations/index.ts';
import type { LeasedRow, LeaseOrder, QueueFigures, Refusal, SetAsideRow, Settlement } from './outbox.ts';
import { Outbox } from './outbox.ts';
import type { LedgerPaper, PaperAuthority, PaperStepRow } from './papers.ts';
import { enterPaper, findPaper, findPaperOfNumber, movePaper, papersIn, stepsOf } from './papers.ts';
import type { StoreFailure } from './problem.ts';
import { guarded, guardedOpening } from './problem.ts';
import type { ResealAt } from './reseal.ts';
import { isAuditSealedWith, resealSome } from './reseal.ts';
import type { Retention, Wiped } from './retention.ts';
import { wipeSettled } from './retention.ts';
import type { SealingKeys } from './sealing.ts';
import { auditVault, fingerprintSecret } from './secrets.ts';
import { areSettingsReadable, readSetting, writeSetting } from './settings.ts';
import { StoreFile } from './store-file.ts';
import { referenceNumber, uuid7 } from './uuid.ts';
import type { Random } from './vault.ts';
import { pooled, Vault } from './vault.ts';

/**
 * `maxBytes` caps the file; reaching it is `disk-full`. `busyTimeoutMs`: how long to wait for another
 * program that holds the file before saying `locked`, two seconds if not given. `checkBackup` reads a backup through (backup-check.ts); in this process
 * if not given. `secure` is asked before every change, and what it gives is answered: the keys are to be on the disk before anything sealed with them is.
 */
export type StoreOptions = {
  path: string;
  keys: SealingKeys;
  nowMs: () => number;
  random: Random;
  maxBytes?: number;
  busyTimeoutMs?: number;
  checkBackup?: CheckBackup;
  secure?: () => StoreFailure | null;
};

/**
 * A request to be kept and delivered. `order`: the number of the person whose requests must keep their order, null where order does not
 * matter; it is stored as a keyed fingerprint. `id`: UUID version 7, made here if not given; a repeat of it is harmless.
 */
export type Submission = {
  id?: string;
  order: string | null;
  visit: string;
  trace: string;
  grant: string | null;
  /** With no grant: what the card in the slot said of its holder while the line was down. The centre reviews such requests. */
  card?: CardClaim | null;
  parties: Parties | null;
  body: RequestBody;
};

/** `number` is what the visitor is told, made of the id. `repeated`: this id was kept before, with the same body. */
export type Submitted =
  | { ok: true; id: string; number: string; repeated: boolean }
  | { ok: false; reason: 'key-reused' | 'too-large'; detail: string }
  | StoreFailure;

/** What is asked of the centre under a key, kept until it is known what became of it. */
export type IssueIntent = { paper: PaperRequest } & PaperAuthority;

/**
 * `refused`: the centre said no, so no number was used. `lost`: the centre cannot be asked, since what was asked cannot be read any more; there may
 * be a number, so the key is named to centre and staff (lost.ts).
 */
export type IssueOutcome =
  | { kind: 'issued'; number: string }
  | { kind: 'refused'; reason: string }
  | { kind: 'lost'; reason: string };

export type PaperStepped =
  | { ok: true; paper: Paper }
  | { ok: false; reason: 'unknown-paper' | 'not-now'; detail: string }
  | StoreFailure;

/**
 * What a batch's answer means for one row. `later`: the centre wants it again; `failed`: the row by itself brought no answer;
 * `undeliverable`: turned away unread.
 */
export type RowResult =
  | RequestResult
  | { id: string; state: 'failed'; afterMs: number }
  | { id: string; state: 'undeliverable'; detail: string };

/** What `recover` found after the last run ended, however it ended. */
export type Recovered = {
  ok: true;
  /** Rows that were on their way and wait again. */
  requeued: number;
  /**
   * Papers that came to rest now, with what the centre will be told of them. `number` is null where the row is damaged: then the centre is told
   * its id among what is lost.
   */
  papers: { id: string; number: string | null; outcome: 'void' | 'unknown' }[];
  /** Prints without a number and card commands that were under way. */
  interrupted: { key: string; kind: JournalKind }[];
  /** Issues whose answer never arrived: the sync asks again under the same keys (uplink/sync.ts). */
  openIssues: number;
};

type Done = { ok: true } | StoreFailure;

/** Opens the store, bringing its file to this kiosk's schema. A file from a newer kiosk is refused untouched. */
export function openStore(options: StoreOptions): { ok: true; store: Store } | StoreFailure {
  const ready = prepareFile(options.path);
  if (!ready.ok) return ready;
  return guardedOpening(() => {
    const database = openWritable(options.path, options);
    try {
      migrate(database);
      const random = pooled(options.random);
      const vault = new Vault(options.keys, random);
      const [secret, audits] = database.transaction(
        () => [fingerprintSecret(database, vault), auditVault(database, vault)] as const,
      );
      const parts = { database, vault, secret, auditLog: new AuditLog(database, audits) };
      return { ok: true, store: new Store(parts, { ...options, random }) };
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/** Makes the folder and the file for the kiosk's user only; SQLite gives WAL and index the file's own rights. */
function prepareFile(path: string): Done {
  return guarded(() => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
    return { ok: true as const };
  });
}

export class Store {
  private readonly path: string;
  private readonly file: StoreFile;
  private vault: Vault;
  private secret: KeyObject;
  private readonly nowMs: () => number;
  /** The clock requests bear the time of. */
  private requestNowMs: () => number;
  private readonly random: Random;
  private readonly checkBackup: CheckBackup;
  private outbox: Outbox;
  private auditLog: AuditLog;
  /** The latest instant that an id was of: the clock may have been set back since. */
  private latestIdMs: number;
  private readonly wakers = new Set<() => void>();

  constructor(
    {
      database,
      vault,
      secret,
      auditLog,
    }: { database: WritableDatabase; vault: Vault; secret: KeyObject; auditLog: AuditLog },
    options: StoreOptions,
  ) {
    const forget = () => {
      this.outbox.forget();
      this.auditLog.forget();
    };
    this.path = options.path;
    this.file = new StoreFile(database, { path: options.path, nowMs: options.nowMs, forget, secure: options.secure });
    this.vault = vault;
    this.secret = secret;
    this.nowMs = options.nowMs;
    this.requestNowMs = options.nowMs;
    this.random = options.random;
    this.checkBackup = options.checkBackup ?? ((path) => Promise.resolve({ ok: true, isSound: isSound(path) }));
    this.outbox = new Outbox(database, vault, secret);
    this.auditLog = auditLog;
    this.latestIdMs = latestIdMs(database);
  }

  // ---- Requests ---------------------------------------------------------------------------------------------------------

  /** Keeps a request: outbox and audit in one transaction, durable when this answers `ok`. */
  submit(submission: Submission): Submitted {
    const submitted = this.file.write<Submitted>(() => this.enqueue(submission));
    if (submitted.ok) this.wake();
    return submitted;
  }

  /**
   * Keeps several requests in one transaction, which costs hardly more than one: all of them are durable when this answers. One that is refused
   * says so in its place and keeps nobody else out; where the store fails, none is kept. No visitor makes several at once: it is what the bench
   * measures beside other queues (docs/decisions/7-store.md).
   */
  submitAll(submissions: readonly Submission[]): { ok: true; submitted: Submitted[] } | StoreFailure {
    const kept = this.file.write(() => ({
      ok: true as const,
      submitted: submissions.map((each) => this.enqueue(each)),
    }));
    if (kept.ok) this.wake();
    return kept;
  }

  /**
   * From now on requests bear the time of this clock (hall-clock.ts): the centre takes what was made while a grant lasted, by its own clock. Nothing
   * else of the store goes by it, since it jumps.
   */
  followClock(nowMs: () => number): void {
    this.requestNowMs = nowMs;
  }

  /** What became of a request; null where there is none with this id. */
  settlement(id: string): { ok: true; settlement: Settlement | null } | StoreFailure {
    return this.file.look(() => ({ ok: true as const, settlement: this.outbox.settlementOf(id) }));
  }

  /** Told whenever there may be something new to deliver. */
  onWork(listener: () => void): () => void {
    this.wakers.add(listener);
    return () => this.wakers.delete(listener);
  }

  // ---- Delivery (uplink/sync.ts) ----------------------------------------------------------------------------------------

  /** Takes rows that may go now, best first and at most one an order. They are the caller's until settled or put back. */
  lease(order: LeaseOrder): { ok: true; rows: LeasedRow[]; unreadable: string[] } | StoreFailure {
    const taken = this.file.write(() => {
      const leased = this.outbox.lease({ ...order, nowMs: this.nowMs() });
      for (const id of leased.unreadable) {
        nameLost(this.database, id, this.nowMs());
        this.audit({ event: 'request.unreadable', about: id, trace: '' });
      }
      return { ok: true as const, ...leased };
    });
    if (taken.ok) this.outbox.markLeased(taken.rows);
    return taken;
  }

  /** Records what became of leased rows, all in one transaction. */
  settle(results: readonly RowResult[]): Done {
    return this.change(() => {
      for (const result of results) this.settleRow(result);
    });
  }

  /** Gives leased rows back because the line or the disk failed: nothing is counted against them, and nothing is written. */
  putBack(ids: readonly string[]): void {
    this.outbox.putBack(ids);
  }

  /** How long until a row may go; null where none waits. */
  nextDueInMs(): { ok: true; dueInMs: number | null } | StoreFailure {
    return this.file.look(() => ({ ok: true as const, dueInMs: this.outbox.nextDueInMs(this.nowMs()) }));
  }

  figures(): { ok: true; queue: QueueFigures } | StoreFailure {
    return this.file.look(() => ({ ok: true as const, queue: this.outbox.figures(this.requestNowMs()) }));
  }

  /** When the newest backup was taken, by the kiosk's clock; null where there is none. Told of a closed store, too. */
  lastBackupAtMs(): number | null {
    return listBackups(backupFolderOf(this.path))[0]?.takenAtMs ?? null;
  }

  /** Rows the centre refused for good, for maintenance. */
  setAsideRows(): { ok: true; rows: SetAsideRow[] } | StoreFailure {
    return this.file.look(() => ({ ok: true as const, rows: this.outbox.setAsideRows() }));
  }

  /** Staff let a row that was set aside try again (`release`), or give it up so that later ones of its order go on (`drop`). */
  decideSetAside(id: string, decision: 'release' | 'drop', by: string): Done | { ok: false; reason: 'not-set-aside' } {
    const decided = this.file.write(() => {
      const changed = decision === 'release' ? this.outbox.release(id) : this.outbox.drop(id, this.nowMs());
      if (!changed) return { ok: false as const, reason: 'not-set-aside' as const };
      this.audit({ event: `request.${decision}`, about: id, trace: '', detail: { by } });
      return { ok: true as const };
    });
    if (decided.ok) this.wake();
    return decided;
  }

  // ---- Numbered papers --------------------------------------------------------------------------------------------------

  /** Journals that a paper is about to be issued. The key is the idempotency key of the call, and names the paper from then on. */
  beginIssue(intent: IssueIntent & { key?: string }): { ok: true; key: string } | StoreFailure {
    const { key = this.newId(), ...rest } = intent;
    return this.file.write(() => {
      beginIntent(this.database, this.vault, { key, kind: 'issue', nowMs: this.nowMs(), intent: rest });
      this.audit({
        event: 'certificate.asked',
        about: key,
        trace: intent.trace,
        fields: { layout: intent.paper.layout },
        detail: intent.parties,
      });
      return { ok: true as const, key };
    });
  }

  /** Records the centre's answer. With a number the paper is in the ledger; a repeat of the same answer is harmless. */
  settleIssue(key: string, outcome: IssueOutcome): Done | { ok: false; reason: 'unknown-issue' | 'number-used' } {
    return this.file.write(() => {
      const intent = openIntents<IssueIntent>(this.database, this.vault, 'issue').find((open) => open.key === key);
      if (!intent) {
        const known = findPaper(this.database, this.vault, key);
        const isRepeat = known?.number.ok && outcome.kind === 'issued' && known.number.value === outcome.number;
        return isRepeat ? { ok: true as const } : { ok: false as const, reason: 'unknown-issue' as const };
      }
      const authority: PaperAuthority = intent.intent?.ok
        ? intent.intent.value
        : { visit: key, trace: '', grant: null, parties: null };
      if (outcome.kind === 'issued') {
        const { visit, trace, grant, parties } = authority;
        const entered = enterPaper(this.database, this.vault, this.secret, {
          id: key,
          number: outcome.number,
          authority: { visit, trace, grant, parties },
          nowMs: this.nowMs(),
        });
        if (!entered) return { ok: false as const, reason: 'number-used' as const };
      }
      settleIntent(this.database, key, outcome.kind, this.nowMs());
      if (outcome.kind === 'lost') nameLost(this.database, key, this.nowMs());
      this.audit({
        event: `certificate.${outcome.kind}`,
        about: key,
        trace: authority.trace,
        fields: outcome.kind === 'issued' ? {} : { reason: outcome.reason },
      });
      return { ok: true as const };
    });
  }

  /** Issues whose answer never arrived. */
  openIssues(): { ok: true; issues: OpenIntent<IssueIntent>[] } | StoreFailure {
    return this.file.read(() => ({
      ok: true as const,
      issues: openIntents<IssueIntent>(this.database, this.vault, 'issue'),
    }));
  }

  /**
   * Takes a paper one step of its life further. When it comes to rest, what the centre is told of it goes into the outbox in the same
   * transaction, so that no number is ever unaccounted for.
   */
  stepPaper(id: string, event: PaperEvent): PaperStepped {
    const stepped = this.file.write<PaperStepped>(() => {
      const current = findPaper(this.database, this.vault, id);
      return current ? this.step(current, event) : { ok: false, reason: 'unknown-paper', detail: id };
    });
    if (stepped.ok) this.wake();
    return stepped;
  }

  paper(id: string): { ok: true; paper: LedgerPaper | null; steps: PaperStepRow[] } | StoreFailure {
    return this.file.read(() => ({
      ok: true as const,
      paper: findPaper(this.database, this.vault, id),
      steps: stepsOf(this.database, id),
    }));
  }

  /** Papers staff have to look for: nobody knows whether they came out. */
  unknownPapers(): { ok: true; papers: LedgerPaper[] } | StoreFailure {
    return this.file.read(() => ({ ok: true as const, papers: papersIn(this.database, this.vault, ['unknown']) }));
  }

  /**
   * Staff looked for a paper of which nobody knew whether it came out: what they found goes to the centre after what it was told before. `copies` is how many
   * came out whole, 0 where none did. Once: a repeat is `not-now`.
   */
  foundPaper(number: string, copies: number, by: string): PaperStepped {
    const found = this.file.write<PaperStepped>(() => {
      const current = findPaperOfNumber(this.database, this.vault, this.secret, number);
      if (!current) return { ok: false, reason: 'unknown-paper', detail: 'no paper of this number' };
      const event = { kind: 'found', reason: 'staff-looked' } as const;
      const stepped = this.step(
        current,
        copies > 0 ? { ...event, outcome: 'printed', copies } : { ...event, outcome: 'void' },
      );
      if (stepped.ok) this.audit({ event: 'paper.found', about: current.id, trace: '', detail: { by } });
      return stepped;
    });
    if (found.ok) this.wake();
    return found;
  }

  // ---- Other intents ----------------------------------------------------------------------------------------------------

  /** Journals a print without a number, or a card command, before it is done. */
  beginIntent(kind: 'print' | 'card', intent: unknown): { ok: true; key: string } | StoreFailure {
    const key = this.newId();
    return this.file.write(() => {
      beginIntent(this.database, this.vault, { key, kind, nowMs: this.nowMs(), intent });
      return { ok: true as const, key };
    });
  }

  settleIntent(key: string, outcome: string): Done {
    return this.change(() => settleIntent(this.database, key, outcome, this.nowMs()));
  }

  // ---- Audit and settings -----------------------------------------------------------------------------------------------

  appendAudit(entry: AuditEntry): Done {
    return this.change(() => this.audit(entry));
  }

  /** Walks the whole audit: for whoever inspects a kiosk or judges a chaos run. A start checks its end only ({@link checkFile}). */
  checkAudit(): AuditCheck | StoreFailure {
    return this.file.read<AuditCheck | StoreFailure>(() => checkAudit(this.database));
  }

  /** What was kept under a name, null where nothing was; the reader checks it by its own schema. */
  readSetting(name: string): { ok: true; value: unknown } | StoreFailure {
    return this.file.read(() => ({ ok: true as const, value: readSetting(this.database, name) }));
  }

  /** Keeps a value under a name, whole or not at all. Never anything personal: settings are in clear. */
  writeSetting(name: string, value: unknown): Done {
    return this.change(() => writeSetting(this.database, name, value, this.nowMs()));
  }

  // ---- Life -------------------------------------------------------------------------------------------------------------

  /**
   * Makes sense of what the last run left: rows under way wait again; papers under way come to rest as void (certainly not printed) or
   * unknown, and the centre is told; other intents are closed as interrupted. Once, at start, before anything else is done.
   */
  recover(): Recovered | StoreFailure {
    return this.file.write((): Recovered => {
      const requeued = this.outbox.putAllBack();
      const papers: Recovered['papers'] = [];
      for (const left of papersIn(this.database, this.vault, ['issued', 'spooled', 'printing'])) {
        const stepped = this.step(left, { kind: 'interrupted' });
        if (!stepped.ok) throw new Error(`a paper that is ${left.paper.state} can be interrupted`);
        const outcome = stepped.paper.state === 'void' ? 'void' : 'unknown';
        papers.push({ id: left.id, number: left.number.ok ? left.number.value : null, outcome });
      }
      const interrupted = (['print', 'card'] as const).flatMap((kind) =>
        openIntents(this.database, this.vault, kind).map(({ key }) => ({ key, kind })),
      );
      for (const { key } of interrupted) settleIntent(this.database, key, 'interrupted', this.nowMs());
      const openIssues = openIntents(this.database, this.vault, 'issue').length;
      this.audit({
        event: 'kiosk.started',
        about: 'kiosk',
        trace: '',
        fields: { requeued, papers: papers.length, interrupted: interrupted.length, openIssues },
      });
      return { ok: true, requeued, papers, interrupted, openIssues };
    });
  }

  /**
   * Wipes what is personal in what was settled long ago. Afterwards it is nowhere in database and log: what is deleted is overwritten, and the log
   * is emptied. `isLogEmpty` is false where somebody who reads the file was in the way; then it is at the next time.
   */
  wipe(retention: Retention): { ok: true; wiped: Wiped; isLogEmpty: boolean } | StoreFailure {
    const nowMs = this.nowMs();
    const wiped = this.file.write(() => {
      const settled = wipeSettled(this.database, this.vault, {
        settledBeforeMs: nowMs - retention.settledMs,
        nowMs,
      });
      const auditDetails = this.auditLog.wipeDetails({ beforeMs: nowMs - retention.auditMs, nowMs });
      const done: Wiped = { ...settled, auditDetails };
      if (Object.values(done).some((count) => count > 0)) {
        this.audit({ event: 'kiosk.wiped', about: 'kiosk', trace: '', fields: done });
      }
      return { ok: true as const, wiped: done };
    });
    if (!wiped.ok) return wiped;
    return this.file.read(() => ({ ...wiped, isLogEmpty: this.database.checkpoint('TRUNCATE') }));
  }

  /**
   * Whether the file still is what was written: every page is read once (some 10 ms for 10 MB), every open request opens, the audit's last entries
   * hold together, and what they say was kept is there. `corrupt` where not.
   */
  checkFile(): Done {
    return this.file.look(() => {
      const damage = (detail: string): StoreFailure => ({ ok: false, reason: 'corrupt', detail });
      if (this.database.pragma('quick_check(1)') !== 'ok') return damage('a page does not hold');
      if (!areSettingsReadable(this.database)) return damage('a setting is garbled');
      if (!this.outbox.isReadable()) return damage('an open request does not open');
      const ends = checkAuditEnd(this.database, checkedEntries);
      if (!ends.ok) return damage(`the audit does not hold at ${ends.seq}`);
      const missing = ends.kept.find((id) => this.outbox.settlementOf(id) === null);
      return missing === undefined ? { ok: true as const } : damage('a request that was kept is not there');
    });
  }

  /** Takes a backup while the kiosk works and reads it through (backup.ts). */
  backUp({ keep }: { keep: number }): Promise<{ ok: true; backup: Backup } | StoreFailure> {
    return this.file.backUp({ keep, check: this.checkBackup });
  }

  /**
   * Seals some values anew that an earlier key sealed (reseal.ts), in one transaction: called while nobody waits, from {@link resealStart} until it
   * gives null.
   */
  reseal(from: ResealAt, most: number): { ok: true; next: ResealAt | null } | StoreFailure {
    return this.file.write(() => ({ ok: true as const, next: resealSome(this.database, this.vault, from, most) }));
  }

  /** Whether these keys still seal something that cannot be sealed anew: then they are kept until it is wiped. */
  needsKeys(keys: readonly Uint8Array[]): { ok: true; isNeeded: boolean } | StoreFailure {
    return this.file.read(() => ({ ok: true as const, isNeeded: isAuditSealedWith(this.database, keys) }));
  }

  /** Empties the log into the database: what was overwritten is in neither. False where somebody who reads was in the way. */
  emptyLog(): { ok: true; isEmpty: boolean } | StoreFailure {
    return this.file.read(() => ({ ok: true as const, isEmpty: this.database.checkpoint('TRUNCATE') }));
  }

  /** Moves the log into the database, so that no visitor's request has to: called while nobody waits. */
  checkpoint(): Done {
    return this.file.read(() => {
      this.database.checkpoint('PASSIVE');
      return { ok: true as const };
    });
  }

  /**
   * Closes a file that was taken away or is damaged, so that another can be opened in its place (`reopenStore`, rebuild.ts). Until {@link adopt}
   * every call fails. What is in an open file that nobody will find again is copied first; where that fails it stays open, and it is tried again at
   * the next call. `locked` while a backup is being taken.
   */
  letGo(): Done {
    return this.file.letGo();
  }

  /** Goes on with a file that was opened anew under the same path; `fresh` is this store from then on. After {@link letGo}. */
  adopt(fresh: Store): void {
    this.file.adopt(fresh.file);
    this.vault = fresh.vault;
    this.secret = fresh.secret;
    this.outbox = fresh.outbox;
    this.auditLog = fresh.auditLog;
    this.latestIdMs = Math.max(this.latestIdMs, fresh.latestIdMs);
    this.wake();
  }

  close(): void {
    this.wakers.clear();
    this.file.close();
  }

  /** A new id for a request, visit or key. Ids never go backwards: what is lost is named by ranges of them, also where the clock was set back. */
  newId(): string {
    this.latestIdMs = Math.max(this.latestIdMs, Math.floor(this.nowMs()));
    return uuid7(this.latestIdMs, this.random);
  }

  /** The instant that the latest id is of; no later one was made. */
  get idsUpToMs(): number {
    return this.latestIdMs;
  }

  // ---- Parts of transactions --------------------------------------------------------------------------------------------

  private enqueue(submission: Submission): Submitted {
    const { order, visit, trace, grant, parties, body } = submission;
    const id = submission.id ?? this.newId();
    const madeAtMs = this.requestNowMs();
    const entry = { id, order, visit, trace, grant, card: submission.card ?? null, body, madeAtMs };
    const queued = this.outbox.enqueue(entry, submission.id === undefined);
    if (!queued.ok) return { ok: false, reason: queued.reason, detail: id };
    if (!queued.repeated) {
      this.audit({
        event: 'request.kept',
        about: id,
        trace,
        fields: { kind: body.kind, ...('item' in body ? { item: body.item, itemVersion: body.itemVersion } : {}) },
        ...(parties ? { detail: parties } : {}),
      });
    }
    return { ok: true, id, number: referenceNumber(id), repeated: queued.repeated };
  }

  private settleRow(result: RowResult): void {
    const nowMs = this.nowMs();
    switch (result.state) {
      case 'done':
        if (this.outbox.finish(result.id, result.answer, nowMs)) {
          this.audit({ event: 'request.done', about: result.id, trace: '', fields: answered(result.answer) });
        }
        break;
      case 'refused':
      case 'undeliverable': {
        const code = result.state === 'refused' ? result.code : result.state;
        const refusal: Refusal = { code, detail: result.detail };
        if (this.outbox.setAside(result.id, refusal)) {
          this.audit({ event: 'request.set-aside', about: result.id, trace: '', fields: { code } });
        }
        break;
      }
      case 'later':
        this.outbox.putOff(result.id, { nowMs, afterMs: result.afterMs, ownFault: false });
        break;
      case 'failed':
        this.outbox.putOff(result.id, { nowMs, afterMs: result.afterMs, ownFault: true });
        break;
    }
  }

  private step(current: LedgerPaper, event: PaperEvent): PaperStepped {
    const moved = movePaper(this.database, current, event, this.nowMs());
    if (!moved.ok) return { ok: false, reason: 'not-now', detail: `${event.kind} while ${current.paper.state}` };
    const { paper } = moved;
    const { visit, trace, grant } = current.authority.ok
      ? current.authority.value
      : { visit: current.id, trace: '', grant: null };
    this.audit({
      event: `paper.${paper.state}`,
      about: current.id,
      trace,
      fields: { step: event.kind, sheets: paper.sheets, copies: paper.copies, reason: paper.reason },
    });
    const outcome = outcomeOf(paper);
    if (outcome && !current.number.ok) {
      // The row is damaged. The centre still knows the number by the key it was issued with, which is the paper's id.
      nameLost(this.database, current.id, this.nowMs());
      this.audit({ event: 'paper.unreadable', about: current.id, trace, fields: { reason: current.number.reason } });
    } else if (outcome && current.number.ok) {
      const number = current.number.value;
      const told = this.enqueue({
        order: `paper ${number}`,
        visit,
        trace,
        grant,
        parties: null,
        // The contract's longest reason.
        body: { kind: 'print-outcome', number, ...outcome, reason: outcome.reason?.slice(0, 60) ?? null },
      });
      if (!told.ok) throw new Error(`an outcome cannot be refused: ${told.reason}`);
    }
    return { ok: true, paper };
  }

  private audit(entry: AuditEntry): void {
    this.auditLog.append(this.nowMs(), entry);
  }

  private change(work: () => unknown): Done {
    return this.file.write(() => {
      work();
      return { ok: true as const };
    });
  }

  private get database(): WritableDatabase {
    return this.file.database;
  }

  private wake(): void {
    for (const waker of [...this.wakers]) waker();
  }
}

/** How many of the audit's last entries are checked at each start. */
const checkedEntries = 5_000;

/** What of an answer may stand in the audit: its kind and state, never a number or a reason. */
function answered(answer: RequestAnswer): Record<string, string> {
  return 'state' in answer ? { kind: answer.kind, state: answer.state } : { kind: answer.kind };
}
