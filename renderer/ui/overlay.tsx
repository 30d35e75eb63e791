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
  wide,
}: {
  title: string;
  hint?: string;
  children: ReactNode;
  onClose: () => void;
  closeLabel?: string;
  wide?: boolean;
}) {
  const { words } = useKiosk();
  return createPortal(
    <div className="veil">
      <section className={wide ? 'window wide' : 'window'} role="dialog" aria-label={title}>
        <header>
          <h2>{title}</h2>
          {hint ? <p className="soft">{hint}</p> : null}
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
