/**
 * What a card says of a photo beside its state: one sentence, whole, the consequence first.
 *
 * @typedef {import('../protocol.js').Note} Note
 */

/** @type {Record<Note['code'], (detail: any) => string>} */
const SENTENCES = {
  incomplete: () => 'This file is incomplete: its end is missing, so a part of the picture may be grey.',
  'first-of-many': () => 'Only the first picture of this file is used.',
  'camera-preview': () => 'This is the preview that the camera put into the raw file, not the raw picture itself.',
  'tone-mapped': () => 'This HDR photo was brought to the range of a normal screen.',
  'colours-unconverted': () => 'Colours may be off: this file’s colour profile could not be used.',
  'already-cut-out': () => 'This picture already has a transparent background, so it was kept as it is.',
  'nothing-found': ({ kind }) => `Nothing stood out here, so the result is empty${kind === 'whole' ? ' and has the whole photo’s size' : ''}. Try another model, or a photo in which the subject looks different from what is behind it.`,
};

/** @param {Note} note */
export const noteText = ({ code, detail }) => SENTENCES[code](detail);
