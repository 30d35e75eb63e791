import { useKiosk } from '../../kiosk.tsx';

/** The card cannot be read; with a lock on it, it must not be used. */
export function CardTrouble({ locked }: { locked?: boolean }) {
  const { words } = useKiosk();
  return (
    <svg
      className="illo"
      viewBox="0 0 640 400"
      role="img"
      aria-label={locked ? words.acts.lock : words.acts.cardTrouble}
    >
      <rect className="bg" width="640" height="400" rx="28" />
      <rect className="cd" x="112" y="92" width="376" height="236" rx="24" />
      <rect className="c" x="112" y="80" width="376" height="236" rx="24" />
      <path className="cw" d="M112 226h376v40H112z" />
      <rect className="chip" x="150" y="120" width="76" height="58" rx="10" />
      <path className="chipl" d="M150 149h76M176 120v58M200 120v58" />
      <path className="cw" d="M262 128h140v14H262zM262 158h104v12H262z" />
      {locked ? (
        <g>
          <circle className="badge" cx="488" cy="270" r="78" />
          <rect className="badge-ink" x="450" y="258" width="76" height="56" rx="10" />
          <path className="badge-line" d="M464 258v-18a24 24 0 0 1 48 0v18" />
          <path className="badge-hole" d="M488 278v16" />
        </g>
      ) : (
        <g>
          <circle className="badge" cx="488" cy="270" r="62" />
          <path className="badgex" d="M488 238v38M488 300v.01" />
        </g>
      )}
    </svg>
  );
}
