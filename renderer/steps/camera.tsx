import './camera.css';
import { useEffect, useRef, useState } from 'react';
import type { StepOf } from '../../state-machines/contract/screen.ts';
import { letGo, openCamera, takePicture } from '../camera.ts';
import { sealFace, type TakenPicture } from '../host/seal-face.ts';
import { useKiosk } from '../kiosk.tsx';
import { Frame } from '../ui/frame.tsx';
import { Icon } from '../ui/icon.tsx';
import { Phrases } from '../ui/phrases.tsx';

/** Which pose is held, and until when (`performance.now()`). */
type Pose = { at: number; endsAtMs: number };

/**
 * Whoever stands there, mirrored in an oval, asked for one pose after the other. A picture is taken at the end of each, sealed to the centre's
 * key and overwritten. The camera is on from here until the pictures are taken, or this step has gone.
 */
export default function CameraStep({ step }: { step: StepOf<'camera'> }) {
  const { words, act, header, tellCamera } = useKiosk();
  const video = useRef<HTMLVideoElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [pose, setPose] = useState<Pose | null>(null);
  const { busy } = step;

  const wish = useRef(header.camera ?? {});
  const tell = useRef(tellCamera);
  useEffect(() => {
    tell.current = tellCamera;
  }, [tellCamera]);
  useEffect(() => {
    const place = video.current;
    if (busy || place === null) return;
    let isGone = false;
    let stream: MediaStream | null = null;
    const onEnded = () => tell.current('unplugged');
    void openCamera(navigator.mediaDevices, wish.current).then((opened) => {
      if (!opened.ok) {
        if (!isGone) tell.current(opened.state);
        return;
      }
      // The visitor may have left while the camera came up.
      if (isGone) return letGo(opened.stream);
      stream = opened.stream;
      stream.getVideoTracks()[0]?.addEventListener('ended', onEnded);
      place.srcObject = stream;
      place.addEventListener('playing', () => setOpen(true), { once: true });
    });
    return () => {
      isGone = true;
      setOpen(false);
      place.srcObject = null;
      if (stream === null) return;
      stream.getVideoTracks()[0]?.removeEventListener('ended', onEnded);
      letGo(stream);
    };
  }, [busy]);

  const posing = useRef<AbortController | null>(null);
  useEffect(() => () => posing.current?.abort(), []);
  const begin = async () => {
    if (posing.current !== null || video.current === null) return;
    posing.current = new AbortController();
    const { signal } = posing.current;
    const pictures: TakenPicture[] = [];
    for (const [at, { prompt }] of step.poses.entries()) {
      setPose({ at, endsAtMs: performance.now() + step.poseMs });
      await passed(step.poseMs, signal);
      const jpeg = signal.aborted ? null : await takePicture(video.current);
      if (jpeg === null || signal.aborted) {
        for (const taken of pictures) taken.jpeg.fill(0);
        if (!signal.aborted) tell.current('busy');
        return;
      }
      pictures.push({ prompt, jpeg });
    }
    const taken = video.current.srcObject;
    if (taken instanceof MediaStream) {
      video.current.srcObject = null;
      letGo(taken);
    }
    const jwe = await sealFace(pictures, step.envelope);
    if (!signal.aborted) act({ type: 'still', jwe });
  };

  const asked = pose === null ? null : (step.poses[pose.at] ?? null);
  const missing = busy
    ? words.camera.checking
    : pose !== null
      ? words.camera.follow
      : isOpen
        ? null
        : words.camera.opening;
  return (
    <Frame fit missing={missing} onWayOn={() => void begin()}>
      <div className="camera">
        <div className={busy ? 'oval off' : 'oval'} data-posing={asked === null ? undefined : ''}>
          <video ref={video} autoPlay muted playsInline disablePictureInPicture aria-label={words.camera.preview} />
          {busy || !isOpen ? <Icon name={busy ? 'check' : 'person'} /> : null}
        </div>
        <div className="camera-says">
          <section className="panel camera-who">
            <b>{step.who.name}</b>
            <span className="soft num">{step.who.number}</span>
          </section>
          <p className="pose" role="status">
            <Phrases>{busy ? words.camera.off : (asked?.text ?? step.ready)}</Phrases>
          </p>
          {pose === null || busy ? null : (
            <Count key={pose.at} endsAtMs={pose.endsAtMs} of={step.poses.length} at={pose.at} />
          )}
          {step.problem && pose === null ? (
            <p className="says" role="alert">
              <Icon name="warning" />
              <span>
                <Phrases>{step.problem}</Phrases>
              </span>
            </p>
          ) : null}
          <p className="soft camera-note">
            <Phrases>{step.note}</Phrases>
          </p>
        </div>
      </div>
    </Frame>
  );
}

/** Whole seconds this pose is still held, and which it is of how many. */
function Count({ endsAtMs, at, of }: { endsAtMs: number; at: number; of: number }) {
  const { words } = useKiosk();
  const [left, setLeft] = useState(() => endsAtMs - performance.now());
  useEffect(() => {
    const timer = setInterval(() => setLeft(endsAtMs - performance.now()), 200);
    return () => clearInterval(timer);
  }, [endsAtMs]);
  return (
    <div className="count">
      <b className="num">{Math.max(1, Math.ceil(left / 1_000))}</b>
      <span className="soft">{words.camera.poseOf(at + 1, of)}</span>
    </div>
  );
}

/** Resolves after so long, or at once when it is called off. */
function passed(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
