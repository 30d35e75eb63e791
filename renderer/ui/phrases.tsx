/** After these a reader pauses, and a line may end. */
const pauses = /(?<=[，。；：！？、,;:!?])/;

/**
 * A short text whose lines end where a reader would pause; only a phrase that is longer than the line is broken itself, into
 * parts of about the same length. Chinese has no spaces that would show where words end.
 */
export function Phrases({ children }: { children: string }) {
  if (!/\p{Script=Han}/u.test(children)) return children;
  return children
    .split(/(\n)/)
    .flatMap((line) => (line === '\n' ? [line] : line.split(pauses)))
    .map((phrase, index) =>
      phrase === '\n' ? (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text
        <br key={index} />
      ) : (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text
        <span key={index} className="phrase">
          {phrase}
        </span>
      ),
    );
}
