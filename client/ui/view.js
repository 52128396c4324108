import { part, setData } from './dom.js';

/** @typedef {'empty' | 'work'} View */

/** What stands in one place in one view and in another in the other: the names of the slots, `data-slot="NAME-VIEW"`. */
const MOVING = ['chooser', 'models', 'runs', 'small-print'];

/**
 * The page while it has no photos, and while it has some. What both have is one element that moves, so that its state and its name stay.
 * @param {View} view
 */
export function showView(view) {
  if (document.body.dataset.view === view) return;
  setData(document.body, 'view', view);
  part(document, 'panel', HTMLElement).hidden = view === 'empty';
  // What photos wait for is seen.
  const isAsking = document.querySelector('[data-part="runs"] [data-part="question"]:not([hidden])') !== null;
  if (view === 'work' && isAsking) part(document, 'how', HTMLDetailsElement).open = true;
  for (const name of MOVING) {
    const [from, to] = [view === 'work' ? 'empty' : 'work', view].map((one) => slot(`${name}-${one}`));
    for (const child of [...from.children]) move(child, to);
  }
}

/** @param {string} name @returns {Element} */
function slot(name) {
  const found = document.querySelector(`[data-slot="${name}"]`);
  if (!found) throw new TypeError(`index.html has no data-slot="${name}"`);
  return found;
}

/** @param {Element} moved @param {Element} into */
export function move(moved, into) {
  if (moved.parentElement === into) return;
  const focused = document.activeElement;
  into.append(moved);
  // An element that is moved loses it.
  if (focused instanceof HTMLElement && moved.contains(focused)) focused.focus({ preventScroll: true });
}

/** On a small screen the settings are a sheet from below, one line high until it is opened. */
export function armPanel() {
  const panel = part(document, 'panel', HTMLElement);
  const toggle = part(panel, 'panel-toggle', HTMLButtonElement);
  const show = (/** @type {boolean} */ isOpen) => {
    panel.toggleAttribute('data-open', isOpen);
    toggle.setAttribute('aria-expanded', String(isOpen));
  };
  toggle.addEventListener('click', () => show(!panel.hasAttribute('data-open')));
  panel.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || !panel.hasAttribute('data-open')) return;
    show(false);
    toggle.focus();
  });
}
