import { useKiosk } from '../../kiosk.tsx';

/** The card waits in the slot. */
export function TakeCard() {
  const { words } = useKiosk();
  return (
    <svg className="illo" viewBox="0 0 640 560" role="img" aria-label={words.acts.takeCard}>
      <Slot isLit />
      <g className="comes-out">
        <path className="cd" d="M196 130h248l68 220q4 18-14 18H142q-18 0-14-18z" transform="translate(0 11)" />
        <path className="c" d="M196 129h248l68 220q4 18-14 18H142q-18 0-14-18z" />
        <path className="cw" d="M150 278h340l12 40H138z" />
        <path className="chip" d="M226 158h70l-4 50h-80z" />
        <path className="chipl" d="M219 183h75M249 158l-8 50M274 158l-6 50" />
        <path className="cw" d="M336 162h88l3 11h-91zM337 188h66l2 11h-68z" />
      </g>
      <path className="arrow" d="M320 398v116M278 472l42 42 42-42" />
    </svg>
  );
}

/** The reader cannot put the card out: only its edge is to be seen, and no hand is asked for. */
export function StuckCard() {
  return (
    <svg className="illo" viewBox="0 0 640 560" aria-hidden>
      <Slot />
      <path className="cd" d="M176 130h288l18 58q3 14-12 14H170q-15 0-12-14z" transform="translate(0 9)" />
      <path className="c" d="M176 129h288l18 58q3 14-12 14H170q-15 0-12-14z" />
      <path className="arrow" d="M320 318v92M320 462v4" />
    </svg>
  );
}

/** The machine's face with its card slot. */
function Slot({ isLit = false }: { isLit?: boolean }) {
  return (
    <>
      <rect className="bg" width="640" height="560" rx="28" />
      <path className="m" d="M28 0h584a28 28 0 0 1 28 28v232H0V28A28 28 0 0 1 28 0z" />
      <path className="m2" d="M0 260h640v16H0z" />
      {isLit ? <rect className="lit" x="108" y="70" width="424" height="116" rx="38" /> : null}
      <rect className="z" x="120" y="82" width="400" height="92" rx="28" />
      <rect className="k" x="160" y="120" width="320" height="18" rx="9" />
    </>
  );
}
