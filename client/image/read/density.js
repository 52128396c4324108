/**
 * How many pixels stand on an inch of paper. It tells of the print and nothing of a person, so a photo's own is kept without being
 * asked for, for as long as a pixel of the result is one of the photo's.
 *
 * @typedef {{ x: number, y: number }} Density dots per inch
 * @typedef {import('./inspect.js').Look} Look
 */
import { onDemand } from '../../shared/on-demand.js';
import { isSideways } from './heads/head.js';

const exifReader = onDemand(() => import('./exif.js'), 'exif.js');

/** In metres. */
const INCH = 0.0254;
export const CENTIMETRES = INCH * 100;
/** What JFIF has 16 bits for. */
export const MOST = 65_535;
/** Units of TIFF's tag (TIFF 6.0, section 8), in inches. */
const UNITS = /** @type {Record<number, number>} */ ({ 2: 1, 3: CENTIMETRES });
/** What EXIF calls a density that nobody knows (CIPA DC-008, 4.6.5.1). */
const UNKNOWN = 72;

/**
 * @param {number} x dots per unit
 * @param {number} y
 * @param {number} [inches] of the unit's number in one: 1 for inches, 2.54 for centimetres
 * @returns {Density | null} null for what no print has
 */
export function density(x, y, inches = 1) {
  const isReal = [x, y].every((value) => value * inches >= 1 && value * inches <= MOST);
  return isReal ? { x: x * inches, y: y * inches } : null;
}

/** @param {number} x dots per metre @param {number} y */
export const perMetre = (x, y) => density(x, y, INCH);

/**
 * @param {Density} density
 * @returns {[x: number, y: number]} dots per metre, in whole numbers
 */
export const metres = ({ x, y }) => [Math.round(x / INCH), Math.round(y / INCH)];

/**
 * The photo's own, as it is seen upright. Where the format's own field and EXIF differ, the format's counts.
 * @param {Look} seen
 * @returns {Promise<Density | null>}
 */
export async function readDensity({ bytes, head }) {
  const found = head.density ?? (head.exif && (await densityInExif(bytes, head.exif)));
  return found && isSideways(head.orientation) ? { x: found.y, y: found.x } : found;
}

/**
 * @param {import('./bytes.js').Bytes} bytes
 * @param {import('./bytes.js').Span} exif
 * @returns {Promise<Density | null>}
 */
async function densityInExif(bytes, exif) {
  const { readDirectory, readNumbers, readRational, TAG } = await exifReader();
  const directory = await readDirectory(bytes, exif);
  if (!directory) return null;
  const x = await readRational(bytes, directory, TAG.xResolution);
  const y = (await readRational(bytes, directory, TAG.yResolution)) ?? x;
  const [unit] = (await readNumbers(bytes, directory, TAG.resolutionUnit)) ?? [2];
  return x && y && unit in UNITS ? density(x, y, UNITS[unit]) : null;
}

/**
 * For formats that have no field but EXIF's: to say there that nothing is known would be to add EXIF for nothing.
 * @param {Density | null} [of]
 * @returns {Density | null}
 */
export const known = (of) => (of && !(of.x === UNKNOWN && of.y === UNKNOWN) ? of : null);
