/**
 * What kinds of jobs there are: the lane that each runs in, and which state each stage of its work is. A new kind is a row here.
 *
 * @typedef {'queued' | 'loading' | 'decoding' | 'running' | 'encoding' | 'paused' | 'done' | 'failed' | 'cancelled'} JobState
 * @typedef {'model' | 'pixels'} Lane one job at a time in each
 *
 * @typedef {object} Facts what a job is about
 * @property {string} name of the photo's file, for people
 * @property {string} folder in which it was dropped, with those above it: "album/below"; empty where there is none
 * @property {number} modified when its file was changed last, ms since the epoch; 0 where nothing tells
 * @property {string} photo id of the job of the photo that something is made of
 * @property {string} model id of the one that is downloaded
 * @property {boolean} reduce work on the photo at a size that this device can hold
 * @property {'keep' | 'ignore'} ownAlpha of a picture that is cut out already
 * @property {'' | 'fine' | 'check'} mark what a person thinks of its result; empty where they have not said
 * @property {import('../shared/head-frame.js').Head | null} [head] where a person placed the head in it, in parts of its sides
 *
 * @typedef {object} State
 * @property {string} id
 * @property {string} kind
 * @property {JobState} state
 * @property {import('../shared/protocol.js').Progress | null} progress last event of the current attempt
 * @property {import('../shared/errors.js').WireError | null} error what the last attempt failed with
 * @property {number} turn where it stands among those that wait: the least first, then in the order they were added
 * @property {boolean} isAgain it is made once more: what it has come to before stays until there is another, and for good where none comes
 *
 * @typedef {Readonly<Facts & State>} Job
 *
 * @typedef {object} Kind
 * @property {Lane | null} lane null: it starts at once, beside whatever runs
 * @property {Record<string, JobState>} stages of its progress; a stage that is not named is `loading`
 * @property {boolean} [isResumable] what a paused or failed attempt has reached is where the next one goes on
 */

/** Until the model is up. */
const STARTING = /** @type {const} */ ({ judging: 'loading', downloading: 'loading', preparing: 'loading', 'falling-back': 'loading' });

/** @type {Readonly<Record<'cutout' | 'preview' | 'file' | 'download' | 'warm-up', Kind>>} */
export const KINDS = Object.freeze({
  cutout: { lane: 'model', stages: { ...STARTING, decoding: 'decoding', running: 'running', encoding: 'encoding' } },
  preview: { lane: 'pixels', stages: STARTING },
  file: { lane: 'pixels', stages: STARTING },
  download: { lane: null, stages: STARTING, isResumable: true },
  'warm-up': { lane: null, stages: STARTING },
});

/** @type {ReadonlySet<JobState>} */
const SETTLED = new Set(['done', 'failed', 'cancelled']);
/** @type {ReadonlySet<JobState>} */
const RESTING = new Set(['queued', 'paused', ...SETTLED]);

/** @param {JobState} state @returns {boolean} nothing more happens to the job by itself */
export const isSettled = (state) => SETTLED.has(state);

/** @param {JobState} state @returns {boolean} an attempt is being made */
export const isUnderWay = (state) => !RESTING.has(state);
