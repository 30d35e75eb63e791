import { defineConfig } from '@playwright/test';
import { findChromium } from './fixtures/test/parts.ts';
import { tries } from './fixtures/test/tries.ts';

/**
 * Journeys: visits on the built bundle, in the machine's own Chromium. Two at a time: each file has a hall of its own on free
 * ports, and what is waited for are states.
 */
export default defineConfig({
  testDir: 'fixtures/journeys',
  testMatch: '**/*.journey.ts',
  outputDir: 'test-results',
  workers: 2,
  retries: tries - 1,
  forbidOnly: (process.env.CI ?? '') !== '',
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    // A panel on a stand: portrait, full HD.
    viewport: { width: 1080, height: 1920 },
    hasTouch: true,
    // Nothing is drawn by a graphics card here: what moves on the screen would cost the processes their time.
    contextOptions: { reducedMotion: 'reduce' },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    // A trace takes a picture of the page at every touch, a third of a journey's time: ask for it by `--trace on`.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: findChromium() ?? 'chromium',
      args: [
        // Root in a container has no sandbox to put it into; elsewhere the browser keeps its own.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
