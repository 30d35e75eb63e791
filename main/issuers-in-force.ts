import type { AdmittedIssuers } from '../state-machines/certificates/issuers.ts';
import { readAdmittedIssuers } from './certificates/admitted-issuers.ts';
import type { Log } from './log.ts';
import type { CatalogueCopy } from './uplink/catalogue.ts';
import type { Identity } from './uplink/identity.ts';

/** The issuers that papers are checked by, as the catalogue in force brings them; null before the first. `undo` stops following. */
export function followIssuers({
  catalogue,
  identity,
  log,
}: {
  catalogue: CatalogueCopy;
  identity: Identity;
  log: Log;
}): {
  current(): AdmittedIssuers | null;
  undo(): void;
} {
  let issuers: AdmittedIssuers | null = null;
  let underWay: Promise<void> = Promise.resolve();
  const undo = catalogue.subscribe(({ version, issuers: signed }) => {
    log.info('catalogue.in-force', { version });
    const root = identity.enrolment()?.root;
    if (root === undefined) return;
    const { kty, crv, x, y } = root;
    // One edition after the other: each is held against the one before, and an older one that is read last is not in force.
    underWay = underWay.then(async () => {
      const newest = issuers === null ? {} : { newestSerial: issuers.serial };
      const read = await readAdmittedIssuers(signed, { rootKey: { kty, crv, alg: 'ES256', x, y }, ...newest });
      if (read.ok) issuers = read.issuers;
      else log.error('issuers.refused', { reason: read.reason });
    });
  });
  return { current: () => issuers, undo };
}
