/**
 * The few functions of Windows' spooler that tell the state of a queue and of its jobs (winspool.drv), through FFI.
 *
 * Layouts and constants are those of winspool.h (wide-character forms). Every call runs on a thread of Node's pool, for a queue
 * on a server that is gone can hold its caller for half a minute; the pool has four, so a queue has one call at a time
 * ({@link oneAtATime}). Why Windows refuses stands in GetLastError, which belongs to the thread that called and is not to be had from
 * here: what must be told apart is told by what the calls give. Never run here: this file has been loaded, not tried, where there is
 * no Windows; its layouts are checked by size.
 */
import koffi from 'koffi';

/** A job as EnumJobs level 1 tells it. */
export type WindowsJob = {
  jobId: number;
  /** What the printing program called it; SumatraPDF gives the file's path. */
  document: string;
  /** Bits of {@link jobStatus}. */
  status: number;
};

/** A queue as GetPrinter level 2 tells it. */
export type WindowsPrinter = {
  /** Bits of {@link printerStatus}. */
  status: number;
  attributes: number;
  driver: string;
};

/** `no-printer`: Windows knows no queue of that name. `failed`: any other refusal; `detail` names what was refused. */
export type WindowsAnswer<T> = { ok: true; value: T } | { ok: false; reason: 'no-printer' | 'failed'; detail: string };

/** What the Windows spooler needs of Windows; tests give another one. */
export type Winspool = {
  printer(queue: string): Promise<WindowsAnswer<WindowsPrinter>>;
  jobs(queue: string): Promise<WindowsAnswer<readonly WindowsJob[]>>;
  controlJob(queue: string, jobId: number, control: number): Promise<WindowsAnswer<null>>;
};

/** JOB_STATUS_*, winspool.h. */
export const jobStatus = {
  paused: 0x1,
  error: 0x2,
  deleting: 0x4,
  spooling: 0x8,
  printing: 0x10,
  offline: 0x20,
  paperOut: 0x40,
  printed: 0x80,
  deleted: 0x100,
  blocked: 0x200,
  userIntervention: 0x400,
  complete: 0x1000,
} as const;

/** PRINTER_STATUS_*, winspool.h. */
export const printerStatus = {
  paused: 0x1,
  error: 0x2,
  paperJam: 0x8,
  paperOut: 0x10,
  paperProblem: 0x40,
  offline: 0x80,
  printing: 0x400,
  outputBinFull: 0x800,
  notAvailable: 0x1000,
  processing: 0x4000,
  tonerLow: 0x20000,
  noToner: 0x40000,
  userIntervention: 0x100000,
  doorOpen: 0x400000,
} as const;

/** PRINTER_ATTRIBUTE_WORK_OFFLINE. */
export const workOffline = 0x400;

/** JOB_CONTROL_*: delete takes the job out, retain keeps it after printing so that its end can be read. */
export const jobControl = { delete: 5, retain: 8 } as const;

/** PRINTER_ENUM_LOCAL and PRINTER_ENUM_CONNECTIONS. */
const localAndConnected = 0x2 | 0x4;
/** Jobs that are asked for at once. */
const mostJobs = 64;

const systemTime = koffi.struct('SYSTEMTIME', {
  wYear: 'uint16',
  wMonth: 'uint16',
  wDayOfWeek: 'uint16',
  wDay: 'uint16',
  wHour: 'uint16',
  wMinute: 'uint16',
  wSecond: 'uint16',
  wMilliseconds: 'uint16',
});

/** JOB_INFO_1W: 96 bytes where pointers have 8. */
export const jobInfo1 = koffi.struct('JOB_INFO_1W', {
  JobId: 'uint32',
  pPrinterName: 'str16',
  pMachineName: 'str16',
  pUserName: 'str16',
  pDocument: 'str16',
  pDatatype: 'str16',
  pStatus: 'str16',
  Status: 'uint32',
  Priority: 'uint32',
  Position: 'uint32',
  TotalPages: 'uint32',
  PagesPrinted: 'uint32',
  Submitted: systemTime,
});

/** PRINTER_INFO_2W: 136 bytes where pointers have 8. */
export const printerInfo2 = koffi.struct('PRINTER_INFO_2W', {
  pServerName: 'str16',
  pPrinterName: 'str16',
  pShareName: 'str16',
  pPortName: 'str16',
  pDriverName: 'str16',
  pComment: 'str16',
  pLocation: 'str16',
  pDevMode: 'void *',
  pSepFile: 'str16',
  pPrintProcessor: 'str16',
  pDatatype: 'str16',
  pParameters: 'str16',
  pSecurityDescriptor: 'void *',
  Attributes: 'uint32',
  Priority: 'uint32',
  DefaultPriority: 'uint32',
  StartTime: 'uint32',
  UntilTime: 'uint32',
  Status: 'uint32',
  cJobs: 'uint32',
  AveragePPM: 'uint32',
});

/** PRINTER_INFO_4W: 24 bytes where pointers have 8. Read from the registry: no printer and no server is asked for it. */
export const printerInfo4 = koffi.struct('PRINTER_INFO_4W', {
  pPrinterName: 'str16',
  pServerName: 'str16',
  Attributes: 'uint32',
});

/** The one form of an FFI function that is used. */
type ForeignFunction = { async: (...args: unknown[]) => void };

/** Opens winspool.drv. Throws where there is none, which is everywhere but on Windows. */
export function loadWinspool(): Winspool {
  const winspool = koffi.load('winspool.drv');
  const openPrinter = winspool.func('bool __stdcall OpenPrinterW(str16 name, _Out_ void **handle, void *defaults)');
  const closePrinter = winspool.func('bool __stdcall ClosePrinter(void *handle)');
  const getPrinter = winspool.func(
    'bool __stdcall GetPrinterW(void *handle, uint32 level, _Out_ uint8_t *buffer, uint32 size, _Out_ uint32 *needed)',
  );
  const enumJobs = winspool.func(
    'bool __stdcall EnumJobsW(void *handle, uint32 first, uint32 count, uint32 level, _Out_ uint8_t *buffer, uint32 size, _Out_ uint32 *needed, _Out_ uint32 *returned)',
  );
  const enumPrinters = winspool.func(
    'bool __stdcall EnumPrintersW(uint32 flags, str16 name, uint32 level, _Out_ uint8_t *buffer, uint32 size, _Out_ uint32 *needed, _Out_ uint32 *returned)',
  );
  const setJob = winspool.func(
    'bool __stdcall SetJobW(void *handle, uint32 jobId, uint32 level, void *job, uint32 command)',
  );

  async function withQueue<T>(
    queue: string,
    act: (handle: unknown) => Promise<WindowsAnswer<T>>,
  ): Promise<WindowsAnswer<T>> {
    const handle: [unknown] = [null];
    if (!(await call(openPrinter, queue, handle, null))) {
      return (await isKnown(queue)) ? refused('OpenPrinter') : { ok: false, reason: 'no-printer', detail: queue };
    }
    try {
      return await act(handle[0]);
    } finally {
      await call(closePrinter, handle[0]);
    }
  }

  /** Whether Windows has a printer of this name; one on a server that is gone counts as known. */
  async function isKnown(queue: string): Promise<boolean> {
    if (queue.startsWith('\\\\')) return true;
    const printers = await filled((buffer, size, needed, returned) =>
      call(enumPrinters, localAndConnected, null, 4, buffer, size, needed, returned),
    );
    if (printers === null) return true;
    return Array.from({ length: printers.returned }, (_, index) => {
      const info = koffi.decode(printers.buffer, index * koffi.sizeof(printerInfo4), printerInfo4);
      return (info as { pPrinterName: string }).pPrinterName.toLowerCase();
    }).includes(queue.toLowerCase());
  }

  return {
    printer: (queue) =>
      withQueue(queue, async (handle) => {
        const got = await filled((buffer, size, needed) => call(getPrinter, handle, 2, buffer, size, needed));
        if (got === null) return refused('GetPrinter');
        const info = koffi.decode(got.buffer, printerInfo2) as {
          Status: number;
          Attributes: number;
          pDriverName: string;
        };
        return { ok: true, value: { status: info.Status, attributes: info.Attributes, driver: info.pDriverName } };
      }),
    jobs: (queue) =>
      withQueue(queue, async (handle) => {
        const got = await filled((buffer, size, needed, returned) =>
          call(enumJobs, handle, 0, mostJobs, 1, buffer, size, needed, returned),
        );
        if (got === null) return refused('EnumJobs');
        const jobs = Array.from({ length: got.returned }, (_, index) => {
          const job = koffi.decode(got.buffer, index * koffi.sizeof(jobInfo1), jobInfo1) as {
            JobId: number;
            pDocument: string | null;
            Status: number;
          };
          return { jobId: job.JobId, document: job.pDocument ?? '', status: job.Status };
        });
        return { ok: true, value: jobs };
      }),
    controlJob: (queue, jobId, control) =>
      withQueue(queue, async (handle) =>
        (await call(setJob, handle, jobId, 0, null, control)) ? { ok: true, value: null } : refused('SetJob'),
      ),
  };
}

/** One call on a thread of the pool. */
function call(fn: ForeignFunction, ...given: unknown[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    fn.async(...given, (error: Error | null, ok: boolean) => (error === null ? resolve(ok) : reject(error)));
  });
}

/**
 * Asks how much room is wanted, and then with that room: Windows' way of giving lists and texts. Null where Windows refuses. Windows
 * tells the room wanted only when room was all that was missing, so any other refusal wants none.
 */
async function filled(
  ask: (buffer: Buffer | null, size: number, needed: [number], returned: [number]) => Promise<boolean>,
): Promise<{ buffer: Buffer; returned: number } | null> {
  const needed: [number] = [0];
  const returned: [number] = [0];
  if (await ask(null, 0, needed, returned)) return { buffer: Buffer.alloc(0), returned: 0 };
  if (needed[0] === 0) return null;
  // Jobs may have come since: room for a few more.
  const buffer = Buffer.alloc(needed[0] + 4_096);
  return (await ask(buffer, buffer.length, needed, returned)) ? { buffer, returned: returned[0] } : null;
}

function refused(what: string): { ok: false; reason: 'failed'; detail: string } {
  return { ok: false, reason: 'failed', detail: `Windows refuses ${what}` };
}

/**
 * The same, with one call of a queue under way at a time. Whoever asks what another waits to ask already, shares that answer: however
 * long Windows keeps one call, no more than a handful wait behind it. A call under way is shared with nobody, since what it tells may
 * be older than the question.
 */
export function oneAtATime(winspool: Winspool): Winspool {
  let last: Promise<unknown> = Promise.resolve();
  const waiting = new Map<string, Promise<WindowsAnswer<unknown>>>();

  function inTurn<T>(what: string, ask: () => Promise<WindowsAnswer<T>>): Promise<WindowsAnswer<T>> {
    // One name, one question: what waits under it has its answer's type.
    const shared = waiting.get(what) as Promise<WindowsAnswer<T>> | undefined;
    if (shared !== undefined) return shared;
    const answer = last.then(() => {
      waiting.delete(what);
      return ask();
    });
    waiting.set(what, answer);
    last = answer.catch(() => undefined);
    return answer;
  }

  return {
    printer: (queue) => inTurn(`printer ${queue}`, () => winspool.printer(queue)),
    jobs: (queue) => inTurn(`jobs ${queue}`, () => winspool.jobs(queue)),
    controlJob: (queue, jobId, control) =>
      inTurn(`job ${jobId} ${control} ${queue}`, () => winspool.controlJob(queue, jobId, control)),
  };
}
