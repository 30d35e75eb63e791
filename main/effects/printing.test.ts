/** Numbered papers from the centre's answer to an end that is told: real store, real printer over a folder, a centre on a socket. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FolderPrinterState } from '../../devices/channels/spooler-folder.ts';
import { FolderPrinterControl, FolderSpooler } from '../../devices/channels/spooler-folder.ts';
import { DocumentPrinter } from '../../devices/document-printer/adapter.ts';
import type { AdmittedIssuers } from '../../state-machines/certificates/issuers.ts';
import { encodeQr } from '../../state-machines/certificates/qr.ts';
import { sealRecord } from '../../state-machines/certificates/sealed-record.ts';
import type { PrintOrder, PrintProgress, PrintResult } from '../../state-machines/effects.ts';
import { readLayoutDigests } from '../certificates/layouts.ts';
import { createSigner, sha256 } from '../certificates/node-crypto.ts';
import type { PaperRenderer, RenderChildPort } from '../certificates/paper-renderer.ts';
import { createPaperRenderer } from '../certificates/paper-renderer.ts';
import type { RenderAnswer, RenderRequest } from '../certificates/render-messages.ts';
import { sampleProof } from '../certificates/sample-records.ts';
import type { Store } from '../store/store.ts';
import { uuid7 } from '../store/uuid.ts';
import type { Reply } from '../uplink/test/scripted-centre.ts';
import { problem } from '../uplink/test/scripted-centre.ts';
import type { PaperEffects } from './papers.ts';
import { createPaperEffects } from './papers.ts';
import type { CalledCentre } from './test/called-centre.ts';
import { login, openCentre, openStoreIn, patient, visit } from './test/called-centre.ts';

const { signer, publicKey } = createSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const stranger = createSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const layouts = readLayoutDigests();
const issueAt = '/v2/certificates';
const order = { kind: 'certificate', paper: { layout: 'proof-of-insurance' }, copies: 1 } as const satisfies PrintOrder;
const attentionMs = 150;

type Issued = { number: string; code: string; sealed: string; qr: string };

async function issuedBy(number: string, by: typeof signer): Promise<Issued> {
  const record = { ...sampleProof, number, layoutDigest: layouts['proof-of-insurance'] };
  const sealed = await sealRecord(record, by);
  return {
    number,
    code: record.code,
    sealed: Buffer.from(sealed).toString('base64url'),
    qr: await encodeQr(record, by, sha256),
  };
}

/** Papers the centre gives out, one after the other. */
let supply: Issued[];
let strange: Issued;

beforeAll(async () => {
  supply = await Promise.all(['YC202611240001', 'YC202611240002', 'YC202611240003'].map((at) => issuedBy(at, signer)));
  strange = await issuedBy('YC202611240001', stranger.signer);
});

let called: CalledCentre;
let store: Store;
let printer: DocumentPrinter;
let renderer: PaperRenderer;
let papers: PaperEffects;
let control: FolderPrinterControl;
let tray: string;
/** What the rendering child does with the next papers. */
let lay: (request: Extract<RenderRequest, { id: number }>) => RenderAnswer & { kind: 'rendered' };
/** Keys of issues whose answer never came. */
let settledLater: string[];
/** Numbers the centre gave, by the key they were asked with. */
let given: Map<string, string>;

beforeEach(async () => {
  called = await openCentre();
  given = new Map();
  called.centre.on(issueAt, ({ headers }) => give(String(headers['idempotency-key'])));
  store = openStoreIn(called);
  tray = join(called.folder, 'tray');
  mkdirSync(tray);
  control = new FolderPrinterControl(tray);
  control.change({ sheetMs: 0 });
  printer = new DocumentPrinter({
    id: 'p',
    spooler: new FolderSpooler(tray),
    pollMs: 2,
    watchMs: 60_000,
    confirmMs: 400,
  });
  await printer.open();
  lay = laidOut;
  renderer = createPaperRenderer({ startChild: () => playedChild(), fonts: [] });
  settledLater = [];
  papers = openPapers();
});

afterEach(async () => {
  control.change({ faults: [], answers: 'ok', lies: null });
  await papers.idle();
  await printer.close();
  await renderer.close();
  store.close();
  await called.close();
});

function openPapers(issuers: AdmittedIssuers = issuersOf()): PaperEffects {
  return createPaperEffects({
    client: called.client,
    store,
    renderer,
    printer,
    layouts,
    issuers: () => issuers,
    today: () => '2026-11-24',
    nowMs: () => called.clock.nowMs(),
    newId: () => uuid7(called.clock.nowMs(), randomBytes),
    attentionMs,
    centre: () => ({ name: '云川市社会保险服务大厅', address: '云川市东湖区人民路99号', phone: '12333' }),
    settleIssueLater: (key) => settledLater.push(key),
    log: called.log,
  });
}

function issuersOf(): AdmittedIssuers {
  const issuer = { ...sampleProof.issuer, kid: signer.kid, jwk: publicKey, from: '2026-01-01', until: '2028-12-31' };
  return { version: 1, serial: 1, publishedOn: '2026-01-01', issuers: [issuer] };
}

/** The centre as it should be: a key asked for again gets the same paper. */
function give(key: string): Reply {
  const number = given.get(key) ?? supply[given.size]?.number;
  const issued = supply.find((candidate) => candidate.number === number);
  if (issued === undefined) throw new Error('the centre has run out of papers');
  given.set(key, issued.number);
  return { json: issued };
}

/** The child, at its port: a PDF here is the text of what would be on it. */
function laidOut(request: Extract<RenderRequest, { id: number }>): RenderAnswer & { kind: 'rendered' } {
  const { id, kind, inputs } = request;
  const result =
    kind === 'pdf'
      ? { ok: true as const, pdf: Buffer.from(`%PDF-1.7\n${inputs.paper}`), pages: 1 }
      : {
          ok: true as const,
          pages: [`<svg>${inputs.paper}</svg>`],
          spots: [
            { id: 'person', page: 1, topMm: 29.7 },
            { id: 'somewhere-else', page: 1, topMm: 50 },
            { id: 'months', page: 2, topMm: 10 },
          ],
          widthMm: 210,
          heightMm: 297,
        };
  return { kind: 'rendered', id, rssMb: 1, result };
}

function playedChild(): RenderChildPort {
  let tell: (answer: RenderAnswer) => void = () => {};
  let goAway = (): void => {};
  return {
    pid: 1,
    post(request) {
      queueMicrotask(() => tell(request.kind === 'start' ? { kind: 'ready', rssMb: 1, warmUpMs: 1 } : lay(request)));
    },
    onAnswer: (listener) => {
      tell = listener;
    },
    onExit: (listener) => {
      goAway = listener;
    },
    kill: () => goAway(),
  };
}

type Printed = { result: PrintResult; told: PrintProgress[] };

/** Prints to the end. */
async function print(wanted: Parameters<typeof papers.print>[2] = order): Promise<Printed> {
  const told: PrintProgress[] = [];
  const result = await papers.print(visit, login, wanted, (progress) => told.push(progress)).done;
  return { result, told };
}

/** Starts a print and answers when it has come this far. */
async function printUntil(state: PrintProgress['state']) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const job = papers.print(visit, login, order, (progress) => {
    if (progress.state === state) resolve();
  });
  await Promise.race([promise, job.done]);
  return job;
}

/** The visitor goes: what the session does then. */
function leave(job?: { abandon(): void }): void {
  job?.abandon();
  papers.forget(visit);
}

/** What lies in the tray, by the number that stands on it. */
function inTray(): string[] {
  return readdirSync(tray)
    .filter((name) => name.endsWith('.pdf'))
    .map((name) => /"number":"(\w+)"/.exec(readFileSync(join(tray, name), 'utf8'))?.[1] ?? 'no number')
    .sort();
}

/** What the centre will be told of each number: the outbox's own rows. */
function accounts(): { number: string; outcome: string; copies: number; reason: string | null }[] {
  const leased = store.lease({ limit: 64, which: 'fresh' });
  if (!leased.ok) throw new Error(leased.reason);
  return leased.rows.flatMap(({ request: { body } }) => {
    if (body.kind !== 'print-outcome') return [];
    const { number, outcome, copies, reason } = body;
    return [{ number, outcome, copies, reason }];
  });
}

const [first, second] = ['YC202611240001', 'YC202611240002'];

test('prints a paper, tells how far it is, and accounts for its number', async () => {
  const { result, told } = await print({ ...order, copies: 2 });
  expect(result).toEqual({ ok: true, number: first, pages: 1, copies: 2 });
  expect(told.map(({ state, number }) => [state, number])).toEqual(
    expect.arrayContaining([
      ['issuing', null],
      ['laying-out', first],
      ['printing', first],
    ]),
  );
  expect(inTray()).toEqual([first, first]);
  expect(accounts()).toEqual([{ number: first, outcome: 'printed', copies: 2, reason: null }]);
});

test('asks for the number under the visit, its grant and a key that is in the journal first', async () => {
  await print();
  const [heard] = called.centre.calls(issueAt);
  expect(heard?.headers).toMatchObject({ 'visit-grant': 'grant-1', 'trace-id': 'trace-1' });
  expect(heard?.body).toEqual({ visit: visit.id, paper: order.paper });
  const key = String(heard?.headers['idempotency-key']);
  expect(store.paper(key)).toMatchObject({ ok: true, paper: { id: key } });
});

test('gives two prints of the same paper two numbers', async () => {
  await print();
  expect((await print()).result).toMatchObject({ ok: true, number: second });
  expect(inTray()).toEqual([first, second]);
  expect(accounts().map(({ number, outcome }) => [number, outcome])).toEqual([
    [first, 'printed'],
    [second, 'printed'],
  ]);
});

test('logs nothing of the visitor, neither the number of the paper nor a name', async () => {
  await print();
  const written = called.lines.join('');
  expect(written).toContain('certificate.printed');
  expect(written).not.toMatch(/张建国|890101197803150019|990000197803150017|YC2026/);
});

describe('when the printer does not print', () => {
  test('takes the job back in time, holds the number, and prints again under the same one', async () => {
    control.change({ faults: ['media-empty'] });
    const { result, told } = await print();
    expect(result).toEqual({ ok: false, reason: 'paper-out', number: first });
    expect(told).toContainEqual({
      state: 'waiting',
      reason: 'paper-out',
      untilMs: called.clock.nowMs() + attentionMs,
      number: first,
    });
    expect(accounts()).toEqual([]);
    control.change({ faults: [] });
    expect((await print()).result).toMatchObject({ ok: true, number: first });
    expect(called.centre.calls(issueAt)).toHaveLength(1);
    expect(inTray()).toEqual([first]);
    expect(accounts()).toEqual([{ number: first, outcome: 'printed', copies: 1, reason: null }]);
  });

  test('goes on by itself where staff help in time', async () => {
    control.change({ faults: ['media-empty'] });
    const job = await printUntil('waiting');
    control.change({ faults: [] });
    expect(await job.done).toMatchObject({ ok: true, number: first });
  });

  test('gives a held number to the same paper only: another order gets its own', async () => {
    control.change({ faults: ['door-open'] });
    await print();
    control.change({ faults: [] });
    const other = { ...order, paper: { layout: 'proof-of-insurance', fromYear: 2020 } } as const;
    expect((await print(other)).result).toMatchObject({ ok: true, number: second });
    leave();
    expect(accounts().map(({ number, outcome }) => [number, outcome])).toEqual([
      [second, 'printed'],
      [first, 'void'],
    ]);
  });

  test('voids a held number when the visitor leaves, and never prints it', async () => {
    control.change({ faults: ['media-jam'] });
    expect((await print()).result).toMatchObject({ ok: false, reason: 'paper-jam' });
    leave();
    control.change({ faults: [] });
    expect(accounts()).toEqual([{ number: first, outcome: 'void', copies: 0, reason: 'visitor-gone' }]);
    expect(inTray()).toEqual([]);
  });

  test.each<[FolderPrinterState['faults'][number], string]>([
    ['door-open', 'door-open'],
    ['toner-empty', 'toner-empty'],
    ['output-area-full', 'output-full'],
    ['offline', 'printer-offline'],
    ['paused', 'printer-stopped'],
  ])('tells %s as %s', async (fault, reason) => {
    control.change({ faults: [fault] });
    expect((await print()).result).toMatchObject({ ok: false, reason, number: first });
  });

  test('says that it cannot tell where the printer lies, and never prints that number again', async () => {
    control.change({ lies: 'counts-nothing' });
    expect((await print()).result).toEqual({ ok: false, reason: 'print-uncertain', number: first });
    expect(accounts()).toMatchObject([{ number: first, outcome: 'unknown' }]);
    control.change({ lies: null });
    expect((await print()).result).toMatchObject({ ok: true, number: second });
    leave();
    expect(inTray()).toEqual([second]);
  });

  test('says that copies are missing where the paper ran out between two, tells those that came out, and voids nothing', async () => {
    control.change({ sheetMs: 30 });
    const job = papers.print(visit, login, { ...order, copies: 3 }, (progress) => {
      if (progress.state === 'printing' && progress.copy?.at === 2) control.change({ faults: ['media-empty'] });
    });
    const result = await job.done;
    control.change({ faults: [], sheetMs: 0 });
    leave(job);
    await papers.idle();
    const [told, ...more] = accounts();
    expect(result).toMatchObject({ ok: false, number: first });
    expect(told).toMatchObject({ number: first, outcome: expect.stringMatching(/^(printed|unknown)$/) });
    expect(more).toEqual([]);
    expect(inTray().length).toBeGreaterThanOrEqual(1);
    expect(inTray().length).toBeLessThan(3);
    expect(called.centre.calls(issueAt)).toHaveLength(1);
  });

  test('says so where the terminal has no printer, and voids the number at the end', async () => {
    await printer.close();
    expect((await print()).result).toMatchObject({ ok: false, number: first });
    leave();
    expect(accounts()).toMatchObject([{ number: first, outcome: 'void' }]);
    expect(inTray()).toEqual([]);
  });
});

describe('when what the centre sent is not in order', () => {
  function changedByte(sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64url');
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    return bytes.toString('base64url');
  }

  test.each<[string, () => Issued, string]>([
    ['one byte changed', () => ({ ...own(0), sealed: changedByte(own(0).sealed) }), 'seal-invalid'],
    ['an issuer nobody admitted', () => strange, 'issuer-not-admitted'],
    ['the QR of another paper', () => ({ ...own(0), qr: own(1).qr }), 'seal-invalid'],
    ['another number than the one it gave', () => ({ ...own(1), number: own(0).number }), 'seal-invalid'],
  ])('does not print, and voids the number at once: %s', async (_what, issued, reason) => {
    called.centre.replies(issueAt, { json: issued() });
    const { result } = await print();
    expect(result).toEqual({ ok: false, reason, number: first });
    expect(accounts()).toMatchObject([{ number: first, outcome: 'void' }]);
    expect(inTray()).toEqual([]);
  });

  test('does not print another paper than was asked for', async () => {
    const { result } = await print({ ...order, paper: { layout: 'contribution-record' } });
    expect(result).toEqual({ ok: false, reason: 'seal-invalid', number: first });
    expect(accounts()).toMatchObject([{ number: first, outcome: 'void', reason: 'not-what-was-asked' }]);
  });

  test('does not print by a layout that is not the one it was issued for', async () => {
    const record = { ...sampleProof, number: first };
    const sealed = Buffer.from(await sealRecord(record, signer)).toString('base64url');
    called.centre.replies(issueAt, {
      json: { number: first, code: record.code, sealed, qr: await encodeQr(record, signer, sha256) },
    });
    expect((await print()).result).toEqual({ ok: false, reason: 'layout-unknown', number: first });
    expect(accounts()).toMatchObject([{ number: first, outcome: 'void', reason: 'layout-changed' }]);
  });

  test('asks for a new number once the fault is mended: a void one stays void', async () => {
    called.centre.replies(issueAt, { json: strange });
    await print();
    called.centre.on(issueAt, () => ({ json: own(1) }));
    expect((await print()).result).toMatchObject({ ok: true, number: second });
  });

  function own(at: number): Issued {
    const issued = supply[at];
    if (issued === undefined) throw new Error('no such paper');
    return issued;
  }
});

describe('when the paper cannot be laid out', () => {
  test('prints nothing where a character has no glyph, holds the number, and voids it at the end', async () => {
    lay = ({ id }) => ({
      kind: 'rendered',
      id,
      rssMb: 1,
      result: { ok: false, reason: 'glyph-missing', characters: ['𠮷'] },
    });
    expect((await print()).result).toEqual({ ok: false, reason: 'glyph-missing', number: first });
    expect(accounts()).toEqual([]);
    leave();
    expect(accounts()).toEqual([{ number: first, outcome: 'void', copies: 0, reason: 'visitor-gone' }]);
  });

  test('prints under the same number once the layout works again', async () => {
    lay = ({ id }) => ({
      kind: 'rendered',
      id,
      rssMb: 1,
      result: { ok: false, reason: 'layout-failed', detail: 'paper.typ:7' },
    });
    expect((await print()).result).toMatchObject({ ok: false, reason: 'layout-failed' });
    lay = laidOut;
    expect((await print()).result).toMatchObject({ ok: true, number: first });
  });
});

describe('when the centre gives no number', () => {
  test('asks once more under the same key where the answer was lost, and uses one number', async () => {
    let isFirst = true;
    called.centre.on(issueAt, ({ headers }) => {
      const reply = give(String(headers['idempotency-key']));
      if (!isFirst) return reply;
      isFirst = false;
      return 'cut';
    });
    expect((await print()).result).toMatchObject({ ok: true, number: first });
    const keys = called.centre.calls(issueAt).map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(1);
    expect(keys).toHaveLength(2);
  });

  test('leaves an issue whose answer never came to be settled later, and tells no number', async () => {
    called.centre.replies(issueAt, 'cut');
    const { result } = await print();
    expect(result).toEqual({ ok: false, reason: 'centre-unreachable' });
    expect(settledLater).toHaveLength(1);
    expect(store.openIssues()).toMatchObject({ ok: true, issues: [{ key: settledLater[0] }] });
  });

  test.each([
    [problem(403, 'not-permitted'), 'not-permitted'],
    [problem(404, 'not-found'), 'nothing-on-file'],
  ])('settles a refusal at once: no number is open', async (reply, reason) => {
    called.centre.replies(issueAt, reply);
    expect((await print()).result).toEqual({ ok: false, reason });
    expect(settledLater).toEqual([]);
    expect(store.openIssues()).toEqual({ ok: true, issues: [] });
  });

  test('prints nothing numbered for somebody who is not logged in', async () => {
    const result = await papers.print(visit, null, order, () => {}).done;
    expect(result).toEqual({ ok: false, reason: 'not-permitted' });
    expect(called.centre.calls(issueAt)).toEqual([]);
  });
});

describe('when the visitor goes', () => {
  test('while the centre issues: the number is voided as soon as it is known', async () => {
    const job = papers.print(visit, login, order, () => {});
    await called.centre.called(issueAt, 1);
    leave(job);
    expect(await job.done).toMatchObject({ ok: false, reason: 'print-cancelled' });
    expect(accounts()).toEqual([{ number: first, outcome: 'void', copies: 0, reason: 'visitor-gone' }]);
    expect(inTray()).toEqual([]);
  });

  test('while the paper is laid out: nothing is printed, and the number is void', async () => {
    const job = await printUntil('laying-out');
    leave(job);
    await job.done;
    expect(accounts()).toMatchObject([{ number: first, outcome: 'void' }]);
    expect(inTray()).toEqual([]);
  });

  test('while the printer waits for staff: the job is taken back, and a refill prints for nobody', async () => {
    control.change({ faults: ['media-empty'] });
    const job = await printUntil('waiting');
    leave(job);
    expect(await job.done).toMatchObject({ ok: false });
    control.change({ faults: [] });
    expect(accounts()).toMatchObject([{ number: first, outcome: 'void' }]);
    expect(inTray()).toEqual([]);
  });

  test('while a sheet is under way: it finishes and is told as printed', async () => {
    control.change({ sheetMs: 120 });
    const job = await printUntil('printing');
    leave(job);
    await papers.idle();
    expect(inTray()).toEqual([first]);
    expect(accounts()).toEqual([{ number: first, outcome: 'printed', copies: 1, reason: null }]);
  });

  test('between two copies: those that came out are told, later ones never reach the printer', async () => {
    control.change({ sheetMs: 60 });
    const { promise, resolve } = Promise.withResolvers<void>();
    const job = papers.print(visit, login, { ...order, copies: 5 }, (progress) => {
      if (progress.state === 'printing' && progress.copy?.at === 2) resolve();
    });
    await promise;
    leave(job);
    await papers.idle();
    const [told] = accounts();
    expect(told).toMatchObject({ number: first, outcome: 'printed' });
    expect(told?.copies).toBe(inTray().length);
    expect(inTray().length).toBeLessThan(5);
  });

  test('after the paper came out: nothing more is told of it', async () => {
    await print();
    leave();
    expect(accounts()).toEqual([{ number: first, outcome: 'printed', copies: 1, reason: null }]);
  });
});

describe('the preview', () => {
  const draftAt = '/v2/certificates/drafts';
  const { number: _number, code: _code, layoutDigest: _digest, ...draft } = sampleProof;

  test('shows the paper masked, its places in per cent from the top, and costs no number', async () => {
    called.centre.replies(draftAt, { json: { draft } });
    const shown = await papers.preview(visit, login, order.paper, patient);
    expect(shown).toMatchObject({
      ok: true,
      preview: { pages: 1, widthMm: 210, heightMm: 297, spots: [{ n: 1, label: 'person', topPercent: 10 }] },
    });
    if (!shown.ok) return;
    const pages = papers.pages(shown.preview.resource);
    expect(pages?.pages[0]).toContain('990***********0017');
    expect(pages?.pages[0]).not.toContain(sampleProof.subject.idNumber);
    expect(pages?.pages[0]).not.toContain(sampleProof.subject.name);
    expect(called.centre.calls(issueAt)).toEqual([]);
  });

  test('is gone with the visit, and only with its own', async () => {
    called.centre.replies(draftAt, { json: { draft } });
    const other = { ...visit, id: '019abc00-0000-7000-8000-000000000002' };
    const mine = await papers.preview(visit, login, order.paper, patient);
    const theirs = await papers.preview(other, login, order.paper, patient);
    if (!mine.ok || !theirs.ok) throw new Error('no preview');
    papers.forget(visit);
    expect(papers.pages(mine.preview.resource)).toBeNull();
    expect(papers.pages(theirs.preview.resource)).not.toBeNull();
    papers.forget(other);
    expect(papers.pages(theirs.preview.resource)).toBeNull();
  });

  test('keeps nothing for a visitor who has gone meanwhile', async () => {
    called.centre.replies(draftAt, { json: { draft } });
    const gone = new AbortController();
    lay = (request) => {
      gone.abort();
      return laidOut(request);
    };
    expect(await papers.preview(visit, login, order.paper, gone.signal)).toEqual({
      ok: false,
      reason: 'print-cancelled',
    });
  });

  test.each([
    ['nothing of a paper', { draft: 'a letter' }],
    ['a number that is none yet', { draft: sampleProof }],
  ])('calls a draft nonsense that holds %s, and logs where, not what', async (_what, json) => {
    called.centre.replies(draftAt, { json });
    expect(await papers.preview(visit, login, order.paper, patient)).toEqual({ ok: false, reason: 'centre-trouble' });
    expect(called.lines.join('')).toContain('certificate.draft-nonsense');
    expect(called.lines.join('')).not.toContain(sampleProof.subject.idNumber);
  });

  test('says which character is missing as a trouble, before anything is issued', async () => {
    called.centre.replies(draftAt, { json: { draft } });
    lay = ({ id }) => ({
      kind: 'rendered',
      id,
      rssMb: 1,
      result: { ok: false, reason: 'glyph-missing', characters: ['𠮷'] },
    });
    expect(await papers.preview(visit, login, order.paper, patient)).toEqual({ ok: false, reason: 'glyph-missing' });
  });
});

describe('a ticket', () => {
  const ticket = {
    kind: 'ticket',
    ticket: {
      bookingNumber: 'A018',
      item: '关系转移',
      window: '6号窗口',
      day: '2026-11-26',
      from: '09:00',
      to: '09:30',
      materials: [],
      notes: [],
    },
    copies: 1,
  } as const satisfies PrintOrder;

  test('is printed with the masked name of who booked and the hall, and costs no number', async () => {
    const result = await papers.print(visit, login, ticket, () => {}).done;
    expect(result).toEqual({ ok: true, number: null, pages: 1, copies: 1 });
    const [name] = readdirSync(tray).filter((file) => file.endsWith('.pdf'));
    const text = readFileSync(join(tray, name ?? ''), 'utf8');
    expect(text).toContain('张**');
    expect(text).toContain('云川市社会保险服务大厅');
    expect(text).not.toContain('张建国');
    expect(accounts()).toEqual([]);
  });

  test('that did not come out says why, and leaves nothing open', async () => {
    control.change({ faults: ['media-empty'] });
    const result = await papers.print(visit, login, ticket, () => {}).done;
    expect(result).toEqual({ ok: false, reason: 'paper-out' });
    expect(store.recover()).toMatchObject({ ok: true, interrupted: [] });
  });
});

describe('a store that takes nothing more', () => {
  const { parties, grant } = login;
  /** Small steps last, so that no room is left for another. */
  function fill(): void {
    const body = { kind: 'complaint', item: 'complaint', itemVersion: 1 } as const;
    const request = { order: null, visit: visit.id, trace: 't', grant: null, parties: null };
    while (store.submit({ ...request, body: { ...body, values: { text: '排'.repeat(4_000) } } }).ok);
    while (store.submit({ ...request, body: { ...body, values: { text: '' } } }).ok);
    while (store.beginIssue({ visit: visit.id, trace: 't', grant, parties, paper: order.paper }).ok);
  }

  beforeEach(() => {
    store.close();
    store = openStoreIn(called, 160 * 1024);
    papers = openPapers();
  });

  test('costs nobody a number where the disk is full when a paper is asked for', async () => {
    fill();
    expect((await print()).result).toEqual({ ok: false, reason: 'storage-failed' });
    expect(called.centre.calls(issueAt)).toEqual([]);
    expect(inTray()).toEqual([]);
  });

  test('prints nothing where the disk is full when the number comes, and has the number asked for again', async () => {
    called.centre.on(issueAt, ({ headers }) => {
      fill();
      return give(String(headers['idempotency-key']));
    });
    expect((await print()).result).toEqual({ ok: false, reason: 'storage-failed' });
    expect(settledLater).toEqual([...given.keys()]);
    expect(inTray()).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')('costs nobody a number where its file was deleted', async () => {
    rmSync(join(called.folder, 'kiosk.db'));
    expect((await print()).result).toEqual({ ok: false, reason: 'storage-failed' });
    expect(called.centre.calls(issueAt)).toEqual([]);
    expect(inTray()).toEqual([]);
  });
});
