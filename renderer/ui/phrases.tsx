import { Fragment } from 'react';
import { cutIntoPhrases, cutIntoWords } from './cut-text.ts';

/**
 * A short text whose lines end where a reader would pause; only a phrase that is longer than the line is broken itself, between words and
 * into parts of about the same length. Chinese has no spaces that would show where words end.
 */
export function Phrases({ children }: { children: string }) {
  if (!/\p{Script=Han}/u.test(children)) return children;
  return cutIntoPhrases(children).map((phrase, index) =>
    phrase === '\n' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text
      <br key={index} />
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text
      <span key={index} className="phrase">
        {cutIntoWords(phrase).map((word, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text
          <Fragment key={at}>
            {at === 0 ? null : <wbr />}
            {word}
          </Fragment>
        ))}
      </span>
    ),
  );
}
