/**
 * What a key means in the editor. Pure.
 *
 * @typedef {import('./tools.js').ToolName} ToolName
 * @typedef {`tool:${ToolName}` | 'undo' | 'redo' | 'smaller' | 'larger' | 'softer' | 'harder' | 'fit' | 'actual' | 'double' | 'zoom-in' | 'zoom-out'
 *   | 'original' | 'split' | 'matte' | 'ground' | 'previous' | 'next' | 'help'} Command
 * @typedef {Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>} Key
 */

/** Where a key leads: x and y. */
export const ARROWS = /** @type {Readonly<Record<string, [number, number]>>} */ (Object.freeze({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }));

/** By what the key gives. @type {Readonly<Record<string, Command>>} */
const KEYS = Object.freeze({
  b: 'tool:restore', e: 'tool:erase', r: 'tool:edge', w: 'tool:select', f: 'tool:look', p: 'tool:parts',
  '[': 'smaller', ']': 'larger', '{': 'softer', '}': 'harder',
  0: 'fit', 1: 'actual', 2: 'double', '+': 'zoom-in', '=': 'zoom-in', '-': 'zoom-out',
  o: 'original', s: 'split', m: 'matte', g: 'ground',
  pageup: 'previous', pagedown: 'next', '?': 'help',
});
/** By the key's place, on keyboards that give something else there, with Shift or without. @type {Readonly<Record<string, Command>>} */
const PLACES = Object.freeze({ BracketLeft: 'smaller', BracketRight: 'larger', 'Shift+BracketLeft': 'softer', 'Shift+BracketRight': 'harder' });
/** With Ctrl or Command. @type {Readonly<Record<string, Command>>} */
const MODIFIED = Object.freeze({ z: 'undo', 'Shift+z': 'redo', y: 'redo' });

/** @param {Readonly<Record<string, Command>>} table @param {string} name */
const find = (table, name) => (Object.hasOwn(table, name) ? table[name] : null);

/** @param {Key} key @returns {Command | null} null where it means nothing here */
export function commandOf({ key, code, ctrlKey, metaKey, shiftKey, altKey }) {
  const shift = shiftKey ? 'Shift+' : '';
  const name = key.toLowerCase();
  // On some keyboards a bracket takes a key that types the third of what it can.
  if (altKey && !/^[[\]{}]$/u.test(name)) return null;
  if ((ctrlKey || metaKey) && !altKey) return find(MODIFIED, `${shift}${name}`);
  return (shift ? find(PLACES, `${shift}${code}`) : null) ?? find(KEYS, name) ?? find(PLACES, `${shift}${code}`);
}

/** @param {Element | null} focused @returns {boolean} it takes letters and numbers itself */
export const takesText = (focused) => focused instanceof HTMLInputElement && ['text', 'number', 'search'].includes(focused.type);
