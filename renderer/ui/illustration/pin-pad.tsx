import { useKiosk } from '../../kiosk.tsx';

const columns = [96, 172, 248] as const;
const rows = [46, 108, 170, 232] as const;

/** A hand shields the PIN pad; the coloured keys stand at its right. */
export function PinPad() {
  const { words } = useKiosk();
  return (
    <svg className="illo" viewBox="0 0 480 320" role="img" aria-label={words.acts.pinPad}>
      <rect className="bg" width="480" height="320" rx="24" />
      <rect className="lit" x="64" y="16" width="352" height="288" rx="30" />
      <rect className="z" x="72" y="24" width="336" height="272" rx="24" />
      {rows.map((y) =>
        columns.map((x) => <rect key={`${x}-${y}`} className="k" x={x} y={y} width="60" height="46" rx="10" />),
      )}
      <rect className="pad-cancel" x="328" y="46" width="60" height="46" rx="10" />
      <rect className="pad-correct" x="328" y="108" width="60" height="46" rx="10" />
      <rect className="pad-enter" x="328" y="170" width="60" height="108" rx="10" />
      <path className="pad-sign" d="M347 58l22 22M369 58l-22 22M372 131h-28l10-10M344 131l10 10M344 224l10 12 20-26" />
    </svg>
  );
}
