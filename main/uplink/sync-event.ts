import type { CallFailure } from './call-result.ts';
import type { CatalogueCopy } from './catalogue.ts';
import type { Round } from './delivery.ts';
import type { EpochAsked, EpochWish } from './epoch.ts';
import type { IssueSettled } from './open-issues.ts';

/** What the sync tells: for the log, the health page and tests. Nothing in it is personal. */
export type SyncEvent =
  | { kind: 'round'; round: Round }
  | { kind: 'set-aside'; id: string; code: string }
  | { kind: 'issue-settled'; key: string; outcome: Extract<IssueSettled, { ok: true }>['outcome'] }
  | { kind: 'issue-open'; key: string; reason: string }
  | { kind: 'heartbeat'; clockOffsetMs: number }
  | { kind: 'epoch'; asked: EpochAsked; wish: EpochWish | null }
  | { kind: 'heartbeat-failed'; reason: CallFailure['reason'] }
  | { kind: 'catalogue'; result: Awaited<ReturnType<CatalogueCopy['refresh']>> };
