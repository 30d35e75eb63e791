import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

/**
 * The large keypad for digits.
 */
export function Keypad({
  onDigit,
  onBackspace,
  clear,
  labels,
  disabled,
}: {
  onDigit: (digit: string) => void;
  onBackspace: () => void;
  /** The key at the lower left: clears, or types a letter that numbers may hold (X). */
  clear: { label: ReactNode; onPress: () => void; letter?: boolean };
  labels: { backspace: string };
  disabled?: boolean;
}) {
  return (
    <div className="keypad">
      {['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((digit) => (
        <button key={digit} type="button" className="key" disabled={disabled} onClick={() => onDigit(digit)}>
          {digit}
        </button>
      ))}
      <button
        type="button"
        className={clear.letter ? 'key quiet letter' : 'key quiet'}
        disabled={disabled}
        onClick={clear.onPress}
      >
        {clear.label}
      </button>
      <button type="button" className="key" disabled={disabled} onClick={() => onDigit('0')}>
        0
      </button>
      <button
        type="button"
        className="key quiet"
        aria-label={labels.backspace}
        disabled={disabled}
        onClick={onBackspace}
      >
        <Icon name="backspace" />
      </button>
    </div>
  );
}
