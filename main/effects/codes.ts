import type { QrFailure } from '../../state-machines/certificates/qr.ts';
import { openQr } from '../../state-machines/certificates/qr.ts';
import { readCertificateCode } from '../../state-machines/contract/words/certificate-code.ts';
import { maskName } from '../../state-machines/contract/words/person.ts';
import type { CodeCheck, Effects } from '../../state-machines/effects.ts';
import { verifySignature } from '../certificates/node-crypto.ts';
import type { CatalogueCopy } from '../uplink/catalogue.ts';
import type { CentralClient } from '../uplink/client.ts';
import { troubleOfCall } from './centre-troubles.ts';

/** How long the centre is waited for when the signature alone already proves a paper. */
const standingTimeoutMs = 2_500;

/** Checks a scanned QR offline by its signature and the list of withdrawn papers, or a typed code at the centre. */
export function createCodeEffects(parts: {
  client: CentralClient;
  catalogue: Pick<CatalogueCopy, 'issuers' | 'isWithdrawn'>;
}): Pick<Effects, 'checkCode'> {
  const { client, catalogue } = parts;
  return {
    async checkCode(text, signal) {
      const code = readCertificateCode(text);
      if (code !== null) return checkTypedCode(code, signal);
      const issuers = catalogue.issuers();
      if (issuers === null) return { ok: false, reason: 'centre-unreachable' };
      const opened = await openQr(text.trim(), { issuers, verify: verifySignature });
      if (!opened.ok) {
        const check = failedCheck(opened.reason);
        return check === null ? { ok: false, reason: 'code-unreadable' } : { ok: true, check };
      }
      const { claim, issuer } = opened;
      const standing = await standingOf(claim.number, signal);
      return {
        ok: true,
        check: {
          kind: 'genuine',
          by: 'signature',
          number: claim.number,
          layout: claim.layout,
          maskedName: maskName(claim.name),
          maskedNumber: claim.maskedNumber,
          issuer: issuer.name,
          issuedOn: claim.issuedOn,
          standing,
        },
      };
    },
  };

  async function checkTypedCode(code: string, signal: AbortSignal): ReturnType<Effects['checkCode']> {
    const found = await client.call('lookUpCode', { params: { code }, signal });
    if (!found.ok) return { ok: false, reason: troubleOfCall(found) };
    const { answer } = found;
    if (answer.state === 'unknown') return { ok: true, check: { kind: 'unknown-code' } };
    const { number, layout, maskedName, maskedNumber, issuedOn, issuer, state } = answer;
    return {
      ok: true,
      check: {
        kind: 'genuine',
        by: 'centre',
        number,
        layout,
        maskedName,
        maskedNumber,
        issuer,
        issuedOn,
        standing: state,
      },
    };
  }

  /**
   * What the centre knows of this number since. Where it does not say in time, its list of withdrawn papers does; null for one that is not on it, since
   * the signature stands by itself.
   */
  async function standingOf(number: string, signal: AbortSignal): Promise<'good' | 'withdrawn' | 'void' | null> {
    const found = await client.call('lookUpNumber', { params: { number }, signal, timeoutMs: standingTimeoutMs });
    if (found.ok && found.answer.state !== 'unknown') return found.answer.state;
    return catalogue.isWithdrawn(number) ? 'withdrawn' : null;
  }
}

/**
 * What a code is that proves nothing; null where it cannot be said, since a scanner that types may have dropped a key: only a seal that
 * was read whole and does not fit is called false.
 */
function failedCheck(reason: QrFailure): CodeCheck | null {
  switch (reason) {
    case 'not-a-certificate-code':
      return { kind: 'not-ours' };
    case 'bad-signature':
      return { kind: 'forged' };
    case 'unknown-issuer':
      return { kind: 'unknown-issuer' };
    case 'issuer-expired':
    case 'issuer-not-yet-admitted':
      return { kind: 'issuer-not-admitted', why: 'expired' };
    case 'issuer-withdrawn':
      return { kind: 'issuer-not-admitted', why: 'withdrawn' };
    case 'malformed':
    case 'trailing-bytes':
    case 'not-canonical':
    case 'algorithm-unsupported':
    case 'layout-unknown':
    case 'invalid-claim':
      return null;
  }
}
