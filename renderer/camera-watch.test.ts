import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { holdFailureMs, watchCamera } from './camera-watch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A watch over a browser whose cameras come and go. */
async function watchOver() {
  const cameras = [{ kind: 'videoinput', label: 'HD Webcam', deviceId: 'b2' }];
  const told: string[] = [];
  const media = Object.assign(new EventTarget(), { enumerateDevices: async () => cameras, getUserMedia: vi.fn() });
  const watch = watchCamera({
    media: media as unknown as MediaDevices,
    wish: {},
    tell: (state) => told.push(state),
    nowMs: () => Date.now(),
  });
  await vi.advanceTimersByTimeAsync(0);
  return { watch, told, media, cameras };
}

it('tells at once, and again every few seconds, without ever opening it', async () => {
  const { told, media, watch } = await watchOver();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(told).toEqual(['available', 'available', 'available']);
  expect(media.getUserMedia).not.toHaveBeenCalled();
  watch.stop();
});

it('tells at once that it was pulled out, and that it is back', async () => {
  const { told, media, cameras, watch } = await watchOver();
  const [camera] = cameras.splice(0);
  media.dispatchEvent(new Event('devicechange'));
  await vi.advanceTimersByTimeAsync(0);
  if (camera !== undefined) cameras.push(camera);
  media.dispatchEvent(new Event('devicechange'));
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual(['available', 'none', 'available']);
  watch.stop();
});

it('holds on to what opening it showed, and lets it be tried anew after a while', async () => {
  const { told, watch } = await watchOver();
  watch.learn('busy');
  await vi.advanceTimersByTimeAsync(holdFailureMs - 5_000);
  expect(new Set(told.slice(1))).toEqual(new Set(['busy']));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(told.at(-1)).toBe('available');
  watch.stop();
});

it('says nothing any more once it has ended', async () => {
  const { told, media, watch } = await watchOver();
  watch.stop();
  media.dispatchEvent(new Event('devicechange'));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(told).toEqual(['available']);
});
