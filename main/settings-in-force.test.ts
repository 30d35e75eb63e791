import { expect, test } from 'vitest';
import type { Settings } from '../state-machines/contract/central/catalogue.ts';
import { settingsInForce } from './settings-in-force.ts';

const config = { hotline: '12333', times: { idleMs: 60_000, warningMs: 20_000, printerAttentionMs: 120_000 } };

test('what the centre sets holds from then on, and what it takes back is the terminal’s own again', () => {
  let fromCentre: Settings = {};
  const { hotline, times } = settingsInForce(config, { settings: () => fromCentre });
  const own = ['12333', { idleMs: 60_000, warningMs: 20_000 }];
  expect([hotline(), times()]).toEqual(own);
  fromCentre = { hotline: '0899-12333', 'times.idleMs': 90_000 };
  expect([hotline(), times()]).toEqual(['0899-12333', { idleMs: 90_000, warningMs: 20_000 }]);
  fromCentre = { 'times.warningMs': 40_000 };
  expect([hotline(), times()]).toEqual(['12333', { idleMs: 60_000, warningMs: 40_000 }]);
  fromCentre = {};
  expect([hotline(), times()]).toEqual(own);
});
