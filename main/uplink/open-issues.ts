import type { Store } from '../store/store.ts';
import type { CallFailure } from './call-result.ts';
import type { CentralClient } from './client.ts';

/**
 * `void`: the centre had given a number, which is void now. `refused`: it had not. `lost`: it cannot be asked, and is told the key as lost. `settled`:
 * somebody else had settled it.
 */
export type IssueSettled =
  | { ok: true; outcome: 'void' | 'refused' | 'lost' | 'settled' }
  | { ok: false; reason: string };

/**
 * Whether a refusal says that nothing was ever issued under the key: the centre looks for an earlier paper first, so it turns down the
 * visit or the paper only where there is none. Any other refusal (of the kiosk, of the contract's version) was made before it looked.
 */
export function saysNeverIssued(failure: CallFailure): boolean {
  const code = failure.reason === 'refused' ? failure.problem?.code : undefined;
  return code === 'not-permitted' || code === 'not-found';
}

/**
 * Finds out what became of an issue whose answer never arrived: the same call under the same key gets the stored answer. A number that
 * comes to light goes through the ledger and is void, since no sheet was printed with it.
 */
export async function settleOpenIssue(
  { store, client }: { store: Store; client: CentralClient },
  key: string,
  signal: AbortSignal,
): Promise<IssueSettled> {
  const open = store.openIssues();
  if (!open.ok) return { ok: false, reason: open.reason };
  const issue = open.issues.find((one) => one.key === key);
  if (!issue) return { ok: true, outcome: 'settled' };
  if (!issue.intent?.ok) return settle({ kind: 'lost', reason: issue.intent?.reason ?? 'absent' });
  // The call wants a grant: without one it never went out.
  if (issue.intent.value.grant === null) return settle({ kind: 'refused', reason: 'no-grant' });
  const { visit, trace, grant, paper } = issue.intent.value;
  const result = await client.call('issueCertificate', { key, grant, trace, body: { visit, paper }, signal });
  if (result.ok) return settle({ kind: 'issued', number: result.answer.number });
  if (saysNeverIssued(result)) return settle({ kind: 'refused', reason: result.problem?.code ?? 'refused' });
  return { ok: false, reason: result.problem?.code ?? result.reason };

  function settle(outcome: Parameters<Store['settleIssue']>[1]): IssueSettled {
    const settled = store.settleIssue(key, outcome);
    if (!settled.ok) return { ok: false, reason: settled.reason };
    if (outcome.kind !== 'issued') return { ok: true, outcome: outcome.kind };
    const stepped = store.stepPaper(key, { kind: 'void', reason: 'answer-late' });
    return stepped.ok ? { ok: true, outcome: 'void' } : { ok: false, reason: stepped.reason };
  }
}
