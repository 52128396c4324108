/**
 * Sizes of ID photos, as those who ask for them publish them. Lengths in millimetres. A new one is a row, and its name
 * `id-format.ID` in messages/en/work.js.
 *
 * @typedef {[least: number, most: number]} Range
 *
 * @typedef {object} IdFormat
 * @property {string} id
 * @property {number} width
 * @property {number} height
 * @property {Range} head crown to chin
 * @property {Range | null} crown from the upper edge down to the crown, where it is published
 * @property {Range | null} eyes from the lower edge up to the eyes, where it is published
 */

const INCH = 25.4;

/** @type {readonly Readonly<IdFormat>[]} */
export const ID_FORMATS = Object.freeze([
  // Schengen visa code, and the sample photos of Germany's Federal Ministry of the Interior: 32 to 36 mm, which is 70 to 80 % (ICAO Doc 9303,
  // ISO/IEC 19794-5). Australia, India and Japan ask the same.
  { id: '35x45', width: 35, height: 45, head: [32, 36], crown: null, eyes: null },
  // HM Passport Office, "Rules for printed passport photos".
  { id: '35x45-uk', width: 35, height: 45, head: [29, 34], crown: null, eyes: null },
  // U.S. Department of State, "Photo composition template": head 1 to 1 3/8 inches, eyes 1 1/8 to 1 3/8 inches above the lower edge.
  { id: '2x2', width: 2 * INCH, height: 2 * INCH, head: [INCH, 1.375 * INCH], crown: null, eyes: [1.125 * INCH, 1.375 * INCH] },
  // Government of Canada, "Passport photo specifications".
  { id: '50x70', width: 50, height: 70, head: [31, 36], crown: null, eyes: null },
  // National Immigration Administration of China: at least 7 mm are left below the chin.
  { id: '33x48', width: 33, height: 48, head: [28, 33], crown: [3, 5], eyes: null },
  // Ministry of Foreign Affairs of Vietnam, 696/BNG-LS: 70 to 80 %, after ICAO Doc 9303.
  { id: '40x60', width: 40, height: 60, head: [42, 48], crown: null, eyes: null },
]);

/** Dots per inch that can be asked for. */
export const DENSITIES = /** @type {const} */ ([300, 600]);

/**
 * Photo paper and office paper that ID photos are printed on, in millimetres, upright.
 *
 * @typedef {keyof typeof PAPERS} Paper
 */
export const PAPERS = Object.freeze({ '10x15': { width: 100, height: 150 }, '4x6': { width: 101.6, height: 152.4 }, a4: { width: 210, height: 297 } });

/** Part of what is free beside the head that is above it: the eyes, half way down the head, are then where ISO/IEC 19794-5 wants them. */
const ABOVE = 1 / 3;

/** @param {string} id @returns {Readonly<IdFormat>} the first one where there is none of that name */
export const idFormat = (id) => ID_FORMATS.find((format) => format.id === id) ?? ID_FORMATS[0];

/** @param {Range} range */
const middle = ([least, most]) => (least + most) / 2;

/**
 * Where the head is aimed at: the middle of each range, so that an estimate may err to either side.
 * @param {IdFormat} format
 * @returns {{ aspect: number, fill: number, above: number }} as of shared/head-frame.js
 */
export function fitOf({ width, height, head, crown, eyes }) {
  const tall = middle(head);
  const above = crown ? middle(crown) : eyes ? height - middle(eyes) - tall / 2 : (height - tall) * ABOVE;
  return { aspect: width / height, fill: tall / height, above: above / height };
}

/** @param {number} length in millimetres @param {number} density dots per inch @returns {number} whole pixels */
export const pixelsOf = (length, density) => Math.round((length / INCH) * density);

/**
 * @param {IdFormat} format
 * @param {number} density dots per inch
 * @returns {import('../shared/protocol.js').Crop} its frame, in pixels of the print
 */
export function cropOf(format, density) {
  const { fill, above } = fitOf(format);
  return { anchor: 'head', width: pixelsOf(format.width, density), height: pixelsOf(format.height, density), fill, above };
}
