/**
 * The kiosk behind a host under test. It stands apart from the suite because with Electron it runs in another process, where
 * there is no test runner.
 */
import type { PaperPages, ScreenAnswer, ScreenMessage, View } from '../../state-machines/contract/screen.ts';
import type { ScreenKiosk } from './screen-host.ts';

/** The kiosk of a rig, seen from the test. */
export interface KioskRemote {
  show(view: View): Promise<void>;
  /** Ids of the messages that reached the kiosk, in their order. */
  handled(): Promise<string[]>;
  /** How many listen to the kiosk's views. */
  listeners(): Promise<number>;
}

/** A kiosk that does what a test says: shows what it is given, and answers by the step a message names. */
export class ScriptedKiosk implements ScreenKiosk, KioskRemote {
  readonly #listeners = new Set<(view: View) => void>();
  readonly #handled: string[] = [];
  #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  subscribe(listener: (view: View) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#view);
    return () => this.#listeners.delete(listener);
  }

  handle(message: ScreenMessage): ScreenAnswer {
    this.#handled.push(message.id);
    if (message.step === 'breaks') throw new Error('a bug in a machine');
    if (message.step !== this.#view.step.id) return { ok: false, reason: 'stale' };
    return message.event.type === 'print' ? { ok: false, reason: 'not-now' } : { ok: true };
  }

  async paper(resource: string): Promise<PaperPages> {
    if (resource === 'breaks') throw new Error('a bug in a layout');
    return resource === 'proof' ? { mime: 'image/svg+xml', pages: ['<svg>一</svg>', '<svg>二</svg>'] } : null;
  }

  async show(view: View): Promise<void> {
    this.#view = view;
    for (const listener of this.#listeners) listener(view);
  }

  async handled(): Promise<string[]> {
    return [...this.#handled];
  }

  async listeners(): Promise<number> {
    return this.#listeners.size;
  }
}

/** A view whose step is `step-${seq}`; its title holds what a wire might bend. */
export function viewNumber(seq: number): View {
  return {
    contract: 1,
    seq,
    header: {
      hall: '南城社保大厅',
      terminal: 'T-01',
      hotline: '12333',
      nowMs: 1_790_000_000_000 + seq,
      line: { state: 'online', text: '在线' },
      visitor: null,
      appearance: { language: 'zh', theme: 'light', size: 'normal', lowReach: false },
      helpCalled: false,
    },
    step: { id: `step-${seq}`, kind: 'list', title: '请选择 𠮷㐀\u2028·"<', sections: [], empty: '' },
  };
}

/** A message that a screen could send on that view. */
export function messageOn(seq: number, id: string, event: ScreenMessage['event'] = { type: 'next' }): ScreenMessage {
  return { contract: 1, id, step: `step-${seq}`, event };
}
