import { randomBytes } from 'node:crypto';
import type { Effects } from '../../state-machines/effects.ts';
import type { Centre } from '../centre.ts';
import type { Terminal } from '../devices.ts';
import type { Log } from '../log.ts';
import { makeTrace } from '../log.ts';
import { limitLog } from '../log-limit.ts';
import type { Kept } from '../open-kept.ts';
import { uuid7 } from '../store/uuid.ts';
import { createCardEffects } from './cards.ts';
import { createCodeEffects } from './codes.ts';
import { createFaceEffects } from './faces.ts';
import { createIdCardEffects } from './id-cards.ts';
import { createIdentityEffects } from './identity.ts';
import { createLookupEffects } from './lookups.ts';
import { createPadDesk } from './pin-pad.ts';
import type { Printing } from './printing.ts';
import { createRequestEffects } from './requests.ts';

/** Lists what the machines can have done; each is in its own file. */
export function createEffects(parts: {
  kept: Pick<Kept, 'identity' | 'store'>;
  centre: Centre;
  terminal: Terminal;
  printing: Printing;
  checkEnvironment: Effects['checkEnvironment'];
  today: () => string;
  log: Log;
}): Effects {
  const { kept, centre, terminal, printing, checkEnvironment, today, log } = parts;
  const { identity, store } = kept;
  const { client, nowMs, catalogue, sync } = centre;
  const limited = limitLog(log);

  return {
    nowMs,
    today,
    beginVisit: () => ({ id: uuid7(nowMs(), randomBytes), trace: makeTrace(randomBytes), startedAtMs: nowMs() }),
    agreement: () => catalogue.current()?.agreement ?? null,
    switchedOff: () =>
      new Map(
        (catalogue.current()?.items ?? [])
          .filter((item) => !item.available)
          .map(({ id, unavailableBecause }) => [id, unavailableBecause ?? suspended]),
      ),
    checkEnvironment,
    ...createCardEffects({ reader: terminal.reader, returnCard: terminal.returnCard, log, today }),
    ...createIdCardEffects({ reader: terminal.idReader, log, today }),
    ...createIdentityEffects({ client, identity, pad: createPadDesk({ pad: terminal.pinPad, log }), log }),
    ...createFaceEffects({ client, identity, log }),
    ...createLookupEffects({ client, nowMs }),
    ...createRequestEffects({ store, sync, log }),
    ...createCodeEffects({ client, catalogue }),
    preview: printing.preview,
    print: printing.print,
    callStaff: (visit) => limited('warn', 'staff.called', { trace: visit?.trace ?? null }),
    forget(visit, login) {
      printing.forget(visit);
      terminal.returnCard();
      log.info('visit.ended', { trace: visit.trace, minutes: Math.round((nowMs() - visit.startedAtMs) / 6_000) / 10 });
      if (login !== null)
        void client.call('endVisit', { grant: login.grant, trace: visit.trace, body: { visit: visit.id } });
    },
  };
}

/** Where the centre gives no reason of its own. */
const suspended = { zh: '中心暂停了这一项', en: 'Suspended by the centre' };
