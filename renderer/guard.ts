/**
 * What a page does by itself and a kiosk must not: context menu, selection, dragging, zooming, leaving by keyboard. The shell
 * forbids most of it too; this is the part that belongs to the page.
 *
 * Also marks what is being pressed at once (`data-pressed`), because `:active` of a touch may wait for the browser to decide
 * whether it is a scroll.
 * @returns the undo
 */
export function guardPage(page: Window): () => void {
  const undo: (() => void)[] = [];
  const on = (type: string, handle: (event: Event) => void, options: AddEventListenerOptions = {}) => {
    page.document.addEventListener(type, handle, options);
    undo.push(() => page.document.removeEventListener(type, handle, options));
  };
  const refuse = (event: Event) => event.preventDefault();
  for (const type of ['contextmenu', 'selectstart', 'dragstart', 'dragover', 'drop', 'gesturestart', 'auxclick']) {
    on(type, refuse);
  }
  on(
    'touchmove',
    (event) => {
      if ((event as TouchEvent).touches.length > 1) event.preventDefault();
    },
    { passive: false },
  );
  on(
    'wheel',
    (event) => {
      if ((event as WheelEvent).ctrlKey) event.preventDefault();
    },
    { passive: false },
  );
  on('keydown', (event) => {
    const { key, ctrlKey, metaKey, altKey } = event as KeyboardEvent;
    const walks = key === 'Tab' || key.startsWith('Arrow') || [...key].length === 1;
    if (ctrlKey || metaKey || altKey || !walks) event.preventDefault();
  });
  let pressed: Element | null = null;
  const release = () => {
    pressed?.removeAttribute('data-pressed');
    pressed = null;
  };
  on('pointerdown', (event) => {
    release();
    const target = event.target instanceof Element ? event.target.closest('button') : null;
    if (target === null || target.disabled) return;
    target.setAttribute('data-pressed', '');
    pressed = target;
  });
  on('pointerup', release);
  on('pointercancel', release);
  return () => {
    release();
    for (const one of undo) one();
  };
}
