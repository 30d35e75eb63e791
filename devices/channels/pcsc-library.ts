/**
 * The few PC/SC functions the kiosk uses, called in the system's own library: libpcsclite.so.1 on Linux, winscard.dll on
 * Windows. Every call runs on a thread of Node's pool, so the event loop never waits for a card; the one exception is
 * SCardCancel, which is quick and must get through while the pool's threads wait.
 *
 * Sources: pcsclite's `wintypes.h` and `pcsclite.h`, Microsoft's `winscard.h`.
 */
import koffi, { type LibraryHandle } from 'koffi';

/** Return codes the channel tells apart, as unsigned 32-bit numbers. */
export const PcscCode = {
  success: 0x00000000,
  cancelled: 0x80100002,
  invalidHandle: 0x80100003,
  unknownReader: 0x80100009,
  timeout: 0x8010000a,
  sharingViolation: 0x8010000b,
  noSmartcard: 0x8010000c,
  protoMismatch: 0x8010000f,
  commError: 0x80100013,
  notTransacted: 0x80100016,
  readerUnavailable: 0x80100017,
  noService: 0x8010001d,
  serviceStopped: 0x8010001e,
  noReadersAvailable: 0x8010002e,
  commDataLost: 0x8010002f,
  unsupportedCard: 0x80100065,
  unresponsiveCard: 0x80100066,
  unpoweredCard: 0x80100067,
  resetCard: 0x80100068,
  removedCard: 0x80100069,
} as const;

/** Bits of a reader's state (SCARD_STATE_*); the upper 16 bits count insertions and removals. */
export const ReaderStateBit = {
  unaware: 0x0000,
  changed: 0x0002,
  unknown: 0x0004,
  unavailable: 0x0008,
  empty: 0x0010,
  present: 0x0020,
  mute: 0x0200,
} as const;

/** The pseudo reader whose state changes when a reader comes or goes. */
export const PLUG_AND_PLAY_READER = '\\\\?PnP?\\Notification';

/** What happens to the card when it is let go: nothing, or power off, so that the next connection is a cold reset. */
const DISPOSITION = { leave: 0, unpower: 2 } as const;
const SCOPE_SYSTEM = 2;
const SHARE_SHARED = 2;
const PROTOCOL_T0_OR_T1 = 3;

/** Room for one response APDU: the longest short one is 258 bytes; what is longer is reported, not cut. */
const RESPONSE_BYTES = 1024;

export type PcscContext = number | bigint;
export type PcscCard = { handle: number | bigint; protocol: number };
export type WatchedReader = { name: string; state: number };

/** A call's return code, and what it gave where the code is `success`. */
type Called<T> = { code: number; value: T };

export interface PcscLibrary {
  establishContext(): Promise<Called<PcscContext>>;
  releaseContext(context: PcscContext): Promise<number>;
  listReaders(context: PcscContext): Promise<Called<string[]>>;
  /** Waits until a reader's state differs from the one given; gives the new states in the same order. */
  statusChange(
    context: PcscContext,
    readers: readonly WatchedReader[],
    timeoutMs: number,
  ): Promise<Called<WatchedReader[]>>;
  /** Ends a `statusChange` under way in this context. Does not block. */
  cancel(context: PcscContext): void;
  connect(context: PcscContext, reader: string): Promise<Called<PcscCard>>;
  answerToReset(card: PcscCard): Promise<Called<Uint8Array>>;
  transmit(card: PcscCard, apdu: Uint8Array): Promise<Called<Uint8Array>>;
  disconnect(card: PcscCard, disposition: 'leave' | 'unpower'): Promise<number>;
}

type ArgumentType = string | ReturnType<typeof koffi.pointer> | ReturnType<typeof koffi.out>;

type Native = { async: (...args: unknown[]) => void };

/** Loads the system's PC/SC library, or says why there is none. */
export function loadPcscLibrary(
  platform: NodeJS.Platform = process.platform,
): { ok: true; library: PcscLibrary } | { ok: false; detail: string } {
  const isWindows = platform === 'win32';
  try {
    return { ok: true, library: bind(koffi.load(isWindows ? 'winscard.dll' : 'libpcsclite.so.1'), isWindows) };
  } catch (cause) {
    return { ok: false, detail: cause instanceof Error ? cause.message : String(cause) };
  }
}

function bind(native: LibraryHandle, isWindows: boolean): PcscLibrary {
  // DWORD, LONG and handles are `long` in pcsclite; on Windows DWORD and LONG are 32 bits and handles are pointers' size.
  const dword = isWindows ? 'uint32_t' : 'ulong';
  const long = isWindows ? 'int32_t' : 'long';
  const handle = isWindows ? 'uintptr_t' : 'long';
  const text = isWindows ? 'str16' : 'str';
  const suffix = isWindows ? 'W' : '';
  const atrRoom = isWindows ? 36 : 33;
  const textEncoding = isWindows ? 'utf16le' : 'utf8';

  const dwordOut = koffi.out(koffi.pointer(dword));
  const dwordInOut = koffi.inout(koffi.pointer(dword));
  const handleOut = koffi.out(koffi.pointer(handle));
  const bytesOut = 'uint8_t *';

  const readerState = koffi.struct({
    szReader: text,
    pvUserData: 'void *',
    dwCurrentState: dword,
    dwEventState: dword,
    cbAtr: dword,
    rgbAtr: koffi.array('uint8_t', atrRoom),
  });
  const ioRequest = koffi.struct({ dwProtocol: dword, cbPciLength: dword });

  const declare = (name: string, args: ArgumentType[]): Native => native.func(name, long, args);
  const establish = declare('SCardEstablishContext', [dword, 'void *', 'void *', handleOut]);
  const release = declare('SCardReleaseContext', [handle]);
  const list = declare(`SCardListReaders${suffix}`, [handle, text, bytesOut, dwordInOut]);
  const getStatusChange = declare(`SCardGetStatusChange${suffix}`, [
    handle,
    dword,
    koffi.inout(koffi.pointer(readerState)),
    dword,
  ]);
  const cancelNow = native.func('SCardCancel', long, [handle]);
  const connectCard = declare(`SCardConnect${suffix}`, [handle, text, dword, dword, handleOut, dwordOut]);
  const status = declare(`SCardStatus${suffix}`, [
    handle,
    'void *',
    dwordInOut,
    dwordOut,
    dwordOut,
    bytesOut,
    dwordInOut,
  ]);
  const transmitApdu = declare('SCardTransmit', [
    handle,
    koffi.pointer(ioRequest),
    'const uint8_t *',
    dword,
    'void *',
    bytesOut,
    dwordInOut,
  ]);
  const disconnectCard = declare('SCardDisconnect', [handle, dword]);

  return {
    async establishContext() {
      const context: PcscContext[] = [0];
      const code = await call(establish, SCOPE_SYSTEM, null, null, context);
      return { code, value: context[0] ?? 0 };
    },

    releaseContext: (context) => call(release, context),

    async listReaders(context) {
      // pcsclite knows 16 readers with names of at most 128 bytes.
      const buffer = Buffer.alloc(8192);
      const length = [isWindows ? buffer.length / 2 : buffer.length];
      const code = await call(list, context, null, buffer, length);
      const bytes = Number(length[0] ?? 0) * (isWindows ? 2 : 1);
      const names = code === PcscCode.success ? buffer.toString(textEncoding, 0, bytes).split('\0') : [];
      return { code, value: names.filter((name) => name !== '') };
    },

    async statusChange(context, readers, timeoutMs) {
      const states = readers.map(({ name, state }) => ({
        szReader: name,
        pvUserData: null,
        dwCurrentState: state,
        dwEventState: 0,
        cbAtr: 0,
        rgbAtr: new Uint8Array(atrRoom),
      }));
      const code = await call(getStatusChange, context, timeoutMs, states, states.length);
      return { code, value: states.map(({ szReader, dwEventState }) => ({ name: szReader, state: dwEventState })) };
    },

    cancel(context) {
      cancelNow(context);
    },

    async connect(context, reader) {
      const card: (number | bigint)[] = [0];
      const protocol = [0];
      const code = await call(connectCard, context, reader, SHARE_SHARED, PROTOCOL_T0_OR_T1, card, protocol);
      return { code, value: { handle: card[0] ?? 0, protocol: Number(protocol[0] ?? 0) } };
    },

    async answerToReset(card) {
      const atr = Buffer.alloc(atrRoom);
      const length = [atr.length];
      const code = await call(status, card.handle, null, [0], [0], [0], atr, length);
      return { code, value: Uint8Array.from(atr.subarray(0, Number(length[0] ?? 0))) };
    },

    async transmit(card, apdu) {
      const response = Buffer.alloc(RESPONSE_BYTES);
      const length = [response.length];
      const request = { dwProtocol: card.protocol, cbPciLength: koffi.sizeof(ioRequest) };
      const code = await call(transmitApdu, card.handle, request, apdu, apdu.length, null, response, length);
      return { code, value: Uint8Array.from(response.subarray(0, Number(length[0] ?? 0))) };
    },

    disconnect: (card, disposition) => call(disconnectCard, card.handle, DISPOSITION[disposition]),
  };
}

/** Runs a native function on a pool thread and gives its return code as an unsigned 32-bit number. */
function call(native: Native, ...args: unknown[]): Promise<number> {
  return new Promise((resolve, reject) => {
    native.async(...args, (cause: unknown, code: number | bigint) => {
      if (cause !== null && cause !== undefined) reject(cause);
      else resolve(Number(BigInt.asUintN(32, BigInt(code))));
    });
  });
}
