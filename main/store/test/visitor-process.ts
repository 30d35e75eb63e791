/**
 * A kiosk for the crash test: keeps requests for ever and says each one's id once it is told as received; a paper is printing meanwhile.
 * Arguments: database, key file.
 */
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openKeyFile } from '../key-file.ts';
import { openStore } from '../store.ts';

const [, , path = '', keyPath = ''] = process.argv;
const visit = '019ab000-0000-7000-8000-000000000001';

/** Written at once, not queued: what was said was said before the kill. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

const keys = openKeyFile(keyPath, randomBytes);
if (!keys.ok) throw new Error(keys.reason);
const opened = openStore({ path, keys: keys.keys, nowMs: Date.now, random: randomBytes });
if (!opened.ok) throw new Error(opened.reason);
const { store } = opened;

const issue = store.beginIssue({
  visit,
  trace: '',
  grant: 'g',
  parties: null,
  paper: { layout: 'proof-of-insurance' },
});
if (!issue.ok) throw new Error(issue.reason);
store.settleIssue(issue.key, { kind: 'issued', number: 'N-000001' });
store.stepPaper(issue.key, { kind: 'spool', sheets: 1, copies: 1 });
store.stepPaper(issue.key, { kind: 'start' });
say(`paper ${issue.key}`);

for (;;) {
  const kept = store.submit({
    order: null,
    visit,
    trace: '',
    grant: null,
    parties: null,
    body: { kind: 'rating', item: 'contact-change', itemVersion: 1, scores: { manner: 5 } },
  });
  if (!kept.ok) throw new Error(kept.reason);
  say(kept.id);
}
