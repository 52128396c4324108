/** Dialogs that an address may ask for, by their fragment. */
const DIALOGS = ['stored', 'diagnostics'];

/**
 * Open a dialog as its button does, unless one is open: the installed app's shortcuts also reach pages in use.
 * @param {string} name
 */
export function openShortcut(name) {
  if (!DIALOGS.includes(name) || document.querySelector('dialog[open]')) return;
  document.querySelector(`button[data-part=open-${name}]`)?.dispatchEvent(new MouseEvent('click'));
}

/** What the address of a photo in the editor begins with; its card's `data-job` follows. */
export const EDIT = '#edit=';

/** @returns {string} what the address asks for once; a reload does not ask for it again, but for a photo that is being edited */
export function takeFragment() {
  const { hash } = location;
  if (hash && !hash.startsWith(EDIT) && !document.getElementById(hash.slice(1))) dropFragment();
  return hash;
}

/** The address as it is without what it asks for. */
export const dropFragment = () => history.replaceState(null, '', `${location.pathname}${location.search}`);
