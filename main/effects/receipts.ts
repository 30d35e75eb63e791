import type { PrintReceiptOptions, ReceiptPrinter, ReceiptReason } from '../../devices/receipt-printer/adapter.ts';
import type { Receipt, ReceiptLine } from '../../devices/receipt-printer/receipt.ts';
import type { Login } from '../../state-machines/contract/central/identity.ts';
import { maskName } from '../../state-machines/contract/words/person.ts';
import type { Effects, PrintOrder, PrintProgress, PrintResult, Slip, Visit } from '../../state-machines/effects.ts';
import type { TroubleReason } from '../../state-machines/troubles.ts';
import type { Log } from '../log.ts';

type ReceiptOrder = Extract<PrintOrder, { kind: 'receipt' }>;

/** What stands on every receipt. */
type ReceiptHead = { hall: string; terminal: string; hotline: string };

/** Prints slips on the receipt printer. */
type ReceiptEffects = {
  print(
    visit: Visit,
    login: Login | null,
    order: ReceiptOrder,
    onProgress: (progress: PrintProgress) => void,
  ): ReturnType<Effects['print']>;
  /** Resolves once no receipt is under way. */
  idle(): Promise<void>;
};

/**
 * A receipt is printed once: what may be on paper is not printed again, and one that waits for staff is given up with its visitor, so that a
 * refill prints nothing for somebody who has gone. One that is being printed is finished.
 */
export function createReceiptEffects(parts: {
  printer: ReceiptPrinter | null;
  head: () => ReceiptHead;
  /** The hall's: by it the receipt tells the time. */
  timeZone: string;
  nowMs: () => number;
  /** How long staff have to help before a receipt is given up. */
  attentionMs: number;
  log: Log;
}): ReceiptEffects {
  const { printer, head, timeZone, nowMs, attentionMs, log } = parts;
  const underWay = new Set<Promise<PrintResult>>();

  return {
    print(visit, login, order, onProgress) {
      const life = new AbortController();
      let isWaiting = true;
      let isGone = false;
      const settle = () => {
        if (isGone && isWaiting) life.abort();
      };
      const done = print(visit, login, order.slip, {
        signal: life.signal,
        attentionMs,
        onProgress(progress) {
          isWaiting = progress.state === 'waiting';
          settle();
          if (progress.state === 'printing') onProgress({ state: 'printing', number: null });
          else {
            const untilMs = nowMs() + attentionMs;
            onProgress({ state: 'waiting', reason: troubleOf(progress.reason), untilMs, number: null });
          }
        },
      });
      underWay.add(done);
      void done.finally(() => underWay.delete(done));
      return {
        done,
        abandon() {
          isGone = true;
          settle();
        },
      };
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled([...underWay]);
    },
  };

  async function print(
    visit: Visit,
    login: Login | null,
    slip: Slip,
    options: PrintReceiptOptions,
  ): Promise<PrintResult> {
    if (printer === null) return { ok: false, reason: 'receipt-printer-out' };
    const maskedName = login === null ? null : maskName(login.parties.actor.name);
    const time = new Date(nowMs()).toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
    const printed = await printer.print(receiptOf(slip, { ...head(), maskedName, time }), options);
    const about = { trace: visit.trace, device: printer.id };
    if (!printed.ok) {
      log.warn('receipt.not-printed', { ...about, why: printed.reason });
      return { ok: false, reason: 'receipt-printer-out' };
    }
    const outcome = printed.value;
    switch (outcome.kind) {
      case 'printed':
        log.info('receipt.printed', about);
        return { ok: true, number: null, pages: 1, copies: 1 };
      case 'failed-before-paper':
        log.warn('receipt.not-printed', { ...about, why: outcome.reason, characters: outcome.characters.length });
        return { ok: false, reason: troubleOf(outcome.reason) };
      case 'failed-maybe-printed':
        log.warn('receipt.uncertain', { ...about, why: outcome.reason });
        return { ok: false, reason: 'receipt-uncertain' };
    }
  }
}

/** A slip as lines, from the hall's name to the hotline. */
export function receiptOf(
  { title, number, rows, notes }: Slip,
  head: ReceiptHead & { maskedName: string | null; time: string },
): Receipt {
  const row = (left: string, right: string): ReceiptLine => ({ kind: 'row', left, right });
  return {
    lines: [
      { kind: 'text', text: head.hall, isCentred: true },
      { kind: 'text', text: title, isCentred: true, isLarge: true },
      { kind: 'rule' },
      ...(head.maskedName === null ? [] : [row('姓名', head.maskedName)]),
      ...rows.map(({ label, value }) => row(label, value)),
      { kind: 'rule' },
      { kind: 'text', text: number.label, isCentred: true },
      { kind: 'text', text: number.value, isCentred: true, isLarge: true, isBold: true },
      { kind: 'code', text: number.value },
      ...notes.map((text): ReceiptLine => ({ kind: 'text', text })),
      { kind: 'rule' },
      row(head.terminal, head.time),
      row('咨询电话', head.hotline),
      { kind: 'feed', lines: 2 },
    ],
  };
}

function troubleOf(reason: ReceiptReason): TroubleReason {
  switch (reason) {
    case 'paper-out':
      return 'receipt-paper-out';
    case 'cover-open':
      return 'receipt-cover-open';
    case 'cutter':
    case 'jammed':
      return 'receipt-jam';
    case 'unprintable':
      return 'receipt-unprintable';
    default:
      return 'receipt-printer-out';
  }
}
