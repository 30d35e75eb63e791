import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readLayoutDigests } from '../certificates/layouts.ts';
import { silentLog } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { CentralClient } from '../uplink/client.ts';
import { createPaperEffects } from './papers.ts';
import { login, openStoreIn, visit } from './test/called-centre.ts';

const order = { kind: 'certificate', paper: { layout: 'proof-of-insurance' }, copies: 1 } as const;

let folder: string;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'papers-'));
  store = openStoreIn({ folder, clock: { nowMs: () => 0 } });
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
