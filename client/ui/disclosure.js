/** What opens over the page, `data-popover`: Escape or a press beside it closes it, and so does a button of a menu. */
export function armDisclosure() {
  for (const disclosure of document.querySelectorAll('details[data-popover]')) {
    if (disclosure instanceof HTMLDetailsElement) arm(disclosure);
  }
}

/** @param {HTMLDetailsElement} disclosure */
function arm(disclosure) {
  /** @type {AbortController | null} */
  let open = null;
  const close = () => {
    disclosure.open = false;
    disclosure.querySelector('summary')?.focus();
  };
  disclosure.addEventListener('toggle', ({ target }) => {
    if (target !== disclosure) return;
    open?.abort();
    open = null;
    if (!disclosure.open) return;
    open = new AbortController();
    const { signal } = open;
    document.addEventListener('pointerdown', (event) => {
      // A dialog that was opened from here lies over it.
      if (event.target instanceof Element && !disclosure.contains(event.target) && !event.target.closest('dialog')) disclosure.open = false;
    }, { signal });
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !document.querySelector('dialog[open]')) close();
    }, { signal });
  });
  if (!disclosure.matches('.menu')) return;
  disclosure.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('.menu-list button')) close();
  });
}
