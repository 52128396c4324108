/**
 * Sizes that shops, offices and pages ask for, as data: each says only what it decides, what it leaves out stays as chosen.
 * Their names are words of the page's.
 *
 * @typedef {object} Preset
 * @property {string} id
 * @property {import('../shared/protocol.js').OutputOptions} output
 */

/** Plain and light, as offices ask, and still told from white paper. */
const PLAIN = /** @type {const} */ ({ kind: 'colour', colour: '#f0f0f0' });

/** @param {number} side @returns {import('../shared/protocol.js').OutputOptions} */
const square = (side) => ({ crop: { margin: 0.05, width: side, height: side } });

/**
 * @param {number} width
 * @param {number} height
 * @param {number} density dots per inch
 * @returns {import('../shared/protocol.js').OutputOptions}
 */
const identity = (width, height, density) => ({ type: 'image/jpeg', background: PLAIN, crop: { anchor: 'head', width, height }, density });

/** @type {readonly Readonly<Preset>[]} */
export const PRESETS = Object.freeze([
  { id: 'square-1024', output: square(1024) },
  { id: 'square-2048', output: square(2048) },
  // What Amazon asks of a main picture, and others ask less: pure white, 85 % of the frame, JPEG, at least 1000 pixels; from 1600 on
  // it can be zoomed into.
  { id: 'marketplace', output: { type: 'image/jpeg', background: { kind: 'colour', colour: '#ffffff' }, crop: { fill: 0.85, width: 2000, height: 2000 } } },
  // 35 x 45 mm at 300 and at 600 dots per inch, to a twentieth of a millimetre.
  { id: 'id-photo', output: identity(413, 531, 300) },
  { id: 'id-photo-600', output: identity(827, 1063, 600) },
  { id: 'portrait-4x5', output: { crop: { margin: 0.08, width: 1080, height: 1350 } } },
  { id: 'banner-16x9', output: { crop: { margin: 0.08, width: 1920, height: 1080 } } },
]);
