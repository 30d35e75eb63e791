import type { CameraState, CameraWish } from '../state-machines/contract/screen.ts';
import { findCamera, type Media } from './camera.ts';

/** How often the kiosk is told, milliseconds; it gives a silent screen 20 s. */
const tellEveryMs = 5_000;

/** Whether a camera can be opened shows when it is opened: what was wrong then holds this long, and is tried anew after. */
export const holdFailureMs = 60_000;

export type CameraWatch = {
  /** What opening or using the camera showed. */
  learn(state: CameraState): void;
  stop(): void;
};

/**
 * Watches over the camera that is meant and tells how it stands: at once, every few seconds, and when something is plugged in or out. The
 * camera itself stays off.
 */
export function watchCamera(parts: {
  media: Media & Pick<MediaDevices, 'addEventListener' | 'removeEventListener'>;
  wish: CameraWish;
  tell: (state: CameraState) => void;
  nowMs?: () => number;
}): CameraWatch {
  const { media, wish, tell, nowMs = () => performance.now() } = parts;
  let failure: { state: CameraState; untilMs: number } | null = null;
  let isStopped = false;

  async function look(): Promise<void> {
    const found = await media.enumerateDevices().then(
      (devices) => findCamera(devices, wish),
      () => null,
    );
    if (isStopped) return;
    if (failure !== null && nowMs() >= failure.untilMs) failure = null;
    tell(found === null ? 'none' : (failure?.state ?? 'available'));
  }
  const onChange = (): void => {
    // Whatever was wrong, it may be another camera now.
    failure = null;
    void look();
  };
  media.addEventListener('devicechange', onChange);
  const timer = setInterval(() => void look(), tellEveryMs);
  void look();

  return {
    learn(state) {
      failure = state === 'available' ? null : { state, untilMs: nowMs() + holdFailureMs };
      tell(state);
    },
    stop() {
      isStopped = true;
      clearInterval(timer);
      media.removeEventListener('devicechange', onChange);
    },
  };
}
