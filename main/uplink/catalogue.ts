import { z } from 'zod';
import type { AdmittedIssuers } from '../../state-machines/certificates/issuers.ts';
import type { Article, Catalogue, Notice, Settings } from '../../state-machines/contract/central/catalogue.ts';
import type { PublicKey } from '../../state-machines/contract/central/envelope.ts';
import type { StoreFailure } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import type { CallFailure } from './call-result.ts';
import { type Edition, type EditionFailure, openEdition } from './catalogue-edition.ts';
import type { CentralClient } from './client.ts';

/** What became of asking. `older`: below the edition at hand; one that is played back is not taken. */
export type Refreshed =
  | { ok: true; changed: boolean; version: number }
  | CallFailure
  | StoreFailure
  | EditionFailure
  | { ok: false; reason: 'older' | 'no-root-key'; detail: string };

export type CatalogueCopy = {
  /** The catalogue in force, null before the first was heard. */
  current(): Catalogue | null;
  /** The issuers papers are checked by, of the same edition; null before the first. */
  issuers(): AdmittedIssuers | null;
  /** Whether the centre has withdrawn the paper of this number, as far as the edition in force knows. */
  isWithdrawn(number: string): boolean;
  /** What the hall shows on this day (`YYYY-MM-DD`): urgent notices first, each kind in the centre's order. */
  notices(today: string): readonly Notice[];
  /** The knowledge base. */
  articles(): readonly Article[];
  /** What the centre has set for its kiosks; what is left out stays as the terminal's own configuration has it. */
  settings(): Settings;
  /** Takes up the copy kept in the store, verifying it again: a file that was tampered with gives nothing. */
  load(): Promise<Refreshed>;
  /** Asks the centre for an edition newer than the one in force. A new one is kept and in force whole, or not at all. */
  refresh(signal?: AbortSignal): Promise<Refreshed>;
  /** Told of every catalogue that comes into force. */
  subscribe(listener: (catalogue: Catalogue) => void): () => void;
};

type Asked = { ok: true; signed: string } | { ok: true; signed: null; version: number };

const settingName = 'catalogue';
const keptSchema = z.object({ signed: z.string() });

/** The largest edition comes through a line of 1 Mbit/s in this time. */
const editionTimeoutMs = 130_000;

/** The kiosk's copy of the centre's catalogue. `root` is the key pinned at enrolment, null before. */
export function catalogueCopy(options: {
  store: Pick<Store, 'readSetting' | 'writeSetting'>;
  client: Pick<CentralClient, 'call'>;
  root: () => PublicKey | null;
}): CatalogueCopy {
  const { store, client } = options;
  const listeners = new Set<(catalogue: Catalogue) => void>();
  let inForce: Edition | null = null;

  /** Opens a signed edition and takes it up; `keep` makes sure of it first. */
  async function take(signed: string, keep: () => { ok: true } | StoreFailure): Promise<Refreshed> {
    const root = options.root();
    if (root === null) return { ok: false, reason: 'no-root-key', detail: 'not enrolled' };
    const opened = await openEdition(signed, root);
    return opened.ok ? takeUp(opened.edition, keep) : opened;
  }

  /** Judged and taken in one step: another that was asked for meanwhile may have come into force since this one was opened. */
  function takeUp(edition: Edition, keep: () => { ok: true } | StoreFailure): Refreshed {
    const { catalogue } = edition;
    const { version } = catalogue;
    if (inForce !== null) {
      if (version < inForce.catalogue.version) return older(version, inForce.catalogue.version);
      if (version === inForce.catalogue.version) return { ok: true, changed: false, version };
      // An older list would bring a withdrawn seal back.
      if (edition.issuers.serial < inForce.issuers.serial) return older(edition.issuers.serial, inForce.issuers.serial);
    }
    const kept = keep();
    if (!kept.ok) return kept;
    inForce = edition;
    for (const listener of [...listeners]) listener(catalogue);
    return { ok: true, changed: true, version };
  }

  /**
   * The newest edition where it is newer than `have`, else its version. The whole is asked of a centre that does not know the cursor, or not this one; a
   * line or a centre in trouble is no such answer.
   */
  async function ask(have: number, signal: AbortSignal | undefined): Promise<Asked | CallFailure> {
    const patience = { timeoutMs: editionTimeoutMs, ...(signal === undefined ? {} : { signal }) };
    const changes = await client.call('fetchChanges', { body: { have }, ...patience });
    if (changes.ok) {
      const { answer } = changes;
      if (answer.state === 'newer') return { ok: true, signed: answer.signed };
      if (answer.version <= have) return { ok: true, signed: null, version: answer.version };
    } else if (changes.reason !== 'refused' && changes.reason !== 'nonsense') return changes;
    const whole = await client.call('fetchCatalogue', patience);
    return whole.ok ? { ok: true, signed: whole.answer.signed } : whole;
  }

  return {
    current: () => inForce?.catalogue ?? null,
    issuers: () => inForce?.issuers ?? null,
    isWithdrawn: (number) => inForce?.withdrawn.has(number) ?? false,
    notices(today) {
      const shown = (inForce?.catalogue.notices ?? []).filter(
        ({ from, until }) => from <= today && (until === null || today <= until),
      );
      return [...shown.filter(({ isUrgent }) => isUrgent), ...shown.filter(({ isUrgent }) => !isUrgent)];
    },
    articles: () => inForce?.catalogue.articles ?? [],
    settings: () => inForce?.catalogue.settings ?? {},
    async load() {
      const kept = store.readSetting(settingName);
      if (!kept.ok) return kept;
      if (kept.value === null) return { ok: true, changed: false, version: 0 };
      const parsed = keptSchema.safeParse(kept.value);
      if (!parsed.success) return { ok: false, reason: 'malformed', detail: 'the copy kept here' };
      return take(parsed.data.signed, () => ({ ok: true }));
    },
    async refresh(signal) {
      const have = inForce?.catalogue.version ?? 0;
      const asked = await ask(have, signal);
      if (!asked.ok) return asked;
      const { signed } = asked;
      if (signed === null) {
        const { version } = asked;
        return version < have ? older(version, have) : { ok: true, changed: false, version };
      }
      return take(signed, () => store.writeSetting(settingName, { signed }));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function older(version: number, than: number): Refreshed {
  return { ok: false, reason: 'older', detail: `${version} after ${than}` };
}
