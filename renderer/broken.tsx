import { Component, type ReactNode } from 'react';
import type { ScreenHost } from '../state-machines/contract/screen.ts';
import { LostHost } from './lost-host.tsx';

type BrokenProps = { host: ScreenHost; step: string; children: ReactNode };

/** Reloads soon after the first fault, and waits longer when faults follow each other, so that a screen that cannot start does not flicker. */
const soonMs = 800;
const laterMs = 15_000;
const rememberMs = 60_000;

/**
 * When our own code breaks: tells the kiosk where (never what: it might be a visitor's), and starts the page anew. The kiosk
 * sends its current view then, so that the visit goes on.
 */
export class Broken extends Component<BrokenProps, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override componentDidCatch(error: Error): void {
    const { host, step } = this.props;
    void host.send({
      contract: 1,
      id: crypto.randomUUID(),
      step,
      event: { type: 'broken', name: error.name.slice(0, 80), at: placesOf(error) },
    });
    const before = Number(sessionStorage.getItem('broken-at') ?? 0);
    const again = Date.now() - before < rememberMs;
    sessionStorage.setItem('broken-at', String(Date.now()));
    setTimeout(() => location.reload(), again ? laterMs : soonMs);
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return <LostHost language={document.documentElement.lang === 'en' ? 'en' : 'zh'} />;
  }
}

/** File, line and column of the innermost frames, without addresses or words. */
function placesOf(error: Error): string {
  const places = (error.stack ?? '').matchAll(/([\w.-]+\.(?:tsx?|js)):(\d+):(\d+)/g);
  return [...places]
    .slice(0, 6)
    .map(([, file, line, column]) => `${file}:${line}:${column}`)
    .join(' ')
    .slice(0, 400);
}
