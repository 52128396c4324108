/**
 * Sizes that shops, offices and pages ask for, as data: each says only what it decides, what it leaves out stays as chosen.
 * Their names are words of the page's.
 *
 * @typedef {object} Preset
 * @property {string} id
 * @property {import('../shared/protocol.js').OutputOptions} output of an ID photo, without the frame: that is its format's (id-formats.js)
 */

/** What ID photos may stand on: plain and light, and still told from white paper, or white. */
export const ID_GROUNDS = /** @type {const} */ (['#f0f0f0', '#ffffff']);
const PLAIN = /** @type {const} */ ({ kind: 'colour', colour: ID_GROUNDS[0] });

/** @param {number} side @returns {import('../shared/protocol.js').OutputOptions} */
const square = (side) => ({ crop: { margin: 0.05, width: side, height: side } });

/** @type {readonly Readonly<Preset>[]} */
export const PRESETS = Object.freeze([
  { id: 'square-1024', output: square(1024) },
  { id: 'square-2048', output: square(2048) },
  // What Amazon asks of a main picture, and others ask less: pure white, 85 % of the frame, JPEG, at least 1000 pixels; from 1600 on
  // it can be zoomed into.
  { id: 'marketplace', output: { type: 'image/jpeg', background: { kind: 'colour', colour: '#ffffff' }, crop: { fill: 0.85, width: 2000, height: 2000 } } },
  { id: 'id-photo', output: { type: 'image/jpeg', background: PLAIN } },
  { id: 'portrait-4x5', output: { crop: { margin: 0.08, width: 1080, height: 1350 } } },
  { id: 'banner-16x9', output: { crop: { margin: 0.08, width: 1920, height: 1080 } } },
]);
