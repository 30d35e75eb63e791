import { useKiosk } from '../../kiosk.tsx';

/** A slip hangs from its narrow slot. While it waits, an arrow says to pull it. */
export function Receipt({ isWaiting }: { isWaiting: boolean }) {
  const { words } = useKiosk();
  return (
    <svg
      className="illo"
      viewBox="0 0 640 560"
      role="img"
      aria-label={isWaiting ? words.acts.takeReceipt : words.acts.receiptPrinting}
    >
      <rect className="bg" width="640" height="560" rx="28" />
      <path className="m" d="M28 0h584a28 28 0 0 1 28 28v202H0V28A28 28 0 0 1 28 0z" />
      <path className="m2" d="M0 230h640v16H0z" />
      <rect className="lit" x="176" y="60" width="288" height="104" rx="36" />
      <rect className="z" x="188" y="72" width="264" height="80" rx="26" />
      <rect className="k" x="214" y="104" width="212" height="18" rx="9" />
      <g className="comes-out">
        <path className="pd" d="M236 124h168l12 284-20-12-20 12-20-12-20 12-20-12-20 12-20-12-20 12-20-12-20 12z" />
        <path className="p" d="M236 114h168l12 284-20-12-20 12-20-12-20 12-20-12-20 12-20-12-20 12-20-12-20 12z" />
        <path className="g" d="M276 152h88M262 184h116M260 212h80" />
        <path
          className="k"
          d="M284 240h26v26h-26zM330 240h26v26h-26zM284 286h26v26h-26zM330 286h10v10h-10zM346 302h10v10h-10z"
        />
        <path className="g" d="M262 346h116" />
      </g>
      {isWaiting ? <path className="arrow" d="M320 416v104M278 478l42 42 42-42" /> : null}
    </svg>
  );
}
