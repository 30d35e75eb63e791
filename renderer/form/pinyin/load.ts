import { PinyinEngine } from './engine.ts';

let loading: Promise<PinyinEngine> | undefined;

/**
 * The engine with its dictionary: fetched once, kept for the page's life. It remembers nothing that was typed. The work is done in
 * pieces of a few milliseconds, so that no touch waits for it.
 */
export function loadPinyin(): Promise<PinyinEngine> {
  loading ??= load();
  return loading;
}

const linesAtOnce = 3_000;

async function load(): Promise<PinyinEngine> {
  const { default: text } = await import('./words.txt?raw');
  const lines = text.split('\n');
  const engine = new PinyinEngine();
  for (let from = 0; from < lines.length; from += linesAtOnce) {
    engine.learn(lines.slice(from, from + linesAtOnce));
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  engine.sort();
  return engine;
}
