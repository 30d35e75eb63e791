import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Login } from '../../state-machines/contract/central/identity.ts';
import { readLayoutDigests } from '../certificates/layouts.ts';
import { silentLog } from '../log.ts';
import { openKeyFile } from '../store/key-file.ts';
import type { Store } from '../store/store.ts';
import { openStore } from '../store/store.ts';
import type { CentralClient } from '../uplink/client.ts';
import { createPaperEffects } from './papers.ts';

const visit = { id: '019abc00-0000-7000-8000-000000000001', trace: 'trace-1', startedAtMs: 0 };
const holder = { kind: 'person', idKind: 'resident-id', idNumber: '890101197803150019', name: '张建国' } as const;
const login: Login = {
  grant: 'grant',
  parties: { actor: holder, subject: holder },
  level: 'verified',
  expiresAt: 3_600_000,
  agreementAccepted: null,
  unreadMessages: 0,
};
const order = { kind: 'certificate', paper: { layout: 'proof-of-insurance' }, copies: 1 } as const;

let folder: string;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'papers-'));
  const keys = openKeyFile(join(folder, 'key.json'), randomBytes);
  if (!keys.ok) throw new Error(keys.reason);
  const opened = openStore({
    path: join(folder, 'kiosk.db'),
    keys: keys.keys,
    nowMs: () => 0,
    random: randomBytes,
  });
  if (!opened.ok) throw new Error(opened.reason);
  store = opened.store;
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

it('asks for no number while it has no list of issuers to check a paper by', async () => {
  const calls: string[] = [];
  const client: CentralClient = {
    call: async (name) => {
      calls.push(name);
      return { ok: false, reason: 'unreachable', detail: '' };
    },
    query: async () => ({ ok: false, reason: 'unreachable', detail: '' }),
    onOutcome: () => () => {},
    clockOffsetMs: () => null,
    close: () => {},
  };
  const papers = createPaperEffects({
    client,
    store,
    renderer: {
      render: async () => ({ ok: false, reason: 'closed' }),
      preview: async () => ({ ok: false, reason: 'closed' }),
      ready: async () => true,
      close: async () => {},
    },
    printer: null,
    layouts: readLayoutDigests(),
    issuers: () => null,
    today: () => '2026-11-24',
    nowMs: () => 0,
    newId: () => 'resource-1',
    attentionMs: 1_000,
    centre: () => ({ name: '云川市政务服务中心', address: '云川市东湖区滨江路1号', phone: '12333' }),
    settleIssueLater: () => {},
    log: silentLog,
  });
  const printed = await papers.print(visit, login, order, () => {}).done;
  expect(printed).toEqual({ ok: false, reason: 'centre-trouble' });
  expect(calls).toEqual([]);
  expect(store.openIssues()).toEqual({ ok: true, issues: [] });
});
