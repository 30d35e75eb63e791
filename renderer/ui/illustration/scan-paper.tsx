import code from '../art/code-phone.svg';

/** The paper's code is held to the scanner's window. */
export function ScanPaper() {
  return (
    <svg className="illo" viewBox="0 0 640 420" aria-hidden="true">
      <rect className="bg" width="640" height="420" rx="28" />
      <path className="m" d="M28 0h584a28 28 0 0 1 28 28v92H0V28A28 28 0 0 1 28 0z" />
      <path className="m2" d="M0 120h640v14H0z" />
      <rect className="lit" x="200" y="20" width="240" height="84" rx="28" />
      <rect className="z" x="210" y="30" width="220" height="64" rx="20" />
      <rect className="k" x="232" y="46" width="176" height="32" rx="12" />
      <path className="beam" d="M244 78h152l34 112H210z" />
      <path className="pd" d="M178 170h284l34 250H144z" transform="translate(0 8)" />
      <path className="p" d="M178 170h284l34 250H144z" />
      <image href={code} x="262" y="196" width="116" height="116" />
      <path className="g" d="M196 344h250M190 374h180" />
      <path className="arrow" d="M556 384V262M516 302l40-40 40 40" />
    </svg>
  );
}
