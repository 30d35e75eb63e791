/**
 * The few functions of Windows' spooler that tell the state of a queue and of its jobs (winspool.drv), through FFI.
 *
 * Layouts and constants are those of winspool.h (wide-character forms). Every call runs on a thread of the FFI's pool, for a queue
 * on a server that is gone can hold its caller for half a minute. Never run here: this file has been loaded, not tried, where there
 * is no Windows; its layouts are checked by size.
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

/** `no-printer`: Windows knows no queue of that name. `failed`: any other refusal, with Windows' error number. */
export type WindowsAnswer<T> = { ok: true; value: T } | { ok: false; reason: 'no-printer' | 'failed'; error: number };

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

/** ERROR_INVALID_PRINTER_NAME and ERROR_INSUFFICIENT_BUFFER, winerror.h. */
const invalidPrinterName = 1801;
const insufficientBuffer = 122;

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

/** A function of a library as the FFI gives it: called here and now, or on its pool. */
type ForeignFunction = ReturnType<ReturnType<typeof koffi.load>['func']>;

/** Opens winspool.drv. Throws where there is none, which is everywhere but on Windows. */
export function loadWinspool(): Winspool {
  const winspool = koffi.load('winspool.drv');
  const kernel = koffi.load('kernel32.dll');
  const getLastError = kernel.func('uint32 __stdcall GetLastError()');
  const openPrinter = winspool.func('bool __stdcall OpenPrinterW(str16 name, _Out_ void **handle, void *defaults)');
  const closePrinter = winspool.func('bool __stdcall ClosePrinter(void *handle)');
  const getPrinter = winspool.func(
    'bool __stdcall GetPrinterW(void *handle, uint32 level, _Out_ uint8_t *buffer, uint32 size, _Out_ uint32 *needed)',
  );
  const enumJobs = winspool.func(
    'bool __stdcall EnumJobsW(void *handle, uint32 first, uint32 count, uint32 level, _Out_ uint8_t *buffer, uint32 size, _Out_ uint32 *needed, _Out_ uint32 *returned)',
  );
  const setJob = winspool.func(
    'bool __stdcall SetJobW(void *handle, uint32 jobId, uint32 level, void *job, uint32 command)',
  );

  /** One call on the FFI's pool. GetLastError belongs to the thread, so a refusal is repeated here to read its number. */
  function call(fn: ForeignFunction, ...given: unknown[]): Promise<{ ok: boolean; error: number }> {
    return new Promise((resolve, reject) => {
      fn.async(...given, (error: Error | null, ok: boolean) => {
        if (error !== null) reject(error);
        else if (ok) resolve({ ok: true, error: 0 });
        else resolve({ ok: fn(...given) === true, error: Number(getLastError()) });
      });
    });
  }

  async function withQueue<T>(
    queue: string,
    act: (handle: unknown) => Promise<WindowsAnswer<T>>,
  ): Promise<WindowsAnswer<T>> {
    const handle: [unknown] = [null];
    const opened = await call(openPrinter, queue, handle, null);
    if (!opened.ok) {
      const reason = opened.error === invalidPrinterName ? 'no-printer' : 'failed';
      return { ok: false, reason, error: opened.error };
    }
    try {
      return await act(handle[0]);
    } finally {
      await call(closePrinter, handle[0]);
    }
  }

  return {
    printer: (queue) =>
      withQueue(queue, async (handle) => {
        const needed: [number] = [0];
        const asked = await call(getPrinter, handle, 2, null, 0, needed);
        if (!asked.ok && asked.error !== insufficientBuffer) return { ok: false, reason: 'failed', error: asked.error };
        const buffer = Buffer.alloc(needed[0]);
        const got = await call(getPrinter, handle, 2, buffer, buffer.length, needed);
        if (!got.ok) return { ok: false, reason: 'failed', error: got.error };
        const info = koffi.decode(buffer, printerInfo2) as { Status: number; Attributes: number; pDriverName: string };
        return { ok: true, value: { status: info.Status, attributes: info.Attributes, driver: info.pDriverName } };
      }),
    jobs: (queue) =>
      withQueue(queue, async (handle) => {
        const most = 64;
        const needed: [number] = [0];
        const returned: [number] = [0];
        const asked = await call(enumJobs, handle, 0, most, 1, null, 0, needed, returned);
        if (asked.ok) return { ok: true, value: [] };
        if (asked.error !== insufficientBuffer) return { ok: false, reason: 'failed', error: asked.error };
        // Jobs may have come since: room for a few more.
        const buffer = Buffer.alloc(needed[0] + 4_096);
        const got = await call(enumJobs, handle, 0, most, 1, buffer, buffer.length, needed, returned);
        if (!got.ok) return { ok: false, reason: 'failed', error: got.error };
        const size = koffi.sizeof(jobInfo1);
        const jobs = Array.from({ length: returned[0] }, (_, index) => {
          const job = koffi.decode(buffer, index * size, jobInfo1) as {
            JobId: number;
            pDocument: string | null;
            Status: number;
          };
          return { jobId: job.JobId, document: job.pDocument ?? '', status: job.Status };
        });
        return { ok: true, value: jobs };
      }),
    controlJob: (queue, jobId, control) =>
      withQueue(queue, async (handle) => {
        const set = await call(setJob, handle, jobId, 0, null, control);
        return set.ok ? { ok: true, value: null } : { ok: false, reason: 'failed', error: set.error };
      }),
  };
}
