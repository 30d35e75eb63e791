import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The kiosk's end of a child process. `onExit` fires once, also when the child could not be started. */
export type ChildPort<Request, Answer> = {
  readonly pid: number | undefined;
  post(request: Request): void;
  onAnswer(listener: (answer: Answer) => void): void;
  onExit(listener: () => void): void;
  kill(): void;
};

/**
 * Starts a child under this Node: `module` is a source, or what the bundle made of it. What it complains of goes where the kiosk's own
 * complaints go, unless `isSilent`. The child hears with `hearParent` (parent-process.ts).
 */
export function forkChild<Request, Answer>(module: URL, { isSilent = false } = {}): ChildPort<Request, Answer> {
  const child = fork(fileURLToPath(module), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', isSilent ? 'ignore' : 'inherit', 'ipc'],
    execArgv: [],
  });
  const gone = Promise.withResolvers<void>();
  child.once('exit', () => gone.resolve());
  child.on('error', () => gone.resolve());
  return {
    pid: child.pid,
    post(request) {
      // A child that is just going has its exit reported; the failed send adds nothing.
      if (child.connected) child.send(request as object, () => {});
    },
    onAnswer: (listener) => void child.on('message', (message) => listener(message as Answer)),
    onExit: (listener) => void gone.promise.then(listener),
    // SIGKILL: one that hangs in a library hears nothing else.
    kill: () => void child.kill('SIGKILL'),
  };
}
