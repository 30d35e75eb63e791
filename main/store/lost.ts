import { latestAuditMs } from './audit.ts';
import type { ReadableDatabase, WritableDatabase } from './database.ts';
import { readSetting, writeSetting } from './settings.ts';

/**
 * Requests, and papers that were asked for, that could not be saved or cannot be read any more, by their ids: those of a store never go backwards
 * (`Store.newId`). Both ends belong to the range.
 */
export type LostRange = { from: string; to: string };

/** The name of the setting under which stand those that the centre has not been told of (uplink/epoch.ts). */
export const lostSetting = 'lost-untold';

/** The name of the setting under which stands the instant from which a rebuilt store goes on with its ids: past all that may have been lost. */
export const idsSetting = 'ids-from';

/** The latest instant that an id was of, as far as the file knows: it may be past that of the clock. */
export function latestIdMs(database: ReadableDatabase): number {
  const from = readSetting(database, idsSetting);
  return Math.max(latestAuditMs(database), typeof from === 'number' ? from : 0);
}

/** Ranges that are kept apart; more are joined to the last. */
const mostRanges = 1_000;

/** Names an id, inside the caller's transaction that settles or sets aside what it was of. */
export function nameLost(database: WritableDatabase, id: string, nowMs: number): void {
  const named = (readSetting(database, lostSetting) as LostRange[] | null) ?? [];
  const last = named.at(-1);
  if (named.some(({ from, to }) => from <= id && id <= to)) return;
  const ranges =
    last === undefined || named.length < mostRanges
      ? [...named, { from: id, to: id }]
      : [...named.slice(0, -1), { from: id < last.from ? id : last.from, to: id > last.to ? id : last.to }];
  writeSetting(database, lostSetting, ranges, nowMs);
}
