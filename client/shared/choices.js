/** What may be asked of a run and of a file, by a caller of the public seam as by the page: the lists and limits that several modules check. */

/** @type {readonly import('./protocol.js').Backend[]} */
export const BACKENDS = Object.freeze(['auto', 'webgpu', 'wasm']);
/** Past any machine this runs on; the engine lowers it to what the device has. */
export const MAX_THREADS = 64;
/** @type {readonly import('./protocol-output.js').Background['kind'][]} */
export const BACKGROUNDS = Object.freeze(['none', 'colour', 'gradient', 'image', 'blur']);

/** @param {unknown} value @returns {value is import('./protocol.js').Backend} */
export const isBackend = (value) => BACKENDS.includes(/** @type {any} */ (value));

/** @param {unknown} value @returns {value is number} */
export const isThreads = (value) => typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_THREADS;
