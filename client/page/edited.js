/**
 * A photo's result after a person edited its matte.
 *
 * @typedef {import('../ui/job-card.js').Result} Result
 */
import { revised } from '../document/document.js';

/** No wish has this key: what is there is shown until it has been made anew. */
const STALE = '';

/**
 * @param {Result} result
 * @param {import('../document/document.js').Document['edits']} edits all that are to hold
 * @returns {Result} of another revision, whose preview and file are stale
 */
export const edited = (result, edits) => ({
  ...result,
  document: revised(result.document, { edits }),
  preview: { ...result.preview, key: STALE },
  file: result.file && { ...result.file, key: STALE },
});
