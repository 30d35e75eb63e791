import { useKiosk } from '../../kiosk.tsx';
import code from '../art/code-phone.svg';

/** A phone shows its code to the scanner. */
export function PhoneCode() {
  const { words } = useKiosk();
  return (
    <svg className="illo" viewBox="0 0 480 320" role="img" aria-label={words.acts.phone}>
      <rect className="bg" width="480" height="320" rx="24" />
      <path className="m" d="M24 0h432a24 24 0 0 1 24 24v70H0V24A24 24 0 0 1 24 0z" />
      <path className="m2" d="M0 94h480v12H0z" />
      <rect className="lit" x="142" y="14" width="196" height="68" rx="22" />
      <rect className="z" x="150" y="22" width="180" height="52" rx="16" />
      <rect className="k" x="166" y="34" width="148" height="28" rx="10" />
      <path className="beam" d="M174 62h132l30 92H144z" />
      <rect className="frame" x="172" y="126" width="136" height="184" rx="20" />
      <rect className="p" x="181" y="135" width="118" height="166" rx="12" />
      <image href={code} x="195" y="152" width="90" height="90" />
      <path className="g" d="M206 270h68" />
      <path className="arrow" d="M388 290V186M355 219l33-33 33 33" />
    </svg>
  );
}
