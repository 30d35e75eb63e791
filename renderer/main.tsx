import '@fontsource/noto-sans-sc/400.css';
import '@fontsource/noto-sans-sc/700.css';
import '@fontsource/noto-sans-hk/400.css';
import '@fontsource/noto-sans-jp/400.css';
import './ui/style.css';
import { createRoot } from 'react-dom/client';
import { warm } from './app.tsx';
import { guardPage } from './guard.ts';
import { chooseHost } from './host/choose-host.ts';
import { applyPanel, readPanel } from './panel.ts';
import { Shell } from './shell.tsx';

const root = document.documentElement;
const named = document.querySelector<HTMLMetaElement>('meta[name="kiosk-panel"]')?.content ?? null;
const asked = new URLSearchParams(location.search).get('panel');
applyPanel(readPanel(asked ?? named), root, window);
guardPage(window);

const place = document.getElementById('screen');
if (place === null) throw new Error('the page has no place for the screen');
createRoot(place).render(<Shell host={chooseHost(window)} />);
requestIdleCallback(() => void warm(), { timeout: 3_000 });
