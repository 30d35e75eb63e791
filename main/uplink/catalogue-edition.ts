import { compactVerify, importJWK } from 'jose';
import type { AdmittedIssuers } from '../../state-machines/certificates/issuers.ts';
import type { Catalogue } from '../../state-machines/contract/central/catalogue.ts';
import { catalogueSchema } from '../../state-machines/contract/central/catalogue.ts';
import type { PublicKey } from '../../state-machines/contract/central/envelope.ts';
import { readBy } from '../../state-machines/contract/read.ts';
import { readAdmittedIssuers } from '../certificates/admitted-issuers.ts';

/** An edition of the catalogue with all that is read out of it; nothing of it counts before all of it was checked. */
export type Edition = {
  catalogue: Catalogue;
  issuers: AdmittedIssuers;
  /** Numbers of withdrawn papers. */
  withdrawn: ReadonlySet<string>;
};

/** `forged`: not signed by the pinned key. `malformed`: it is, and not of the contract. `detail` is for the log. */
export type EditionFailure = { ok: false; reason: 'forged' | 'malformed'; detail: string };

/** Opens a signed edition, and the list of issuers in it, which is signed on its own: both by the pinned key, or nothing. Total. */
export async function openEdition(
  signed: string,
  root: PublicKey,
): Promise<{ ok: true; edition: Edition } | EditionFailure> {
  const payload = await openSigned(signed, root);
  if (payload === null) return { ok: false, reason: 'forged', detail: 'the signature is not by the pinned key' };
  const parsed = readBy(catalogueSchema, parseJson(payload));
  if (!parsed.success) return { ok: false, reason: 'malformed', detail: parsed.error.issues[0]?.path.join('.') ?? '' };
  const catalogue = parsed.data;
  const { kty, crv, x, y } = root;
  const issuers = await readAdmittedIssuers(catalogue.issuers, { rootKey: { kty, crv, alg: 'ES256', x, y } });
  if (!issuers.ok) {
    const reason = issuers.reason === 'bad-signature' ? 'forged' : 'malformed';
    return { ok: false, reason, detail: `issuers: ${issuers.reason}` };
  }
  return {
    ok: true,
    edition: { catalogue, issuers: issuers.issuers, withdrawn: new Set(catalogue.withdrawals) },
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
