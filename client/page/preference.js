/**
 * What a person chose, remembered for the next visit: the model, and what photos are to run on. No DOM.
 *
 * @typedef {import('../shared/local-store.js').OpenStorage} OpenStorage
 *
 * @typedef {object} Preference
 * @property {import('../shared/protocol.js').Backend} backend
 * @property {number | undefined} threads as many as there are when left out
 * @property {string} agreed `Findings.key` of the adapter that may be used although it is slower than the CPU; empty for none
 */
import { isBackend, isThreads } from '../shared/choices.js';
import { LocalEntry } from '../shared/local-store.js';

/** @type {Readonly<Preference>} */
export const NO_PREFERENCE = Object.freeze({ backend: 'auto', threads: undefined, agreed: '' });

/**
 * @param {OpenStorage} [open]
 * @returns {Preference} whatever lies in the storage, only what can be used
 */
export function recallPreference(open) {
  const { backend, threads, agreed } = new LocalEntry('runs-on', open).read() ?? {};
  return {
    backend: isBackend(backend) ? backend : NO_PREFERENCE.backend,
    threads: isThreads(threads) ? threads : undefined,
    agreed: typeof agreed === 'string' ? agreed : '',
  };
}

/**
 * @param {Preference} preference where it cannot be stored, it holds for this visit
 * @param {OpenStorage} [open]
 */
export function rememberPreference(preference, open) {
  new LocalEntry('runs-on', open).write(preference);
}

/**
 * @param {OpenStorage} [open]
 * @returns {string | null} id of the model that was chosen at an earlier visit
 */
export function recallModel(open) {
  const id = new LocalEntry('model', open).read();
  return id === null ? null : String(id);
}

/**
 * @param {string} id
 * @param {OpenStorage} [open]
 */
export function rememberModel(id, open) {
  new LocalEntry('model', open).write(id);
}

/**
 * @param {OpenStorage} [open]
 * @returns {string | null} id of the model that was offered beside the photos at an earlier visit, and answered with "Not now"
 */
export function recallDeclined(open) {
  const id = new LocalEntry('declined', open).read();
  return typeof id === 'string' ? id : null;
}

/**
 * @param {string | null} id null for none
 * @param {OpenStorage} [open]
 */
export function rememberDeclined(id, open) {
  const entry = new LocalEntry('declined', open);
  if (id === null) entry.remove();
  else entry.write(id);
}
