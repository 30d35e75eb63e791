import { Suspense, useEffect, useLayoutEffect, useState } from 'react';
import type { ScreenHost, View } from '../state-machines/contract/screen.ts';
import { showStep } from './app.tsx';
import { Broken } from './broken.tsx';
import { KioskProvider } from './kiosk.tsx';
import { LostHost, OtherPage } from './lost-host.tsx';
import { markRoom } from './panel.ts';
import { IconSprite } from './ui/icon.tsx';

/** A kiosk that is away for less than this is not worth a word: its screen stays. */
const lostAfterMs = 2_000;

/** Listens to the kiosk and shows what it says; says so itself when the kiosk cannot be reached. */
export function Shell({ host }: { host: ScreenHost }) {
  const [view, setView] = useState<View | null>(null);
  const [lost, setLost] = useState(false);
  /** Set while another page serves: takes its place. */
  const [takeOver, setTakeOver] = useState<(() => void) | null>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = () => {
      timer ??= setTimeout(() => setLost(true), lostAfterMs);
    };
    wait();
    const stop = host.listen(
      (next) => {
        clearTimeout(timer);
        timer = undefined;
        setLost(false);
        setTakeOver(null);
        setView(next);
      },
      (takes) => {
        // At once: what stood here may be the visit of whoever is at the other page.
        if (takes) setTakeOver(() => takes);
        else wait();
      },
    );
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [host]);

  const appearance = view?.header.appearance;
  const language = appearance?.language ?? 'zh';
  useLayoutEffect(() => {
    if (!appearance) return;
    const { dataset } = document.documentElement;
    document.documentElement.lang = appearance.language === 'zh' ? 'zh-CN' : 'en';
    dataset.language = appearance.language;
    dataset.theme = appearance.theme;
    dataset.size = appearance.size;
    dataset.reach = appearance.lowReach ? 'low' : 'full';
    markRoom(document.documentElement);
  }, [appearance]);

  return (
    <>
      <IconSprite />
      {takeOver ? <OtherPage language={language} takeOver={takeOver} /> : null}
      {lost && !takeOver ? <LostHost language={language} /> : null}
      {view && !lost && !takeOver ? (
        <Broken host={host} step={view.step.id}>
          <KioskProvider view={view} host={host}>
            <Suspense fallback={<div className="screen" />}>
              <Step view={view} />
            </Suspense>
          </KioskProvider>
        </Broken>
      ) : null}
    </>
  );
}

/** A new step is a new screen: nothing of the one before stays in it. */
function Step({ view }: { view: View }) {
  return (
    <div className="step" key={view.step.id}>
      {showStep(view.step)}
    </div>
  );
}
