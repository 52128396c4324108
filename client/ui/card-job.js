/**
 * What a card needs to know of a job. No code lives here.
 *
 * @typedef {object} CardJob
 * @property {string} id
 * @property {string} name
 * @property {string} folder in which it was dropped
 * @property {number} modified when its file was changed last, ms since the epoch
 * @property {Blob} input
 * @property {string} state
 * @property {import('./progress.js').Progress | null} progress
 * @property {import('./result-words.js').Result | null} result
 * @property {unknown} error of a photo that is done: why it is not another one
 * @property {boolean} isAgain what there is of it stays until it is another one
 */
export {};
