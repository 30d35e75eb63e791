import { describe, expect, it } from 'vitest';
import { findCamera, type Media, openCamera } from './camera.ts';

type Listed = { kind: MediaDeviceKind; label: string; deviceId: string };
const back: Listed = { kind: 'videoinput', label: 'Document Camera (0ac8:3420)', deviceId: 'a1' };
const face: Listed = { kind: 'videoinput', label: 'HD Webcam C270 (046d:0825)', deviceId: 'b2' };
const unnamed: Listed = { kind: 'videoinput', label: '', deviceId: '' };
const sound: Listed = { kind: 'audioinput', label: 'HD Webcam C270', deviceId: 'b2' };

/** A browser with these cameras; without leave they have no names before one was opened. */
function browser(cameras: Listed[], options: { isNamed?: boolean; refuses?: string } = {}) {
  const { refuses } = options;
  let isNamed = options.isNamed ?? true;
  const opened: { deviceId: string; isOn: boolean }[] = [];
  const asked: MediaStreamConstraints[] = [];
  const media = {
    enumerateDevices: async () => (isNamed ? cameras : cameras.slice(0, 1).map(() => unnamed)),
    async getUserMedia(constraints: MediaStreamConstraints = {}) {
      asked.push(constraints);
      if (refuses !== undefined) throw new DOMException('', refuses);
      isNamed = true;
      const { deviceId: wanted } = constraints.video as { deviceId?: { exact: string } };
      const { deviceId } =
        cameras.find((camera) => wanted === undefined || camera.deviceId === wanted.exact) ?? unnamed;
      const camera = { deviceId, isOn: true };
      opened.push(camera);
      const track = { getSettings: () => ({ deviceId }), stop: () => Object.assign(camera, { isOn: false }) };
      return { getTracks: () => [track], getVideoTracks: () => [track] } as unknown as MediaStream;
    },
  } as unknown as Media;
  return { media, opened, asked };
}

describe('the camera that is meant', () => {
  it.each([
    ['the first', [sound, back, face], {}, back],
    ['the one whose name contains the label', [back, face], { label: 'C270' }, face],
    ['the one with the id', [back, face], { deviceId: 'b2' }, face],
    ['not there', [back], { label: 'C270' }, null],
    ['never a microphone', [sound], {}, null],
    ['perhaps the one that has no name yet', [unnamed], { label: 'C270' }, 'unnamed'],
  ] as [string, Listed[], { label?: string }, unknown][])('is %s', (_, devices, wish, found) => {
    expect(findCamera(devices, wish)).toEqual(found);
  });
});

describe('opening it', () => {
  it('asks for pictures and never for sound', async () => {
    const { media, asked, opened } = browser([back, face]);
    expect(await openCamera(media, { label: 'C270' })).toMatchObject({ ok: true });
    expect(opened).toEqual([{ deviceId: 'b2', isOn: true }]);
    expect(asked.every(({ audio }) => audio === false)).toBe(true);
  });

  it('lets go of the wrong one, where none had a name before', async () => {
    const { media, opened } = browser([back, face], { isNamed: false });
    expect(await openCamera(media, { label: 'C270' })).toMatchObject({ ok: true });
    expect(opened).toEqual([
      { deviceId: 'a1', isOn: false },
      { deviceId: 'b2', isOn: true },
    ]);
  });

  it('leaves none on where the one that is meant is not among them', async () => {
    const { media, opened } = browser([back], { isNamed: false });
    expect(await openCamera(media, { label: 'C270' })).toEqual({ ok: false, state: 'none' });
    expect(opened).toEqual([{ deviceId: 'a1', isOn: false }]);
  });

  it('asks for nothing where there is no camera', async () => {
    const { media, asked } = browser([]);
    expect(await openCamera(media, {})).toEqual({ ok: false, state: 'none' });
    expect(asked).toEqual([]);
  });

  it.each([
    ['NotAllowedError', 'denied'],
    ['SecurityError', 'denied'],
    ['NotFoundError', 'none'],
    ['OverconstrainedError', 'none'],
    ['NotReadableError', 'busy'],
    ['AbortError', 'busy'],
  ])('that ends with %s is %s', async (refuses, state) => {
    const { media } = browser([face], { refuses });
    expect(await openCamera(media, {})).toEqual({ ok: false, state });
  });
});
