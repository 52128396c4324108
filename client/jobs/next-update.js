/**
 * What is to be made next of the photos that are done. Pure.
 *
 * A preview is what a person sees, and takes a few frames; a file takes seconds and is needed when it is taken. So a file that somebody
 * waits for comes first, then the previews, those in view before the others, and files that nobody has asked for yet where nothing else
 * is to be done and there is room to keep them.
 *
 * @typedef {object} Wanted what photos are to be finished as
 * @property {import('../shared/protocol.js').OutputOptions} output
 * @property {string} previewKey the same for what gives the same picture on the screen
 * @property {string} fileKey the same for what gives the same file
 *
 * @typedef {object} Photo that is done
 * @property {string} id
 * @property {string} previewKey of the preview that it has
 * @property {string | null} fileKey of the file that it has; null for none
 * @property {number} urgency 2: somebody waits for its file, 1: it is in view, 0: neither
 * @property {boolean} hasFailed as it is wanted now
 * @property {Wanted | null} wanted null while it is not known
 *
 * @typedef {{ kind: 'preview' | 'file', id: string }} Update
 */

/** @param {Photo} photo @returns {boolean} what is shown of it is older than what is wanted */
export const isPreviewStale = ({ previewKey, hasFailed, wanted }) => !hasFailed && previewKey !== wanted?.previewKey;

/** @param {Photo} photo @returns {boolean} its file is not there, or older than what is wanted, and can be made */
export const isFileStale = ({ fileKey, hasFailed, wanted }) => !hasFailed && fileKey !== wanted?.fileKey;

/**
 * @param {Photo[]} photos
 * @param {{ isIdle: boolean, hasRoom: boolean }} now no photo waits for a model or is cut out, or there are cores for both; more files can be kept
 * @returns {Update | null}
 */
export function nextUpdate(photos, { isIdle, hasRoom }) {
  const first = photos.filter(({ wanted }) => wanted).toSorted((a, b) => b.urgency - a.urgency);
  const awaited = first.find((photo) => photo.urgency > 1 && isFileStale(photo));
  if (awaited) return { kind: 'file', id: awaited.id };
  const shown = first.find(isPreviewStale);
  if (shown) return { kind: 'preview', id: shown.id };
  const spare = isIdle && hasRoom ? first.find(isFileStale) : null;
  return spare ? { kind: 'file', id: spare.id } : null;
}
