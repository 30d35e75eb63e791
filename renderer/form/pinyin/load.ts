import { PinyinEngine } from './engine.ts';

let loading: Promise<PinyinEngine> | undefined;

/** The engine with its dictionary: fetched when a keyboard first opens, kept for the page's life. It remembers nothing that was typed. */
export function loadPinyin(): Promise<PinyinEngine> {
  loading ??= import('./words.txt?raw').then(({ default: text }) => new PinyinEngine(text));
  return loading;
}
