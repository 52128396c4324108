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

/** @returns {string} what the address asks for once; a reload does not ask for it again */
export function takeFragment() {
  const { hash, pathname, search } = location;
  if (hash && !document.getElementById(hash.slice(1))) history.replaceState(history.state, '', `${pathname}${search}`);
  return hash;
}
