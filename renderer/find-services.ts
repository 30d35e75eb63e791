import type { Choice } from '../state-machines/contract/screen.ts';

/**
 * Items that fit what was typed: words in the title or summary, or letters of the pinyin initials. What begins with it comes
 * first; an empty search finds everything.
 * @param text words already typed
 * @param letters latin letters not yet turned into characters
 */
export function findServices(choices: readonly Choice[], text: string, letters: string): Choice[] {
  const word = text.trim().toLowerCase();
  const initials = letters.replaceAll("'", '').toLowerCase();
  if (word === '' && initials === '') return [...choices];
  return choices
    .map((choice) => ({ choice, rank: rankOf(choice, word, initials) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map(({ choice }) => choice);
}

function rankOf(choice: Choice, word: string, initials: string): number {
  const byWord = word === '' ? 1 : rankWord(choice, word);
  const byInitials = initials === '' ? 1 : rankInitials(choice, initials);
  return byWord === 0 || byInitials === 0 ? 0 : byWord + byInitials;
}

function rankWord(choice: Choice, word: string): number {
  const title = choice.title.toLowerCase();
  if (title.startsWith(word)) return 4;
  if (title.includes(word)) return 3;
  // Typed in English mode, letters may be meant as initials.
  if (/^[a-z]+$/.test(word) && rankInitials(choice, word) > 0) return 2;
  return choice.summary?.toLowerCase().includes(word) ? 1 : 0;
}

function rankInitials(choice: Choice, letters: string): number {
  const initials = choice.initials?.toLowerCase() ?? '';
  if (initials === letters) return 5;
  if (initials.startsWith(letters)) return 4;
  if (initials.includes(letters)) return 2;
  return choice.title.toLowerCase().startsWith(letters) ? 3 : 0;
}
