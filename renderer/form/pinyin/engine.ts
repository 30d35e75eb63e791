import { syllables } from './syllables.ts';

/** A character, word or whole sentence for what was typed; `used` letters of it, so that the rest can go on. */
export type Candidate = { text: string; used: number };

/** A word of the dictionary. `weight` is about the logarithm of how often it is written. */
type Word = { text: string; reading: string[]; weight: number };

/** A typed piece: a whole syllable (`zhong`), or the beginning of one (`zh`, `z`). `end` is where it ends in the letters. */
type Piece = { letters: string; whole: boolean; end: number };

/** More ways to cut the letters than this are not looked at; the likeliest come first. */
const mostCuts = 24;
const longestWord = 6;

/**
 * Turns pinyin into characters: whole syllables, first letters (`cbzm` → 参保证明), both mixed, `'` where a cut is ambiguous
 * (`xi'an`), `v` for ü. Pure; the text it is made of is `words.txt`, whose form `fixtures/pinyin/make-words.ts` describes.
 */
export class PinyinEngine {
  /** Words by the first letters of their syllables, commonest first. */
  readonly #byInitials = new Map<string, Word[]>();

  readonly #firstReading = new Map<string, string>();
  #weight = 0;
  #inWords = false;

  /** An engine over the whole of the text at once; about 0.1 s of work (`pinyin/load.ts` spreads it). */
  static of(text: string): PinyinEngine {
    const engine = new PinyinEngine();
    engine.learn(text.split('\n'));
    engine.sort();
    return engine;
  }

  /** Takes some lines of the text, in their order. */
  learn(lines: readonly string[]): void {
    for (const line of lines) this.#learn(line);
  }

  /** Puts the commonest first, once all lines are learnt. */
  sort(): void {
    for (const words of this.#byInitials.values()) words.sort((a, b) => b.weight - a.weight);
  }

  #learn(line: string): void {
    if (line === '') return;
    if (line === 'words') {
      this.#inWords = true;
      return;
    }
    if (line.startsWith('=')) {
      this.#weight = Number(line.slice(1));
      return;
    }
    const [word = '', ...written] = line.split(' ');
    if (!this.#inWords) {
      this.#firstReading.set(word, written[0] ?? '');
      written.forEach((reading, rank) => {
        // The second reading of a character is the one meant far less often.
        this.#add({ text: word, reading: [reading], weight: this.#weight - rank * 3 });
      });
      return;
    }
    const reading =
      written.length > 0 ? written : [...word].map((character) => this.#firstReading.get(character) ?? '');
    this.#add({ text: word, reading, weight: this.#weight });
  }

  #add(word: Word): void {
    const key = word.reading.map((reading) => reading[0] ?? '').join('');
    const words = this.#byInitials.get(key);
    if (words) words.push(word);
    else this.#byInitials.set(key, [word]);
  }

  /**
   * Candidates for what was typed, best first: what the visitor chose for it before, the likeliest whole, then words and
   * characters for its beginning.
   * @param learned choices of this visit, by the letters they stood for
   */
  candidates(letters: string, learned: ReadonlyMap<string, readonly string[]> = new Map()): Candidate[] {
    const typed = letters.toLowerCase();
    const found = new Map<string, Candidate>();
    const offer = (text: string, used: number) => {
      if (text !== '' && !found.has(text)) found.set(text, { text, used });
    };
    for (const text of learned.get(typed) ?? []) offer(text, typed.length);

    const cuts = cut(typed);
    if (cuts.length === 0) return [];
    const matches = new Map<string, Word[]>();
    const match = (pieces: readonly Piece[]): Word[] => {
      const key = pieces.map((piece) => piece.letters).join("'");
      const known = matches.get(key);
      if (known) return known;
      const fresh = this.#match(pieces);
      matches.set(key, fresh);
      return fresh;
    };

    // Words for all of it, of every cut, the commonest first; a cut into more pieces must be worth it.
    const wholes = cuts.flatMap((pieces) =>
      pieces.length > longestWord
        ? []
        : match(pieces).map((word) => ({ word, score: word.weight - cutCost(pieces), used: typed.length })),
    );
    wholes.sort((a, b) => b.score - a.score);
    const best = cuts[0] as Piece[];
    if (wholes.length === 0 && best.length > 1) {
      const sentence = this.#sentence(best, match);
      if (sentence) offer(sentence, typed.length);
    }
    for (const { word, used } of wholes.slice(0, 60)) offer(word.text, used);
    // Of one syllable every character is offered, the rarest last: a name may need it. Longer syllables it may grow into come after.
    if (best.length === 1) {
      for (const { word, used } of wholes) if (word.reading[0] === typed) offer(word.text, used);
      for (const { word, used } of wholes.slice(60, 160)) offer(word.text, used);
    }

    for (let length = Math.min(best.length - 1, longestWord); length >= 1; length--) {
      const pieces = best.slice(0, length);
      const used = pieces[length - 1]?.end ?? 0;
      for (const word of match(pieces).slice(0, length === 1 ? 300 : 30)) offer(word.text, used);
    }
    return [...found.values()];
  }

  #match(pieces: readonly Piece[]): Word[] {
    const key = pieces.map((piece) => piece.letters[0] ?? '').join('');
    const words = this.#byInitials.get(key) ?? [];
    return words.filter((word) =>
      pieces.every((piece, at) => {
        const reading = word.reading[at] ?? '';
        return piece.whole ? reading === piece.letters : reading.startsWith(piece.letters);
      }),
    );
  }

  /** The likeliest row of words for pieces no single word covers. */
  #sentence(pieces: readonly Piece[], match: (pieces: readonly Piece[]) => Word[]): string | null {
    const best: ({ text: string; score: number } | null)[] = [{ text: '', score: 0 }];
    for (let end = 1; end <= pieces.length; end++) {
      let winner: { text: string; score: number } | null = null;
      for (let from = Math.max(0, end - longestWord); from < end; from++) {
        const before = best[from];
        const word = match(pieces.slice(from, end))[0];
        if (!before || !word) continue;
        // Weights are powers of two of a corpus of 2^26: each further word must pay for its own unlikeliness.
        const score = before.score + word.weight - 26;
        if (winner === null || score > winner.score) winner = { text: before.text + word.text, score };
      }
      best.push(winner);
    }
    return best[pieces.length]?.text ?? null;
  }
}

/** What a cut costs against a word's weight: whole syllables are meant far more often than beginnings. */
function cutCost(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + (piece.whole ? 1 : 4), 0);
}

/** All sensible ways to cut letters into syllables and beginnings of syllables, the likeliest first. */
export function cut(letters: string): Piece[][] {
  const cuts: Piece[][] = [];
  const walk = (at: number, pieces: Piece[]) => {
    if (cuts.length >= mostCuts * 4) return;
    const from = letters[at] === "'" ? at + 1 : at;
    if (from >= letters.length) {
      if (pieces.length > 0) cuts.push(pieces);
      return;
    }
    for (let length = Math.min(6, letters.length - from); length >= 1; length--) {
      const text = letters.slice(from, from + length);
      if (text.includes("'")) continue;
      const end = from + length;
      const last = end === letters.length;
      const whole = syllables.has(text);
      const beginning = length <= 2 && isInitial(text);
      if (whole) walk(end, [...pieces, { letters: text, whole: true, end }]);
      // The piece under the finger may still grow: `zho` is on its way to `zhong`.
      if (beginning || (last && isBeginning(text))) walk(end, [...pieces, { letters: text, whole: false, end }]);
    }
  };
  walk(0, []);
  return cuts.sort((a, b) => cutCost(a) + a.length - (cutCost(b) + b.length)).slice(0, mostCuts);
}

function isInitial(text: string): boolean {
  return /^(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)$/.test(text);
}

const beginnings = new Set([...syllables].flatMap((one) => [...one].map((_, at) => one.slice(0, at + 1))));

function isBeginning(text: string): boolean {
  return beginnings.has(text);
}
