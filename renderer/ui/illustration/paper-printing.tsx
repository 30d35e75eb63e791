import { useKiosk } from '../../kiosk.tsx';

/** The paper is coming out. */
export function PaperPrinting() {
  const { words } = useKiosk();
  return (
    <svg className="illo" viewBox="0 0 640 470" role="img" aria-label={words.acts.printing}>
      <rect className="bg" width="640" height="470" rx="28" />
      <path className="m" d="M28 0h584a28 28 0 0 1 28 28v222H0V28A28 28 0 0 1 28 0z" />
      <path className="m2" d="M0 250h640v16H0z" />
      <rect className="lit" x="62" y="92" width="516" height="112" rx="38" />
      <rect className="z" x="75" y="105" width="490" height="86" rx="28" />
      <rect className="k" x="120" y="140" width="400" height="18" rx="9" />
      <g className="comes-out">
        <path className="pd" d="M156 150h328l46 210q3 16-14 16H124q-17 0-14-16z" transform="translate(0 10)" />
        <path className="p" d="M156 148h328l46 210q3 16-14 16H124q-17 0-14-16z" />
        <path className="g" d="M176 188h240M170 218h280M162 248h150" />
        <g className="s" transform="translate(430 292) scale(1 .8)">
          <circle r="52" />
          <path className="sf" d="M0-21l5.9 13.8 15 1.3-11.4 9.8 3.5 14.6L0 10.8l-13 7.7 3.5-14.6-11.4-9.8 15-1.3z" />
        </g>
        <path className="g" d="M154 290h170M146 330h120" />
      </g>
    </svg>
  );
}
