/**
 * What a person wants photos to run on, remembered for the next visit. No DOM.
 *
 * @typedef {'auto' | 'webgpu' | 'wasm'} Backend
 *
 * @typedef {object} Preference
 * @property {Backend} backend
 * @property {number | undefined} threads as many as there are when left out
 * @property {string} agreed `Findings.key` of the adapter that may be used although it is slower than the CPU; empty for none
 */

const KEY = 'mattebox.runs-on';
const BACKENDS = ['auto', 'webgpu', 'wasm'];
const MAX_THREADS = 64;

/** @type {Readonly<Preference>} */
export const NO_PREFERENCE = Object.freeze({ backend: 'auto', threads: undefined, agreed: '' });

/** @typedef {() => Pick<Storage, 'getItem' | 'setItem'>} OpenMemory asking for it throws where site data is blocked */

/**
 * @param {OpenMemory} [open]
 * @returns {Preference} whatever lies in the storage, only what can be used
 */
export function recallPreference(open = () => localStorage) {
  try {
    const { backend, threads, agreed } = JSON.parse(open().getItem(KEY) ?? '{}');
    return {
      backend: BACKENDS.includes(backend) ? backend : NO_PREFERENCE.backend,
      threads: Number.isInteger(threads) && threads >= 1 && threads <= MAX_THREADS ? threads : undefined,
      agreed: typeof agreed === 'string' ? agreed : '',
    };
  } catch {
    return { ...NO_PREFERENCE };
  }
}

/**
 * @param {Preference} preference
 * @param {OpenMemory} [open]
 */
export function rememberPreference(preference, open = () => localStorage) {
  try {
    open().setItem(KEY, JSON.stringify(preference));
  } catch {
    // Blocked or full: the choice holds for this visit.
  }
}
