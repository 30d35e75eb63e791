/**
 * The camera in the screen's process: opened for one step, and let go of at once when that ends. What goes wrong is a state the kiosk is told.
 */
import type { CameraState, CameraWish } from '../state-machines/contract/screen.ts';
import { maxPictureSide, maxPicturesBytes } from '../state-machines/contract/words/face.ts';

/** Longest wait for the camera to come up; a browser that asks somebody for leave first would wait for ever. */
const openWithinMs = 10_000;

/** What of the browser's `mediaDevices` is used. */
export type Media = Pick<MediaDevices, 'enumerateDevices' | 'getUserMedia'>;

/** A camera that is open, or how it stands instead. */
export type OpenedCamera = { ok: true; stream: MediaStream } | { ok: false; state: Exclude<CameraState, 'available'> };

/**
 * The camera that is meant among the devices; null where it is not there. Before a page has used a camera the browser tells that there is one
 * and nothing else of it: such a nameless one may be it (`unnamed`).
 */
export function findCamera(
  devices: readonly Pick<MediaDeviceInfo, 'kind' | 'label' | 'deviceId'>[],
  wish: CameraWish,
): { deviceId: string } | 'unnamed' | null {
  const cameras = devices.filter(({ kind }) => kind === 'videoinput');
  if (cameras.some(({ label, deviceId }) => label === '' && deviceId === '')) return 'unnamed';
  const { label, deviceId } = wish;
  return (
    cameras.find(
      (camera) =>
        (label === undefined || camera.label.includes(label)) &&
        (deviceId === undefined || camera.deviceId === deviceId),
    ) ?? null
  );
}

/** Opens the camera that is meant, without sound. Where the wrong one comes first, since none had a name yet, it is let go of again. */
export async function openCamera(media: Media, wish: CameraWish): Promise<OpenedCamera> {
  const isAny = wish.label === undefined && wish.deviceId === undefined;
  const find = async () => findCamera(await media.enumerateDevices(), wish);
  try {
    const found = await find();
    if (found === null) return { ok: false, state: 'none' };
    const first = await getCamera(media, found === 'unnamed' || isAny ? null : found.deviceId);
    if (first === null) return { ok: false, state: 'busy' };
    if (isAny || found !== 'unnamed') return { ok: true, stream: first };
    // Now they have names.
    const named = await find();
    if (named !== null && named !== 'unnamed' && first.getVideoTracks()[0]?.getSettings().deviceId === named.deviceId)
      return { ok: true, stream: first };
    letGo(first);
    if (named === null || named === 'unnamed') return { ok: false, state: 'none' };
    const second = await getCamera(media, named.deviceId);
    return second === null ? { ok: false, state: 'busy' } : { ok: true, stream: second };
  } catch (error) {
    return { ok: false, state: stateOfError(error) };
  }
}

/** The stream of a camera; null where none came in time. One that comes later is let go of. */
async function getCamera(media: Media, deviceId: string | null): Promise<MediaStream | null> {
  const stream = media.getUserMedia({
    audio: false,
    video: {
      width: { ideal: maxPictureSide },
      height: { ideal: maxPictureSide },
      ...(deviceId === null ? {} : { deviceId: { exact: deviceId } }),
    },
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), openWithinMs);
  });
  const first = await Promise.race([stream, late]);
  clearTimeout(timer);
  if (first === null) stream.then(letGo, () => {});
  return first;
}

/** Names of DOMException as getUserMedia throws them (Media Capture and Streams, 10.2.1). */
function stateOfError(error: unknown): Exclude<CameraState, 'available'> {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'none';
    default:
      return 'busy';
  }
}

/** Switches the camera off. */
export function letGo(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** Qualities to try, best first; a face is still one at the last. */
const qualities = [0.85, 0.7, 0.5, 0.35];

/**
 * Takes what the video shows now as a JPEG of at most {@link maxPictureSide} and `maxBytes`, and blanks the canvas it was drawn on. Null where there
 * is no picture, or none that small.
 */
export async function takePicture(
  video: HTMLVideoElement,
  maxBytes = maxPicturesBytes / 4,
): Promise<Uint8Array | null> {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0 || videoHeight === 0) return null;
  const scale = Math.min(1, maxPictureSide / Math.max(videoWidth, videoHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(videoWidth * scale);
  canvas.height = Math.round(videoHeight * scale);
  try {
    canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
    for (const quality of qualities) {
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
      if (blob !== null && blob.size <= maxBytes) return new Uint8Array(await blob.arrayBuffer());
    }
    return null;
  } finally {
    canvas.width = 0;
    canvas.height = 0;
  }
}
