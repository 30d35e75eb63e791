/** With programs in SumatraPDF's place: that it takes these arguments is its documentation's word. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sumatraPdf } from './sumatra-pdf.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sumatra-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(...lines: string[]): string {
  const path = join(folder, 'program');
  writeFileSync(path, ['#!/bin/sh', ...lines].join('\n'), { mode: 0o700 });
  return path;
}

describe('SumatraPDF', () => {
  it('is told printer, copies and file', async () => {
    const print = sumatraPdf(program(`printf '%s\\n' "$@" > "$0.given"`));
    await print('/tmp/a paper.pdf', { printer: 'HP LaserJet', copies: 2, signal: new AbortController().signal });
    expect(readFileSync(join(folder, 'program.given'), 'utf8').trim().split('\n')).toEqual([
      '-print-to',
      'HP LaserJet',
      '-silent',
      '-print-settings',
      '2x',
      '/tmp/a paper.pdf',
    ]);
  });

  it('has refused when it ends with another code than 0', async () => {
    const print = sumatraPdf(program('exit 1'));
    await expect(
      print('a.pdf', { printer: 'Hall', copies: 1, signal: new AbortController().signal }),
    ).rejects.toThrow();
  });

  it('is gone once it was ended', async () => {
    const print = sumatraPdf(program('echo $$ > "$0.pid"', 'exec sleep 600'));
    const end = new AbortController();
    const printing = print('a.pdf', { printer: 'Hall', copies: 1, signal: end.signal });
    const pidOf = () => Number(readFileSync(join(folder, 'program.pid'), 'utf8'));
    await expect.poll(() => pidOf() > 0, { timeout: 10_000 }).toBe(true);
    end.abort();
    await expect(printing).rejects.toThrow();
    expect(() => process.kill(pidOf(), 0)).toThrow();
  });
});
