import { useKiosk } from '../../kiosk.tsx';

/** The printer's door stands open. */
export function Door() {
  const { words } = useKiosk();
  return (
    <svg className="illo" viewBox="0 0 640 400" role="img" aria-label={words.acts.door}>
      <rect className="bg" width="640" height="400" rx="28" />
      <rect className="m" x="92" y="44" width="456" height="312" rx="26" />
      <rect className="m2" x="132" y="96" width="300" height="216" rx="12" />
      <rect className="k" x="146" y="110" width="272" height="188" rx="8" />
      <rect className="m2" x="174" y="150" width="216" height="26" rx="13" />
      <circle className="m" cx="196" cy="163" r="17" />
      <circle className="m" cx="368" cy="163" r="17" />
      <path className="p" d="M190 214h184l14 62H176z" />
      <path className="g" d="M210 236h120M204 256h150" />
      <path className="z" d="M432 96l104-34a12 12 0 0 1 16 11v262a12 12 0 0 1-16 11l-104-34z" />
      <path className="door-edge" d="M432 96l104-34a12 12 0 0 1 16 11v262a12 12 0 0 1-16 11l-104-34z" />
      <rect className="lit" x="512" y="182" width="20" height="60" rx="10" />
      <path className="arrow" d="M590 130c24 44 24 96-6 138M600 262l-18 14-6-24" />
    </svg>
  );
}
