import { useKiosk } from '../../kiosk.tsx';

/** A hand puts the social security card into its slot, chip up. */
export function CardIn() {
  const { words } = useKiosk();
  return (
    <svg className="illo" viewBox="0 0 640 400" role="img" aria-label={words.acts.cardIn}>
      <rect className="bg" width="640" height="400" rx="28" />
      <path className="m" d="M28 0h584a28 28 0 0 1 28 28v172H0V28A28 28 0 0 1 28 0z" />
      <path className="m2" d="M0 200h640v14H0z" />
      <rect className="lit" x="128" y="74" width="384" height="104" rx="34" />
      <rect className="z" x="138" y="84" width="364" height="84" rx="26" />
      <rect className="k" x="176" y="120" width="288" height="16" rx="8" />
      <g className="slides-in">
        <path
          className="cd"
          d="M206 129 L434 129 L498 340 Q502 356 486 356 L154 356 Q138 356 142 340 Z"
          transform="translate(0 10)"
        />
        <path className="c" d="M206 128 L434 128 L498 338 Q502 354 486 354 L154 354 Q138 354 142 338 Z" />
        <path className="cw" d="M161 276 L479 276 L491 314 L149 314 Z" />
        <path className="chip" d="M232 156 L297 156 L294 206 L220 206 Z" />
        <path className="chipl" d="M226.5 181 H295.5 M253 156 L246 206 M276 156 L271 206" />
        <path className="cw" d="M330 160 L412 160 L415 170 L331 170 Z M331 186 L392 186 L394 196 L332 196 Z" />
      </g>
      <path className="arrow on" d="M320 330 V236 M284 272 L320 236 L356 272" />
    </svg>
  );
}
