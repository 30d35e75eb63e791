import { Icon, type UiIcon } from './icon.tsx';

/** Fewer, a number, more. */
export function Stepper({
  text,
  labels,
  icons = { fewer: 'minus', more: 'plus' },
  onFewer,
  onMore,
}: {
  text: string;
  labels: { fewer: string; more: string };
  icons?: { fewer: UiIcon; more: UiIcon };
  /** Absent at the lower end. */
  onFewer?: (() => void) | undefined;
  onMore?: (() => void) | undefined;
}) {
  return (
    <div className="stepper">
      <button type="button" className="btn" aria-label={labels.fewer} disabled={!onFewer} onClick={onFewer}>
        <Icon name={icons.fewer} />
      </button>
      <output>{text}</output>
      <button type="button" className="btn" aria-label={labels.more} disabled={!onMore} onClick={onMore}>
        <Icon name={icons.more} />
      </button>
    </div>
  );
}
