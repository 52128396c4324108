/**
 * The pattern of names that a person chose, remembered for the next visit. No DOM.
 *
 * @typedef {import('../shared/local-store.js').OpenStorage} OpenStorage
 */
import { LocalEntry } from '../shared/local-store.js';
import { DEFAULT_PATTERN, usablePattern } from './file-names.js';

/** @param {OpenStorage} [open] */
const entry = (open) => new LocalEntry('names', open);

/** @param {OpenStorage} [open] @returns {string} whatever lies in the storage, one that can be used */
export const recallPattern = (open) => usablePattern(entry(open).read());

/** @param {string} pattern where it cannot be stored, it holds for this visit @param {OpenStorage} [open] */
export function rememberPattern(pattern, open) {
  if (pattern === DEFAULT_PATTERN) entry(open).remove();
  else entry(open).write(pattern);
}
