import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useKiosk } from '../kiosk.tsx';

/** Something laid over the whole screen until it is closed: an explanation, the appearance, a paper seen larger. */
export function Overlay({
  title,
  hint,
  children,
  onClose,
  closeLabel,
  beside,
  wide,
}: {
  title: string;
  hint?: string;
  children: ReactNode;
  onClose: () => void;
  closeLabel?: string;
  /** At the right of the title. */
  beside?: ReactNode;
  wide?: boolean;
}) {
  const { words } = useKiosk();
  return createPortal(
    <div className="veil">
      <section className={wide ? 'window wide' : 'window'} role="dialog" aria-label={title}>
        <header>
          <div>
            <h2>{title}</h2>
            {hint ? <p className="soft">{hint}</p> : null}
          </div>
          {beside}
        </header>
        <div className="window-body">{children}</div>
        <button type="button" className="btn primary wide" onClick={onClose}>
          {closeLabel ?? words.close}
        </button>
      </section>
    </div>,
    document.body,
  );
}
