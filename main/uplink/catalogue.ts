import { compactVerify, importJWK } from 'jose';
import { z } from 'zod';
import type { Catalogue } from '../../state-machines/contract/central/catalogue.ts';
import { catalogueSchema } from '../../state-machines/contract/central/catalogue.ts';
import type { PublicKey } from '../../state-machines/contract/central/envelope.ts';
import { readBy } from '../../state-machines/contract/read.ts';
import type { StoreFailure } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import type { CallFailure } from './call-result.ts';
import type { CentralClient } from './client.ts';

/** What became of asking. `forged`: not signed by the pinned key. `older`: below the version at hand; a replayed catalogue is not taken. */
export type Refreshed =
  | { ok: true; changed: boolean; version: number }
  | CallFailure
  | StoreFailure
  | { ok: false; reason: 'forged' | 'malformed' | 'older' | 'no-root-key'; detail: string };

export type CatalogueCopy = {
  /** The catalogue in force, null before the first was heard. */
  current(): Catalogue | null;
  /** Takes up the copy kept in the store, verifying it again: a file that was tampered with gives nothing. */
  load(): Promise<Refreshed>;
  /** Asks the centre. A new catalogue is kept and in force whole, or not at all. */
  refresh(signal?: AbortSignal): Promise<Refreshed>;
  /** Told of every catalogue that comes into force. */
  subscribe(listener: (catalogue: Catalogue) => void): () => void;
};

const settingName = 'catalogue';
const keptSchema = z.object({ signed: z.string() });

/** The kiosk's copy of the centre's catalogue. `root` is the key pinned at enrolment, null before. */
export function catalogueCopy(options: {
  store: Store;
  client: CentralClient;
  root: () => PublicKey | null;
}): CatalogueCopy {
  const { store, client } = options;
  const listeners = new Set<(catalogue: Catalogue) => void>();
  let current: Catalogue | null = null;

  async function verify(
    signed: string,
  ): Promise<{ ok: true; catalogue: Catalogue } | Exclude<Refreshed, { ok: true }>> {
    const root = options.root();
    if (!root) return { ok: false, reason: 'no-root-key', detail: 'not enrolled' };
    const payload = await openSigned(signed, root);
    if (!payload) return { ok: false, reason: 'forged', detail: 'the signature is not by the pinned key' };
    const parsed = readBy(catalogueSchema, parseJson(payload));
    if (!parsed.success)
      return { ok: false, reason: 'malformed', detail: parsed.error.issues[0]?.path.join('.') ?? '' };
    if (current && parsed.data.version < current.version) {
      return { ok: false, reason: 'older', detail: `${parsed.data.version} after ${current.version}` };
    }
    return { ok: true, catalogue: parsed.data };
  }

  function takeUp(catalogue: Catalogue): Refreshed {
    const changed = catalogue.version !== current?.version;
    if (changed) {
      current = catalogue;
      for (const listener of [...listeners]) listener(catalogue);
    }
    return { ok: true, changed, version: catalogue.version };
  }

  return {
    current: () => current,
    async load() {
      const kept = store.readSetting(settingName);
      if (!kept.ok) return kept;
      if (kept.value === null) return { ok: true, changed: false, version: 0 };
      const parsed = keptSchema.safeParse(kept.value);
      if (!parsed.success) return { ok: false, reason: 'malformed', detail: 'the copy kept here' };
      const verified = await verify(parsed.data.signed);
      return verified.ok ? takeUp(verified.catalogue) : verified;
    },
    async refresh(signal) {
      const result = await client.call('fetchCatalogue', signal === undefined ? {} : { signal });
      if (!result.ok) return result;
      const { signed } = result.answer;
      const verified = await verify(signed);
      if (!verified.ok) return verified;
      if (verified.catalogue.version !== current?.version) {
        const kept = store.writeSetting(settingName, { signed });
        if (!kept.ok) return kept;
      }
      return takeUp(verified.catalogue);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The payload of a compact JWS by this key, null where it is not. */
async function openSigned(signed: string, root: PublicKey): Promise<Uint8Array | null> {
  try {
    const verified = await compactVerify(signed, await importJWK(root, 'ES256'), { algorithms: ['ES256'] });
    return verified.payload;
  } catch {
    return null;
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
