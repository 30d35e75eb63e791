import { useKiosk } from '../../kiosk.tsx';

/** There is no paper. */
export function NoPaper() {
  const { words } = useKiosk();
  return (
    <svg className="illo" viewBox="0 0 640 400" role="img" aria-label={words.acts.noPaper}>
      <rect className="bg" width="640" height="400" rx="28" />
      <path className="m" d="M28 0h584a28 28 0 0 1 28 28v132H0V28A28 28 0 0 1 28 0z" />
      <path className="m2" d="M0 160h640v14H0z" />
      <rect className="z" x="102" y="44" width="436" height="72" rx="24" />
      <rect className="k" x="140" y="74" width="360" height="16" rx="8" />
      <path className="ghost" d="M172 108h296l58 222q3 14-12 14H126q-15 0-12-14z" />
      <circle className="badge" cx="320" cy="252" r="56" />
      <path className="badgex" d="M320 222v36M320 280v.01" />
    </svg>
  );
}
