import { Icon } from './icon.tsx';

/** Fewer, a number, more. */
export function Stepper({
  text,
  labels,
  onFewer,
  onMore,
}: {
  text: string;
  labels: { fewer: string; more: string };
  /** Absent at the lower end. */
  onFewer?: (() => void) | undefined;
  onMore?: (() => void) | undefined;
}) {
  return (
    <div className="stepper">
      <button type="button" className="btn" aria-label={labels.fewer} disabled={!onFewer} onClick={onFewer}>
        <Icon name="minus" />
      </button>
      <output>{text}</output>
      <button type="button" className="btn" aria-label={labels.more} disabled={!onMore} onClick={onMore}>
        <Icon name="plus" />
      </button>
    </div>
  );
}
