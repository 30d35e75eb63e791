import { useKiosk } from '../../kiosk.tsx';

/** Parts of the machine's front that can light up. */
export type MachinePart = 'card' | 'id-card' | 'code' | 'paper';

/** The kiosk from the front, with the part one has to look for lit. */
export function Machine({ part }: { part: MachinePart | null }) {
  const { words } = useKiosk();
  const lit = (name: MachinePart) => (part === name ? 'kp on' : 'kp');
  return (
    <svg
      className="illo"
      viewBox="0 0 220 420"
      role="img"
      aria-label={part === null ? words.acts.plain : words.machine[part]}
    >
      <path className="kb" d="M34 6h152a16 16 0 0 1 16 16v286H18V22A16 16 0 0 1 34 6z" />
      <path className="kf" d="M18 300h184l10 96a14 14 0 0 1-14 16H22A14 14 0 0 1 8 396z" />
      <rect className="ks" x="32" y="20" width="156" height="206" rx="8" />
      <path
        className="kl"
        d="M48 44h72M48 62h48M48 84h58v34H48zM114 84h58v34h-58zM48 126h58v34H48zM114 126h58v34h-58z"
      />
      <path className="kl" d="M120 198h52" />
      <g className={lit('card')}>
        <rect x="30" y="242" width="50" height="20" rx="6" />
        <path d="M38 252h34" />
      </g>
      <g className={lit('id-card')}>
        <path d="M90 240h40a4 4 0 0 1 4 3l5 20a4 4 0 0 1-4 5H85a4 4 0 0 1-4-5l5-20a4 4 0 0 1 4-3z" />
      </g>
      <g className={lit('code')}>
        <rect x="146" y="242" width="44" height="20" rx="6" />
        <path d="M156 252h24" />
      </g>
      <g className={lit('paper')}>
        <rect x="42" y="318" width="136" height="28" rx="8" />
        <path d="M56 332h108" />
      </g>
    </svg>
  );
}
