import { part } from './dom.js';

/** The proof behind "never leave this device" opens over the page: Escape or a press beside it closes it. */
export function armDisclosure() {
  const promise = part(document, 'promise', HTMLDetailsElement);
  /** @type {AbortController | null} */
  let open = null;
  promise.addEventListener('toggle', () => {
    open?.abort();
    open = null;
    if (!promise.open) return;
    open = new AbortController();
    const { signal } = open;
    document.addEventListener('pointerdown', (event) => {
      if (!(event.target instanceof Node && promise.contains(event.target))) promise.open = false;
    }, { signal });
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      promise.open = false;
      promise.querySelector('summary')?.focus();
    }, { signal });
  });
}
