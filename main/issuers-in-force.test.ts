import { generateKeyPairSync } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import type { AdmittedIssuers } from '../state-machines/certificates/issuers.ts';
import type { Catalogue } from '../state-machines/contract/central/catalogue.ts';
import { signAdmittedIssuers } from './certificates/admitted-issuers.ts';
import { followIssuers } from './issuers-in-force.ts';
import { createLog } from './log.ts';
import type { CatalogueCopy } from './uplink/catalogue.ts';
import type { Identity } from './uplink/identity.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { x = '', y = '' } = publicKey.export({ format: 'jwk' });

const within = { timeout: 10_000 };

/** The issuers of a catalogue whose editions a test brings, and the lines of its log. */
function follow() {
  let bring: (catalogue: Catalogue) => void = () => {};
  const catalogue = {
    subscribe(listener: typeof bring) {
      bring = listener;
      return () => {};
    },
  } as unknown as CatalogueCopy;
  const identity = {
    enrolment: () => ({ root: { kty: 'EC', crv: 'P-256', x, y, kid: 'root' } }),
  } as unknown as Identity;
  const events: string[] = [];
  const write = (line: string) => void events.push((JSON.parse(line) as { event: string }).event);
  const issuers = followIssuers({ catalogue, identity, log: createLog({ write, nowMs: () => 0, level: 'error' }) });
  return { issuers, events, bring: (issuers: string) => bring({ version: 1, issuers } as Catalogue) };
}

function edition(serial: number): Promise<string> {
  const issuers: AdmittedIssuers = { version: 1, serial, publishedOn: '2026-11-24', issuers: [] };
  return signAdmittedIssuers(issuers, privateKey);
}

// Both were read at once and held against the same one before: whichever was read last was in force, were it the older.
test('of two editions that come at once the newer is in force, in whichever order they came', async () => {
  for (const serials of [
    [1, 2],
    [2, 1],
  ]) {
    const { issuers, bring, events } = follow();
    const editions = await Promise.all(serials.map(edition));
    for (const each of editions) bring(each);
    await vi.waitFor(() => expect(issuers.current()?.serial).toBe(2), within);
    if (serials[0] === 2) await vi.waitFor(() => expect(events).toEqual(['issuers.refused']), within);
    expect(issuers.current()?.serial).toBe(2);
  }
});
