/**
 * What a card says of a photo beside its state: one sentence, whole, the consequence first.
 *
 * @typedef {import('../shared/protocol.js').Note} Note
 */

/**
 * @param {number} missing 0..1
 * @param {string} [kind] `detail` where the file stores the whole picture first, and its fine detail behind
 */
function incomplete(missing, kind) {
  if (missing >= 0.0005) return `A part of this photo is grey: the file is incomplete, and ${missing < 0.01 ? 'less than 1' : Math.round(missing * 100)} % of the picture is missing.`;
  if (kind === 'detail') return 'This photo may lack fine detail: the file is incomplete.';
  return 'This file is incomplete: its last bytes are missing. The whole picture is there.';
}

/**
 * @param {number} [count]
 * @param {string} [kind]
 */
function onlyOne(count, kind) {
  const all = count === undefined ? 'several' : count.toLocaleString('en');
  if (kind === 'frames') return `Only the first picture of this animation is used; it has ${all}.`;
  if (kind === 'pages') return `Only the first page of this file is used; it has ${all}.`;
  return `Only one picture of this file is used; it has ${all}.`;
}

/** @type {Record<Note['code'], (detail: any) => string>} */
const SENTENCES = {
  incomplete: ({ missing = 0, kind }) => incomplete(missing, kind),
  'first-of-many': ({ count, kind }) => onlyOne(count, kind),
  'camera-preview': () => 'This is the preview that the camera put into the raw file, not the raw picture itself.',
  'tone-mapped': () => 'This HDR photo was brought to the range of a normal screen.',
  'colours-unconverted': () => 'Colours may be off: this file’s colour profile could not be used.',
  'already-cut-out': () => 'This picture already has a transparent background, so it was kept as it is.',
  'nothing-found': ({ kind }) => `Nothing stood out here, so the result is empty${kind === 'whole' ? ' and has the whole photo’s size' : ''}. Try another model, or a photo in which the subject looks different from what is behind it.`,
};

/** @param {Note} note */
export const noteText = ({ code, detail }) => SENTENCES[code](detail);
