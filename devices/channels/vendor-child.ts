/**
 * The process a vendor's library runs in. Its functions are called on this process's one thread: a function that hangs hangs nobody
 * else, and one that writes where it must not takes only this process with it. Started by `vendor-process.ts`.
 */
import { dirname, isAbsolute } from 'node:path';
import koffi, { type LibraryHandle } from 'koffi';
import { hearParent } from '../parent-process.ts';
import { cString, isSuccess, readFields } from '../vendor-library/library-output.ts';
import type { LibraryArgument, LibraryMapping, LibraryStep } from '../vendor-library/mapping.ts';
import { type OperationResult, refusalOf } from '../vendor-library/operations.ts';
import type { VendorAnswer, VendorRequest } from './vendor-messages.ts';

type Called = { ok: true } | { ok: false; code: number };

const handles = new Map<string, unknown>();
let library: { native: LibraryHandle; mapping: LibraryMapping } | null = null;

function handle(request: VendorRequest, answer: (message: VendorAnswer) => void): void {
  switch (request.kind) {
    case 'start':
      answer(start(request.mapping));
      break;
    case 'perform':
      answer({ kind: 'performed', id: request.id, result: perform(request.operation, request.inputs) });
      break;
    case 'stop':
      if (library !== null) runSteps(library.native, library.mapping.stop, {}, scratch());
      process.exit(0);
  }
}

function start(mapping: LibraryMapping): VendorAnswer {
  const path = mapping.library[process.platform as keyof LibraryMapping['library']];
  if (path === undefined)
    return { kind: 'notReady', reason: 'library-missing', detail: `none for ${process.platform}` };
  try {
    if (isAbsolute(path)) process.chdir(dirname(path));
    library = { native: koffi.load(path), mapping };
  } catch (cause) {
    return { kind: 'notReady', reason: 'library-missing', detail: String(cause) };
  }
  const steps = [...mapping.start, ...Object.values(mapping.operations).flatMap((one) => one.steps), ...mapping.stop];
  for (const step of steps) {
    try {
      declare(library.native, step);
    } catch {
      return { kind: 'notReady', reason: 'function-missing', detail: step.call };
    }
  }
  const started = runSteps(library.native, mapping.start, {}, scratch());
  if (!started.ok) return { kind: 'notReady', reason: 'start-refused', detail: `code ${started.code}` };
  return { kind: 'ready' };
}

function perform(name: string, inputs: Readonly<Record<string, string>>): OperationResult {
  const operation = library?.mapping.operations[name];
  if (library === null || operation === undefined) return { ok: false, reason: 'unknown-operation', detail: name };
  const output = scratch();
  const ran = runSteps(library.native, operation.steps, inputs, output);
  if (!ran.ok) {
    return { ok: false, reason: refusalOf(library.mapping.errors, String(ran.code)), detail: `code ${ran.code}` };
  }
  const read = readFields(operation.fields, output);
  return read.ok ? read : { ok: false, reason: 'garbled', detail: `field ${read.garbled}` };
}

/** Numbers that start functions kept are there for every operation. */
const numbersOfStart = new Map<string, number>();

type Scratch = { buffers: Map<string, Uint8Array>; numbers: Map<string, number> };

function scratch(): Scratch {
  return { buffers: new Map(), numbers: new Map(numbersOfStart) };
}

/** One function after the other; the first that fails ends it. */
function runSteps(
  native: LibraryHandle,
  steps: readonly LibraryStep[],
  inputs: Readonly<Record<string, string>>,
  output: Scratch,
): Called {
  for (const step of steps) {
    const given = step.arguments.map((one) => bind(one, inputs));
    const returned: unknown = declare(native, step)(...given.map(({ value }) => value));
    for (const { settle } of given) settle(output);
    if (typeof step.returns === 'object') {
      if (returned === null) return { ok: false, code: 0 };
      handles.set(step.returns.handle, returned);
      continue;
    }
    if (step.returns === 'void') continue;
    const code = Number(returned);
    if (!isSuccess(step, code)) return { ok: false, code };
    if (step.keep !== undefined) {
      output.numbers.set(step.keep, code);
      handles.set(step.keep, code);
      if (library?.mapping.start.includes(step) === true) numbersOfStart.set(step.keep, code);
    }
  }
  return { ok: true };
}

type NativeFunction = (...given: unknown[]) => unknown;
const declared = new Map<LibraryStep, NativeFunction>();

function declare(native: LibraryHandle, step: LibraryStep): NativeFunction {
  const known = declared.get(step);
  if (known !== undefined) return known;
  const returns = typeof step.returns === 'object' ? 'void *' : step.returns;
  const made = native.func(step.call, returns, step.arguments.map(typeOf)) as NativeFunction;
  declared.set(step, made);
  return made;
}

type ArgumentType = string | ReturnType<typeof koffi.out>;

function typeOf(argument: LibraryArgument): ArgumentType {
  if ('numberOut' in argument) return koffi.inout(koffi.pointer(argument.type));
  if ('number' in argument) return argument.type;
  if ('handleOut' in argument) return koffi.out(koffi.pointer('void *'));
  // A connection a library gives as a number is passed as one.
  if ('handle' in argument) return isNumberHandle(argument.handle) ? 'int32' : 'void *';
  return 'uint8_t *';
}

function isNumberHandle(name: string): boolean {
  const { mapping } = library ?? {};
  if (mapping === undefined) return false;
  const steps = [...mapping.start, ...Object.values(mapping.operations).flatMap((one) => one.steps)];
  return steps.some((step) => step.keep === name);
}

type Bound = { value: unknown; settle(output: Scratch): void };
const nothingToSettle = (): void => undefined;

/** An argument's value for one call, and what to take from it afterwards. */
function bind(argument: LibraryArgument, inputs: Readonly<Record<string, string>>): Bound {
  if ('numberOut' in argument) {
    const place = [argument.number];
    const settle = (output: Scratch) => void output.numbers.set(argument.numberOut, Number(place[0]));
    return { value: place, settle };
  }
  if ('number' in argument) return { value: argument.number, settle: nothingToSettle };
  if ('text' in argument) return { value: cString(argument.text, argument.encoding), settle: nothingToSettle };
  if ('input' in argument) {
    return { value: cString(inputs[argument.input] ?? '', argument.encoding), settle: nothingToSettle };
  }
  if ('handle' in argument) return { value: handles.get(argument.handle) ?? null, settle: nothingToSettle };
  if ('handleOut' in argument) {
    const place: unknown[] = [null];
    return { value: place, settle: () => void handles.set(argument.handleOut, place[0]) };
  }
  const buffer = Buffer.alloc(argument.bytes);
  return { value: buffer, settle: (output) => void output.buffers.set(argument.out, Uint8Array.from(buffer)) };
}

/**
 * A function that hangs keeps this thread from hearing that the kiosk has died, and the process would hold the device for ever: on
 * Linux the system ends it then. On Windows the next start finds the device in other hands, and says so.
 */
function dieWithParent(): void {
  if (process.platform !== 'linux') return;
  const setParentDeathSignal = 1;
  const sigkill = 9;
  try {
    const prctl = koffi.load('libc.so.6').func('prctl', 'int', ['int', 'ulong', 'ulong', 'ulong', 'ulong']);
    prctl(setParentDeathSignal, sigkill, 0, 0, 0);
  } catch {
    // Another C library: then as on Windows.
  }
}

dieWithParent();
hearParent(handle);
