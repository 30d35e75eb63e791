type ParentPort = {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
};

/**
 * The child's end of `ChildPort`, under Node with an IPC channel or as Electron's utility process: `handle` gets each request and what
 * answers it. Under Node the child ends when the kiosk is gone.
 */
export function hearParent<Request, Answer>(
  handle: (request: Request, answer: (message: Answer) => void) => void,
): void {
  const { parentPort } = process as { parentPort?: ParentPort };
  if (parentPort) {
    parentPort.on('message', ({ data }) => handle(data as Request, (message) => parentPort.postMessage(message)));
    return;
  }
  process.on('message', (request) => handle(request as Request, (message) => void process.send?.(message)));
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole group; the kiosk ends its children itself, once what is under way has finished.
  process.on('SIGINT', () => {});
}
