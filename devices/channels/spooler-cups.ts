import { request as httpRequest } from 'node:http';
import {
  hasEnded,
  type PrinterSide,
  type SpoolCall,
  type Spooler,
  type SpoolFailure,
  type SpoolJob,
  type SpoolJobState,
  type SpoolPrinter,
  type SpoolResult,
  type SpoolSubmission,
  type Supply,
} from './spooler.ts';
import {
  decodeIpp,
  encodeIppRequest,
  groupsOf,
  groupTags,
  type IppField,
  type IppGroup,
  type IppMessage,
  numberOf,
  operations,
  statusCodes,
  textsOf,
} from './spooler-ipp.ts';

export type CupsOptions = {
  /** The queue's name, e.g. `hall`. */
  queue: string;
  /** Where CUPS listens: a socket's path, or host and port. */
  server: { socketPath: string } | { host: string; port: number };
  /** The owner of the jobs in CUPS; only its own jobs are seen, cancelled and purged. */
  user: string;
};

/** RFC 8011, 5.3.7. */
const jobStates: Readonly<Record<number, SpoolJobState>> = {
  3: 'pending',
  4: 'held',
  5: 'processing',
  6: 'stopped',
  7: 'cancelled',
  8: 'aborted',
  9: 'completed',
};

const jobAttributes = ['job-id', 'job-name', 'job-state', 'job-state-reasons', 'job-impressions-completed'];
const printerAttributes = [
  'printer-state',
  'printer-state-reasons',
  'printer-is-accepting-jobs',
  'printer-make-and-model',
  'marker-names',
  'marker-types',
  'marker-levels',
  'device-uri',
];

/** No answer that is asked for comes near this. */
const longestAnswerBytes = 1_048_576;

/** Where an IPP request goes. */
type Endpoint = {
  target: { socketPath: string } | { host: string; port: number };
  path: string;
  uri: string;
  hostHeader: string;
};

type Answer = SpoolResult<IppMessage>;

/**
 * CUPS over IPP, and the printer behind it.
 *
 * CUPS keeps the printer's reasons of the last job, tells an absent printer only in localised text, and counts pages while
 * filtering (tried with 2.4.2). Where the queue's device is `ipp://`, the printer is therefore asked itself, and its word
 * replaces CUPS's for reasons, counts and a cancellation's end. Behind other devices (usb, socket, ipps, dnssd) only CUPS can
 * be asked; IPP over USB makes most current printers `ipp://`.
 *
 * The queue should keep no files (`PreserveJobFiles No`) and its history for some minutes (`PreserveJobHistory 600`): the end of
 * a job must be readable once, and {@link purge} removes it then; the minutes are for a kiosk that died in between.
 */
export class CupsSpooler implements Spooler {
  readonly features = ['job-state', 'printer-asked', 'supplies', 'history-purged'] as const;
  private readonly options: CupsOptions;
  private readonly queue: Endpoint;
  private requestId = 0;
  /** The printer behind the queue; null where it cannot be asked. Known after the first answer of the queue. */
  private device: Endpoint | null = null;
  /** The printer's own ids of jobs that CUPS knows, by CUPS's. */
  private readonly deviceJobs = new Map<string, number>();

  constructor(options: CupsOptions) {
    this.options = options;
    const path = `/printers/${encodeURIComponent(options.queue)}`;
    // CUPS refuses other names for itself than localhost when it listens on the loopback only.
    this.queue = { target: options.server, path, uri: `ipp://localhost${path}`, hostHeader: 'localhost' };
  }

  async printer(call: SpoolCall): Promise<SpoolResult<SpoolPrinter>> {
    const answer = await this.ask(this.queue, operations.getPrinterAttributes, [wanted(printerAttributes)], call);
    if (!answer.ok) return answer.reason === 'unknown-job' ? { ...answer, reason: 'unknown-printer' } : answer;
    const queue = groupsOf(answer.value, groupTags.printer)[0];
    this.device = deviceOf(textsOf(queue, 'device-uri')[0]);
    const state = numberOf(queue, 'printer-state');
    const queueReasons = textsOf(queue, 'printer-state-reasons').filter(isReason);
    const base = {
      isAccepting: queue?.attributes.get('printer-is-accepting-jobs')?.[0] !== false,
      model: textsOf(queue, 'printer-make-and-model')[0] ?? '',
    };
    if (this.device === null) {
      return done({ ...base, state: printerState(state), reasons: queueReasons, supplies: suppliesOf(queue) });
    }
    const asked = await this.ask(this.device, operations.getPrinterAttributes, [wanted(printerAttributes)], call);
    if (!asked.ok) {
      if (asked.reason === 'cancelled') return asked;
      return done({ ...base, state: printerState(state), reasons: ['offline'], supplies: suppliesOf(queue) });
    }
    const device = groupsOf(asked.value, groupTags.printer)[0];
    // Of the queue's own reasons only "paused" is its own; the others are the printer's, as they were at the last job.
    const paused = queueReasons.filter((reason) => reason.startsWith('paused'));
    return done({
      ...base,
      model: textsOf(device, 'printer-make-and-model')[0] ?? base.model,
      state: state === 5 ? 'stopped' : printerState(numberOf(device, 'printer-state')),
      reasons: [...textsOf(device, 'printer-state-reasons').filter(isReason), ...paused],
      supplies: suppliesOf(device),
    });
  }

  async submit(submission: SpoolSubmission, call: SpoolCall): Promise<SpoolResult<{ jobId: string }>> {
    const fields: IppField[] = [
      { tag: 'name', name: 'job-name', values: [submission.name] },
      { tag: 'mimeType', name: 'document-format', values: ['application/pdf'] },
    ];
    const jobFields: IppField[] = [
      { tag: 'integer', name: 'copies', values: [submission.copies] },
      { tag: 'keyword', name: 'job-sheets', values: ['none'] },
      // Every layout is A4 in its own size. Left to the queue's default, CUPS takes Letter where nobody set it, and shrinks codes and seals.
      { tag: 'keyword', name: 'media', values: ['iso_a4_210x297mm'] },
      { tag: 'keyword', name: 'print-scaling', values: ['none'] },
      // A certificate of two pages is two sheets: nothing sealed stands on a back, and sheets are counted as pages.
      { tag: 'keyword', name: 'sides', values: ['one-sided'] },
    ];
    const answer = await this.ask(this.queue, operations.printJob, fields, call, {
      jobFields,
      document: submission.pdf,
    });
    if (!answer.ok) return answer.reason === 'unknown-job' ? { ...answer, reason: 'unknown-printer' } : answer;
    const jobId = numberOf(groupsOf(answer.value, groupTags.job)[0], 'job-id');
    if (jobId === null) return failed('unsure', 'no job-id in the answer');
    return done({ jobId: String(jobId) });
  }

  async job(jobId: string, call: SpoolCall): Promise<SpoolResult<SpoolJob>> {
    const fields: IppField[] = [jobIdField(jobId), wanted(jobAttributes)];
    const answer = await this.ask(this.queue, operations.getJobAttributes, fields, call);
    if (!answer.ok) return answer;
    const job = jobOf(groupsOf(answer.value, groupTags.job)[0]);
    if (job === null) return failed('garbled', 'a job without id or state');
    return done({ ...job, atPrinter: await this.atPrinter(job, call) });
  }

  async ownJobs(call: SpoolCall): Promise<SpoolResult<readonly SpoolJob[]>> {
    const jobs: SpoolJob[] = [];
    for (const which of ['not-completed', 'completed']) {
      const answer = await this.ask(this.queue, operations.getJobs, jobsWanted(which, true), call);
      if (!answer.ok) return answer;
      jobs.push(...groupsOf(answer.value, groupTags.job).flatMap((group) => jobOf(group) ?? []));
    }
    return done(jobs);
  }

  async cancel(jobId: string, call: SpoolCall): Promise<SpoolResult<null>> {
    const job = await this.job(jobId, call);
    if (job.ok && !hasEnded(job.value.state)) {
      const answer = await this.ask(this.queue, operations.cancelJob, [jobIdField(jobId)], call);
      // "Not possible" is a job that has ended meanwhile.
      if (!answer.ok && answer.reason !== 'refused') return answer;
    }
    // CUPS's backend tells the printer too, in its own time and without a second try.
    const side = job.ok ? job.value.atPrinter : null;
    const deviceJob = this.deviceJobs.get(jobId);
    if (this.device !== null && deviceJob !== undefined && side?.kind === 'known' && !hasEnded(side.state)) {
      await this.ask(this.device, operations.cancelJob, [jobIdField(String(deviceJob))], call);
    }
    return job.ok || job.reason === 'unknown-job' ? done(null) : job;
  }

  async purge(jobId: string, call: SpoolCall): Promise<SpoolResult<null>> {
    // `purge-job` is CUPS's own (since 1.2): the job's files and its line in the history go.
    const fields: IppField[] = [jobIdField(jobId), { tag: 'boolean', name: 'purge-job', values: [true] }];
    const answer = await this.ask(this.queue, operations.cancelJob, fields, call);
    if (!answer.ok && answer.reason !== 'unknown-job') return answer;
    this.deviceJobs.delete(jobId);
    return done(null);
  }

  async close(): Promise<void> {
    this.deviceJobs.clear();
  }

  /** What the printer says of the job; it knows it by name, and has an id of its own for it. */
  private async atPrinter(job: Pick<SpoolJob, 'jobId' | 'name'>, call: SpoolCall): Promise<PrinterSide> {
    const device = this.device;
    if (device === null) return { kind: 'notAsked' };
    const known = this.deviceJobs.get(job.jobId);
    if (known === undefined) return this.findAtPrinter(device, job, call);
    const fields = [jobIdField(String(known)), wanted(jobAttributes)];
    const answer = await this.ask(device, operations.getJobAttributes, fields, call);
    if (!answer.ok) return { kind: answer.reason === 'unknown-job' ? 'absent' : 'unreachable' };
    const side = sideOf(groupsOf(answer.value, groupTags.job)[0]);
    // CUPS sends a job again that the printer dropped, in another format or after a while: then the newer one counts.
    const isDropped = side.kind === 'known' && (side.state === 'aborted' || side.state === 'cancelled');
    return isDropped ? this.findAtPrinter(device, job, call) : side;
  }

  /** The printer's newest job of this name. */
  private async findAtPrinter(
    device: Endpoint,
    { jobId, name }: Pick<SpoolJob, 'jobId' | 'name'>,
    call: SpoolCall,
  ): Promise<PrinterSide> {
    let newest: { id: number; side: PrinterSide } | null = null;
    for (const which of ['not-completed', 'completed']) {
      const answer = await this.ask(device, operations.getJobs, jobsWanted(which, false), call);
      // A printer that does not list its jobs cannot be asked; one that does not answer is something else.
      if (!answer.ok) return { kind: answer.reason === 'refused' ? 'notAsked' : 'unreachable' };
      for (const group of groupsOf(answer.value, groupTags.job)) {
        const id = numberOf(group, 'job-id');
        if (id === null || textsOf(group, 'job-name')[0] !== name || id <= (newest?.id ?? 0)) continue;
        newest = { id, side: sideOf(group) };
      }
    }
    if (newest === null) return { kind: 'absent' };
    this.deviceJobs.set(jobId, newest.id);
    return newest.side;
  }

  private async ask(
    to: Endpoint,
    operation: number,
    fields: readonly IppField[],
    call: SpoolCall,
    more: { jobFields?: readonly IppField[]; document?: Uint8Array } = {},
  ): Promise<Answer> {
    this.requestId += 1;
    const requestId = this.requestId;
    const head = encodeIppRequest({
      operation,
      requestId,
      operationFields: [
        { tag: 'uri', name: 'printer-uri', values: [to.uri] },
        ...fields.filter((field) => field.name === 'job-id'),
        { tag: 'name', name: 'requesting-user-name', values: [this.options.user] },
        ...fields.filter((field) => field.name !== 'job-id'),
      ],
      ...(more.jobFields === undefined ? {} : { jobFields: more.jobFields }),
    });
    const body = more.document === undefined ? head : Buffer.concat([head, more.document]);
    const posted = await post(to, body, call);
    if (!posted.ok) return posted;
    const reading = decodeIpp(posted.value);
    if (!reading.ok) return failed('garbled', `${reading.reason}: ${reading.detail}`);
    if (reading.message.requestId !== requestId) return failed('garbled', 'an answer to another request');
    const { code } = reading.message;
    // 0x0000-0x00ff is success, with or without remarks (RFC 8011, appendix B).
    if (code < 0x0100) return done(reading.message);
    const detail = `IPP status 0x${code.toString(16).padStart(4, '0')}`;
    if (code === statusCodes.notFound || code === statusCodes.gone) return failed('unknown-job', detail);
    return failed('refused', detail);
  }
}

/** One HTTP POST and its whole answer, within the call's limits. */
function post(to: Endpoint, body: Uint8Array, call: SpoolCall): Promise<SpoolResult<Uint8Array>> {
  return new Promise((resolve) => {
    if (call.signal?.aborted === true) {
      resolve(failed('cancelled', 'by signal'));
      return;
    }
    let isConnected = false;
    let isSettled = false;
    const settle = (result: SpoolResult<Uint8Array>) => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      call.signal?.removeEventListener('abort', abort);
      request.destroy();
      resolve(result);
    };
    const abort = () => settle(failed('cancelled', 'by signal'));
    const timer = setTimeout(() => settle(failed('timed-out', `no answer in ${call.timeoutMs} ms`)), call.timeoutMs);
    call.signal?.addEventListener('abort', abort, { once: true });

    const request = httpRequest({
      ...to.target,
      path: to.path,
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/ipp', 'content-length': body.byteLength, host: to.hostHeader },
    });
    request.on('socket', (socket) => socket.once('connect', () => (isConnected = true)));
    request.on('error', (error: NodeJS.ErrnoException) => {
      settle(failed(isConnected ? 'unsure' : 'unreachable', error.code ?? error.message));
    });
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > longestAnswerBytes) settle(failed('garbled', 'an answer without end'));
      });
      response.on('error', (error) => settle(failed('unsure', error.message)));
      response.on('end', () => {
        if (response.statusCode === 200) settle(done(Buffer.concat(chunks)));
        else settle(failed(response.statusCode === 404 ? 'unknown-printer' : 'refused', `HTTP ${response.statusCode}`));
      });
    });
    request.end(body);
  });
}

/** The printer's address where it can be asked without a certificate to trust. */
function deviceOf(uri: string | undefined): Endpoint | null {
  if (uri === undefined || !URL.canParse(uri)) return null;
  const url = new URL(uri);
  if (url.protocol !== 'ipp:' || url.hostname === '') return null;
  const port = url.port === '' ? 631 : Number(url.port);
  return { target: { host: url.hostname, port }, path: url.pathname, uri, hostHeader: url.host };
}

function jobOf(group: IppGroup | undefined): SpoolJob | null {
  const id = numberOf(group, 'job-id');
  const state = jobStates[numberOf(group, 'job-state') ?? 0];
  if (id === null || state === undefined) return null;
  return {
    jobId: String(id),
    name: textsOf(group, 'job-name')[0] ?? '',
    state,
    reasons: textsOf(group, 'job-state-reasons').filter(isReason),
    atPrinter: { kind: 'notAsked' },
  };
}

function sideOf(group: IppGroup | undefined): PrinterSide {
  const state = jobStates[numberOf(group, 'job-state') ?? 0];
  if (state === undefined) return { kind: 'notAsked' };
  return {
    kind: 'known',
    state,
    reasons: textsOf(group, 'job-state-reasons').filter(isReason),
    impressions: numberOf(group, 'job-impressions-completed'),
  };
}

function suppliesOf(group: IppGroup | undefined): readonly Supply[] {
  const names = textsOf(group, 'marker-names');
  const kinds = textsOf(group, 'marker-types');
  const levels = group?.attributes.get('marker-levels') ?? [];
  return names.map((name, index) => {
    const level = levels[index];
    // -1 to -3 are "unknown" and its like (PWG 5107.2).
    const levelPercent = typeof level === 'number' && level >= 0 && level <= 100 ? level : null;
    return { name, kind: kinds[index] ?? 'unknown', levelPercent };
  });
}

function printerState(state: number | null): SpoolPrinter['state'] {
  return state === 5 ? 'stopped' : state === 4 ? 'processing' : 'idle';
}

function isReason(reason: string): boolean {
  return reason !== 'none' && reason !== '';
}

function wanted(attributes: readonly string[]): IppField {
  return { tag: 'keyword', name: 'requested-attributes', values: attributes };
}

function jobsWanted(which: string, isOwn: boolean): IppField[] {
  return [
    { tag: 'integer', name: 'limit', values: [100] },
    wanted(jobAttributes),
    { tag: 'keyword', name: 'which-jobs', values: [which] },
    ...(isOwn ? [{ tag: 'boolean', name: 'my-jobs', values: [true] } as const] : []),
  ];
}

function jobIdField(jobId: string): IppField {
  return { tag: 'integer', name: 'job-id', values: [Number(jobId)] };
}

function done<T>(value: T): SpoolResult<T> {
  return { ok: true, value };
}

function failed(reason: SpoolFailure, detail: string): { ok: false; reason: SpoolFailure; detail: string } {
  return { ok: false, reason, detail };
}
