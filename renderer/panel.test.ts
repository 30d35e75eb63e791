import { expect, it } from 'vitest';
import { reachOf, readPanel } from './panel.ts';

it('knows the panels that are drawn', () => {
  expect(readPanel('landscape-19').pxPerMm).toBe(3.4);
});

it('reads a panel that is written out', () => {
  expect(readPanel('1920x1080@5.2+800')).toMatchObject({ pxPerMm: 5.2, edgeMm: 800 });
  expect(readPanel('@4.5').pxPerMm).toBe(4.5);
});

it('takes the common portrait panel where the name is missing or unknown', () => {
  expect(readPanel(null).id).toBe('portrait-21');
  expect(readPanel('sideways').id).toBe('portrait-21');
});

it('keeps what is pressed below 1220 mm above the floor', () => {
  expect(reachOf(readPanel('portrait-21'))).toBe(270);
});
