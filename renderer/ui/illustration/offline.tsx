import { useKiosk } from '../../kiosk.tsx';

/** The line between this machine and the centre is broken. */
export function Offline() {
  const { words } = useKiosk();
  return (
    <svg className="illo" viewBox="0 0 640 400" role="img" aria-label={words.acts.offline}>
      <rect className="bg" width="640" height="400" rx="28" />
      <g transform="translate(70 66) scale(.66)">
        <path className="kb" d="M34 6h152a16 16 0 0 1 16 16v286H18V22A16 16 0 0 1 34 6z" />
        <path className="kf" d="M18 300h184l10 96a14 14 0 0 1-14 16H22A14 14 0 0 1 8 396z" />
        <rect className="ks" x="32" y="20" width="156" height="206" rx="8" />
        <path
          className="kl"
          d="M48 44h72M48 62h48M48 84h58v34H48zM114 84h58v34h-58zM48 126h58v34H48zM114 126h58v34h-58z"
        />
        <rect className="z" x="42" y="318" width="136" height="28" rx="8" />
      </g>
      <path className="line-ghost" d="M232 200h62M352 200h62" />
      <path className="arrow" d="M304 174l40 52M344 174l-40 52" />
      <path className="m" d="M430 150l76-44a10 10 0 0 1 10 0l76 44v20H430z" />
      <path className="m2" d="M436 176h150v14H436zM426 300h170v20H426z" />
      <path className="z" d="M446 190h26v110h-26zM498 190h26v110h-26zM550 190h26v110h-26z" />
      <path className="c" d="M448 190h22v110h-22zM500 190h22v110h-22zM552 190h22v110h-22z" opacity=".82" />
    </svg>
  );
}
