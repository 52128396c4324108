/**
 * What a key means in the large view. Pure.
 *
 * @typedef {'previous' | 'next' | 'first' | 'last' | 'zoom-in' | 'zoom-out' | 'fit' | 'toggle' | 'original' | 'split' | 'touch-up' | 'close' | 'copy' | 'fine' | 'check'
 *   | 'left' | 'right' | 'up' | 'down'} Command
 * @typedef {Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>} Key
 */

/** @type {Readonly<Record<string, Command>>} */
const KEYS = Object.freeze({
  arrowleft: 'previous', arrowright: 'next', pageup: 'previous', pagedown: 'next', home: 'first', end: 'last',
  '+': 'zoom-in', '=': 'zoom-in', '-': 'zoom-out', 0: 'fit', 1: 'toggle', o: 'original', s: 'split', enter: 'touch-up', ' ': 'close', f: 'fine', c: 'check',
});
/** With Shift: these move what is seen. @type {Readonly<Record<string, Command>>} */
const SHIFTED = Object.freeze({ arrowleft: 'left', arrowright: 'right', arrowup: 'up', arrowdown: 'down' });

/**
 * @param {Key} key
 * @param {boolean} isRightToLeft the next photo lies to the left
 * @returns {Command | null} null where it means nothing here
 */
export function commandOf({ key, ctrlKey, metaKey, shiftKey, altKey }, isRightToLeft = false) {
  const name = key.toLowerCase();
  if (altKey) return null;
  if (ctrlKey || metaKey) return name === 'c' && !shiftKey ? 'copy' : null;
  if (shiftKey && Object.hasOwn(SHIFTED, name)) return SHIFTED[name];
  const command = Object.hasOwn(KEYS, name) ? KEYS[name] : null;
  if (isRightToLeft && name === 'arrowleft') return 'next';
  if (isRightToLeft && name === 'arrowright') return 'previous';
  return command;
}

const MOVING = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown']);

/** @param {Key} key @returns {boolean} it moves a range that has the focus */
export const movesRange = ({ key, ctrlKey, metaKey, shiftKey, altKey }) => MOVING.has(key) && !(ctrlKey || metaKey || shiftKey || altKey);
