import { useKiosk } from '../../kiosk.tsx';

/** Paper is crumpled in the slot. */
export function Jam() {
  const { words } = useKiosk();
  return (
    <svg className="illo" viewBox="0 0 640 400" role="img" aria-label={words.acts.jam}>
      <rect className="bg" width="640" height="400" rx="28" />
      <path className="m" d="M28 0h584a28 28 0 0 1 28 28v132H0V28A28 28 0 0 1 28 0z" />
      <path className="m2" d="M0 160h640v14H0z" />
      <rect className="z" x="102" y="44" width="436" height="72" rx="24" />
      <rect className="k" x="140" y="74" width="360" height="16" rx="8" />
      <path
        className="pd"
        d="M178 84h284l14 46-18 26 26 34-30 22 20 36-46 6-30 34-38-24-40 26-36-28-44 16-16-38-34-10 22-34-24-26 22-30-16-26z"
        transform="translate(0 9)"
      />
      <path
        className="p"
        d="M178 84h284l14 46-18 26 26 34-30 22 20 36-46 6-30 34-38-24-40 26-36-28-44 16-16-38-34-10 22-34-24-26 22-30-16-26z"
      />
      <path
        className="crease"
        d="M204 118l62 22 38-26 58 30 72-20M196 168l54 18 46-30 62 34 58-24M218 222l50-24 44 26 56-22 40 20M262 258l38-22 44 22 34-18"
      />
      <circle className="badge" cx="520" cy="312" r="56" />
      <path className="badgex" d="M520 282v36M520 340v.01" />
    </svg>
  );
}
