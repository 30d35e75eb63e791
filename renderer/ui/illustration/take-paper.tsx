import { useKiosk } from '../../kiosk.tsx';

/** The paper waits in the slot. */
export function TakePaper() {
  const { words } = useKiosk();
  return (
    <svg className="illo" viewBox="0 0 640 560" role="img" aria-label={words.acts.takePaper}>
      <rect className="bg" width="640" height="560" rx="28" />
      <path className="m" d="M28 0h584a28 28 0 0 1 28 28v202H0V28A28 28 0 0 1 28 0z" />
      <path className="m2" d="M0 230h640v16H0z" />
      <rect className="lit" x="72" y="60" width="496" height="104" rx="36" />
      <rect className="z" x="84" y="72" width="472" height="80" rx="26" />
      <rect className="k" x="126" y="104" width="388" height="18" rx="9" />
      <g className="comes-out">
        <path className="pd" d="M160 116h320l58 282q3 16-14 16H116q-17 0-14-16z" transform="translate(0 10)" />
        <path className="p" d="M160 114h320l58 282q3 16-14 16H116q-17 0-14-16z" />
        <path className="g" d="M252 150h136M190 186h208M184 216h260M178 246h200" />
        <path className="g" d="M170 292h150M164 324h116" />
        <g className="s" transform="translate(426 326) scale(1 .8)">
          <circle r="52" />
          <path className="sf" d="M0-21l5.9 13.8 15 1.3-11.4 9.8 3.5 14.6L0 10.8l-13 7.7 3.5-14.6-11.4-9.8 15-1.3z" />
        </g>
      </g>
      <path className="arrow" d="M320 402v116M278 476l42 42 42-42" />
    </svg>
  );
}
