import { Fragment, useMemo, useState } from 'react';
import { useKiosk } from '../kiosk.tsx';
import { Overlay } from './overlay.tsx';
import { Phrases } from './phrases.tsx';

/** A text whose technical terms are underlined with dots and explained at a touch; `phrased` breaks its lines at pauses. */
export function Terms({ children, phrased }: { children: string; phrased?: boolean }) {
  const { step, words } = useKiosk();
  const [open, setOpen] = useState<{ word: string; meaning: string } | null>(null);
  const pieces = useMemo(() => splitByTerms(children, step.terms ?? []), [children, step.terms]);
  if (pieces.every((piece) => piece.term === undefined)) return phrased ? <Phrases>{children}</Phrases> : children;
  return (
    <>
      {pieces.map((piece, index) =>
        piece.term ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text
          <button key={index} type="button" className="term" onClick={() => setOpen(piece.term ?? null)}>
            {piece.text}
          </button>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text
          <Fragment key={index}>{piece.text}</Fragment>
        ),
      )}
      {open ? (
        <Overlay title={open.word} onClose={() => setOpen(null)} closeLabel={words.understood}>
          <p className="meaning">{open.meaning}</p>
        </Overlay>
      ) : null}
    </>
  );
}

type Term = { word: string; meaning: string };

/** Cuts a text at the terms in it; the longest term wins where two begin at one place. */
export function splitByTerms(text: string, terms: readonly Term[]): { text: string; term?: Term }[] {
  const pieces: { text: string; term?: Term }[] = [];
  const longestFirst = [...terms].sort((a, b) => b.word.length - a.word.length);
  let plain = '';
  let at = 0;
  while (at < text.length) {
    const term = longestFirst.find(({ word }) => word !== '' && text.startsWith(word, at));
    if (term === undefined) {
      plain += text[at];
      at += 1;
      continue;
    }
    if (plain !== '') pieces.push({ text: plain });
    plain = '';
    pieces.push({ text: term.word, term });
    at += term.word.length;
  }
  if (plain !== '') pieces.push({ text: plain });
  return pieces;
}
