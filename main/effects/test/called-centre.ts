/** For tests of effects: an enrolled kiosk's real client, and a centre on a real socket that answers as told. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Login } from '../../../state-machines/contract/central/identity.ts';
import type { Visit } from '../../../state-machines/effects.ts';
import type { Log } from '../../log.ts';
import { createLog } from '../../log.ts';
import { openKeyFile } from '../../store/key-file.ts';
import type { Store } from '../../store/store.ts';
import { openStore } from '../../store/store.ts';
import type { CentralClient } from '../../uplink/client.ts';
import { createCentralClient } from '../../uplink/client.ts';
import type { Identity } from '../../uplink/identity.ts';
import { openIdentity } from '../../uplink/identity.ts';
import { ManualClock } from '../../uplink/test/manual-clock.ts';
import { ScriptedCentre } from '../../uplink/test/scripted-centre.ts';

export const visit: Visit = { id: '019abc00-0000-7000-8000-000000000001', trace: 'trace-1', startedAtMs: 0 };
/** Nobody: the region 890000 is not assigned. */
export const holder = {
  kind: 'person',
  idKind: 'resident-id',
  idNumber: '890101197803150019',
  name: '张建国',
} as const;
export const login: Login = {
  grant: 'grant-1',
  parties: { actor: holder, subject: holder },
  level: 'verified',
  expiresAt: Date.UTC(2026, 10, 24, 10, 0, 0),
  agreementAccepted: null,
  unreadMessages: 0,
};
/** A caller who does not give up. */
export const patient: AbortSignal = new AbortController().signal;

export type CalledCentre = {
  centre: ScriptedCentre;
  client: CentralClient;
  clock: ManualClock;
  identity: Identity;
  /** Everything that was logged, a line each. */
  lines: string[];
  log: Log;
  /** A folder of this test's own. */
  folder: string;
  close(): Promise<void>;
};

/** Starts the centre and enrols the kiosk. */
export async function openCentre(): Promise<CalledCentre> {
  const folder = mkdtempSync(join(tmpdir(), 'kiosk-effects-'));
  const centre = await ScriptedCentre.start();
  const clock = new ManualClock();
  const opened = openIdentity(join(folder, 'identity.json'));
  if (!opened.ok) throw new Error(opened.reason);
  const { identity } = opened;
  identity.recordEnrolment({ kiosk: 'k-1', name: '一号机', hall: '大厅', epoch: 1, root: identity.publicKey });
  const client = createCentralClient({ baseUrl: centre.baseUrl, identity, clock, random: randomBytes });
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line), nowMs: () => clock.nowMs(), level: 'debug' });
  return {
    centre,
    client,
    clock,
    identity,
    lines,
    log,
    folder,
    async close() {
      client.close();
      await centre.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A store in this folder, as large as `maxBytes` allows. */
export function openStoreIn(
  { folder, clock }: { folder: string; clock: Pick<CalledCentre['clock'], 'nowMs'> },
  maxBytes?: number,
): Store {
  const keys = openKeyFile(join(folder, 'key.json'), randomBytes);
  if (!keys.ok) throw new Error(keys.reason);
  const opened = openStore({
    path: join(folder, 'kiosk.db'),
    keys: keys.keys,
    nowMs: () => clock.nowMs(),
    random: randomBytes,
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
  if (!opened.ok) throw new Error(opened.reason);
  return opened.store;
}
