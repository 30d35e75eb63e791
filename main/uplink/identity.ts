import type { KeyObject } from 'node:crypto';
import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { canonicalJson } from '../../state-machines/contract/central/canonical.ts';
import type { PublicKey } from '../../state-machines/contract/central/envelope.ts';
import { publicKeySchema } from '../../state-machines/contract/central/envelope.ts';
import type { Marks } from '../../state-machines/contract/central/kiosk.ts';
import { assertionAudience } from '../../state-machines/contract/central/kiosk.ts';
import type { UnprovedRequest } from '../store/outbox.ts';
import type { KeptPrivateFile } from '../store/private-file.ts';
import { keepPrivateFile, readPrivateFile, writePrivateFile } from '../store/private-file.ts';

/** What the centre said when this kiosk was enrolled. `root` is its key that signs catalogues, pinned from then on. */
export type Enrolment = { kiosk: string; name: string; hall: string; epoch: number; root: PublicKey };

const privateKeySchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
});

const identityFileSchema = z.object({
  version: z.literal(1),
  privateKey: privateKeySchema,
  enrolment: z
    .object({
      kiosk: z.string(),
      name: z.string(),
      hall: z.string(),
      epoch: z.number().int().positive(),
      root: publicKeySchema,
    })
    .nullable(),
});
type IdentityFile = z.infer<typeof identityFileSchema>;

/** The kiosk's word that a request was made under a grant, or by a card, as a compact JWS (contract: requestSchema). */
export type ProveRequest = (request: Pick<UnprovedRequest, 'id' | 'body' | 'authority' | 'madeAt'>) => Promise<string>;

/** Who this kiosk is to the centre. Signing takes no file and no wait, except where it says so. */
export type Identity = {
  /** `kid` is the key's thumbprint (RFC 7638). */
  publicKey: PublicKey;
  /** Null until staff have enrolled the kiosk. */
  enrolment(): Enrolment | null;
  /** Keeps what the centre said, durably. */
  recordEnrolment(enrolment: Enrolment): { ok: true } | { ok: false; reason: 'unwritable'; detail: string };
  /** Writes its file again where that is gone or another one stands in its place. */
  keepFile(nowMs: number): KeptPrivateFile;
  /** The proof of {@link enrolKiosk}: a compact JWS over the code. */
  enrolmentProof(code: string): string;
  /** A client assertion for {@link requestToken}, good for two minutes of the clock it is given. */
  assertion(options: { kiosk: string; jti: string; nowMs: number; marks?: Marks }): Promise<string>;
  /** Something the kiosk says of itself, as a compact JWS over its JSON. */
  statement(claims: object): string;
  /** The proof of an outbox row. Signed beside the event loop: a full batch would hold up a touch by milliseconds. */
  proveRequest: ProveRequest;
};

export type OpenedIdentity =
  | { ok: true; identity: Identity; created: boolean; tightened: boolean }
  | { ok: false; reason: 'unreadable' | 'malformed' | 'unwritable'; detail: string };

const assertionLifeSeconds = 120;

/** Reads the kiosk's key pair (ES256) and enrolment from a file only its user may read; makes the key on first use. */
export function openIdentity(path: string): OpenedIdentity {
  const file = readPrivateFile(path);
  if (file.ok) {
    const content = parseIdentity(file.text);
    if (!content) return { ok: false, reason: 'malformed', detail: 'not an identity file' };
    return { ok: true, identity: identityOf(path, content, file.text), created: false, tightened: file.tightened };
  }
  if (file.reason === 'unreadable') return { ok: false, reason: 'unreadable', detail: file.detail };
  const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const content: IdentityFile = { version: 1, privateKey: privateKeySchema.parse(jwk), enrolment: null };
  const text = textOf(content);
  const written = writePrivateFile(path, text);
  return written.ok
    ? { ok: true, identity: identityOf(path, content, text), created: true, tightened: false }
    : written;
}

function parseIdentity(text: string): IdentityFile | null {
  try {
    const content = identityFileSchema.parse(JSON.parse(text));
    createPrivateKey({ format: 'jwk', key: content.privateKey });
    return content;
  } catch {
    return null;
  }
}

function textOf(content: IdentityFile): string {
  return `${JSON.stringify(content)}\n`;
}

function identityOf(path: string, content: IdentityFile, written: string): Identity {
  const key = createPrivateKey({ format: 'jwk', key: content.privateKey });
  const publicKey = publicKeyOf(key);
  const signer = signerOf(key, publicKey.kid);
  let enrolment = content.enrolment;
  let text = written;

  return {
    publicKey,
    enrolment: () => enrolment,
    recordEnrolment(fresh) {
      const next = textOf({ ...content, enrolment: fresh });
      const step = writePrivateFile(path, next);
      if (!step.ok) return step;
      enrolment = fresh;
      text = next;
      return step;
    },
    keepFile: (nowMs) => keepPrivateFile(path, text, nowMs),
    enrolmentProof: (code) => compactJws(signer, code),
    statement: (claims) => compactJws(signer, JSON.stringify(claims)),
    assertion({ kiosk, jti, nowMs, marks }) {
      const iat = Math.floor(nowMs / 1000);
      return new SignJWT(marks === undefined ? {} : { marks })
        .setProtectedHeader({ alg: 'ES256', kid: publicKey.kid })
        .setIssuer(kiosk)
        .setSubject(kiosk)
        .setAudience(assertionAudience)
        .setJti(jti)
        .setIssuedAt(iat)
        .setExpirationTime(iat + assertionLifeSeconds)
        .sign(key);
    },
    async proveRequest({ id, body, authority: { grant, card }, madeAt }) {
      const claims = {
        jti: id,
        body: digest(canonicalJson(body)),
        grant: grant === null ? null : digest(grant),
        ...(card ? { card: digest(canonicalJson(card)) } : {}),
        iat: Math.floor(madeAt / 1000),
      };
      const input = signingInput(signer, JSON.stringify(claims));
      return joined(input, await signAside('sha256', Buffer.from(input, 'ascii'), key));
    },
  };
}

function publicKeyOf(key: KeyObject): PublicKey {
  const { x, y } = publicKeySchema.omit({ kid: true }).parse(createPublicKey(key).export({ format: 'jwk' }));
  // RFC 7638: the required members in this order, without spaces.
  const kid = digest(JSON.stringify({ crv: 'P-256', kty: 'EC', x, y }));
  return { kty: 'EC', crv: 'P-256', x, y, kid };
}

/** A key, and the protected header of everything it signs. */
type Signer = { key: KeyObject; head: string };

function signerOf(key: KeyObject, kid: string): Signer {
  return { key, head: Buffer.from(JSON.stringify({ alg: 'ES256', kid }), 'utf8').toString('base64url') };
}

const signAside = promisify(sign);

/**
 * Compact JWS, ES256, at once. jose signs with promises only, and each of its signatures costs four times as much; so the two lines of RFC 7515
 * section 5.1 stand here.
 */
function compactJws(signer: Signer, payload: string): string {
  const input = signingInput(signer, payload);
  return joined(input, sign('sha256', Buffer.from(input, 'ascii'), signer.key));
}

function signingInput({ head }: Signer, payload: string): string {
  return `${head}.${Buffer.from(payload, 'utf8').toString('base64url')}`;
}

function joined(input: string, der: Buffer): string {
  return `${input}.${joseSignature(der).toString('base64url')}`;
}

/** Bytes of each of the two numbers of a P-256 signature. */
const numberBytes = 32;

/**
 * The signature as RFC 7518 section 3.4 wants it, R and S of 32 bytes each, from the DER that OpenSSL makes:
 *
 * ```
 * 30 len  02 len R  02 len S      each number big-endian, without leading zeros but one that keeps it positive
 * ```
 *
 * Node can give this form itself, but takes twice as long for the whole signature (18 and 40 us on Node 24), in every request that is kept.
 */
function joseSignature(der: Buffer): Buffer {
  const rLength = der.readUInt8(3);
  const r = der.subarray(4, 4 + rLength);
  const s = der.subarray(4 + rLength + 2);
  const signature = Buffer.alloc(2 * numberBytes);
  for (const [number, end] of [
    [r, numberBytes],
    [s, 2 * numberBytes],
  ] as const) {
    const digits = number.subarray(Math.max(0, number.length - numberBytes));
    signature.set(digits, end - digits.length);
  }
  return signature;
}

function digest(text: string): string {
  return hash('sha256', text, 'base64url');
}
