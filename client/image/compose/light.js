/**
 * The subject's light, taken a part of the way to that of the picture it stands on: lightness and contrast, by their mean and standard
 * deviation (Reinhard et al. 2001, "Color Transfer between Images", on luma alone). Hues stay: what is sold in a shop keeps its colours.
 *
 * Both are measured on cells of a coarse grid, whose mean hardly depends on how many pixels a cell has, so that a preview shows what the
 * file will hold, and the grain of a wooden table counts as little as it does for the eye.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 * @typedef {import('./layout.js').Frame} Frame
 * @typedef {import('./subject.js').Box} Box
 * @typedef {{ mean: number, deviation: number }} Light of luma, 0..255
 * @typedef {{ pivot: number, shift: number, contrast: number }} Change luma y becomes pivot + shift + (y - pivot) * contrast
 */

/** How far around the subject is its surroundings, in parts of its longer side. */
const AROUND = 0.25;
/** Cells along the longer side of the surroundings, at most. */
const CELLS = 64;
/** The part of the way that lightness goes, and how far at most, in levels. */
const SHARE = 0.3;
const MOST = 32;
/** The same of contrast, as an exponent of the ratio of both and as a factor. */
const CONTRAST_SHARE = 0.3;
const CONTRAST_MOST = 1.15;
/** Levels below which there is no contrast to speak of. */
const FLAT = 1;

/** BT.709, of sRGB as it is stored: near to how light it looks. @param {ArrayLike<number>} rgb @param {number} i */
const lumaOf = (rgb, i) => 0.2126 * rgb[i] + 0.7152 * rgb[i + 1] + 0.0722 * rgb[i + 2];

/**
 * @param {Pixels} pixels of the result, with the foreground's colours; changed where the matte is not 0
 * @param {Uint16Array} matte
 * @param {import('./background.js').Painter} paint what it stands on
 * @param {Box} box of the subject in the photo's pixels
 * @param {Frame} frame
 */
export function matchLight(pixels, matte, paint, box, frame) {
  const change = changeFor(pixels, matte, paint, box, frame);
  if (change) relight(pixels.data, matte, change);
}

/**
 * What `matchLight` would do, for those who do it part by part.
 * @param {Pixels} pixels
 * @param {Uint16Array} matte
 * @param {import('./background.js').Painter} paint
 * @param {Box} box
 * @param {Frame} frame
 * @returns {Change | null} null for nothing
 */
export function changeFor(pixels, matte, paint, box, frame) {
  const place = placeOf(box, frame);
  if (place.width < 1 || place.height < 1) return null;
  return changeOf(lightOfSubject(pixels, matte, place), lightOfGround(paint, pixels.width, place));
}

/**
 * @param {Box} box
 * @param {Frame} frame
 * @returns {Box & { cell: number }} the subject and its surroundings in whole pixels of the result, and a cell's side
 */
function placeOf({ x, y, width, height }, frame) {
  const around = AROUND * Math.max(width, height);
  const [across, down] = [frame.toWidth / frame.width, frame.toHeight / frame.height];
  const within = (/** @type {number} */ at, /** @type {number} */ most) => Math.min(most, Math.max(0, Math.round(at)));
  const left = within((x - around - frame.x) * across, frame.toWidth);
  const right = within((x + width + around - frame.x) * across, frame.toWidth);
  const top = within((y - around - frame.y) * down, frame.toHeight);
  const bottom = within((y + height + around - frame.y) * down, frame.toHeight);
  return { x: left, y: top, width: right - left, height: bottom - top, cell: Math.ceil(Math.max(right - left, bottom - top, 1) / CELLS) };
}

/**
 * @param {Pixels} pixels
 * @param {Uint16Array} matte
 * @param {ReturnType<typeof placeOf>} place
 * @returns {Light} of what is seen of the subject there
 */
function lightOfSubject({ data, width: stride }, matte, { x: left, y: top, width, height, cell }) {
  const columns = Math.ceil(width / cell);
  const cells = emptyCells(columns, height, cell);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / cell) * columns;
    for (let x = 0, at = (top + y) * stride + left; x < width; x++, at++) {
      if (matte[at] === 0) continue;
      const i = row + Math.floor(x / cell);
      cells.weights[i] += matte[at];
      cells.sums[i] += matte[at] * lumaOf(data, at * 4);
    }
  }
  return lightOf(cells);
}

/**
 * @param {import('./background.js').Painter} paint
 * @param {number} stride pixels in a row of the result
 * @param {ReturnType<typeof placeOf>} place
 * @returns {Light} of the background there, also behind the subject
 */
function lightOfGround(paint, stride, { x: left, y: top, width, height, cell }) {
  const columns = Math.ceil(width / cell);
  const cells = emptyCells(columns, height, cell);
  const line = new Uint8ClampedArray(stride * 3);
  for (let y = 0; y < height; y++) {
    paint(top + y, line);
    const row = Math.floor(y / cell) * columns;
    for (let x = 0, at = left * 3; x < width; x++, at += 3) {
      const i = row + Math.floor(x / cell);
      cells.weights[i] += 1;
      cells.sums[i] += lumaOf(line, at);
    }
  }
  return lightOf(cells);
}

/** @param {number} columns @param {number} height in pixels @param {number} cell */
function emptyCells(columns, height, cell) {
  const count = columns * Math.ceil(height / cell);
  return { weights: new Float64Array(count), sums: new Float64Array(count) };
}

/** @param {{ weights: Float64Array, sums: Float64Array }} cells `sums` of weight times luma @returns {Light} of the cells' means, each by its weight */
function lightOf({ weights, sums }) {
  let weight = 0;
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    weight += weights[i];
    sum += sums[i];
  }
  if (weight === 0) return { mean: 0, deviation: 0 };
  const mean = sum / weight;
  let squares = 0;
  for (let i = 0; i < weights.length; i++) if (weights[i] > 0) squares += weights[i] * (sums[i] / weights[i] - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / weight) };
}

/** @param {Light} subject @param {Light} ground @returns {Change | null} null where nothing would change */
function changeOf(subject, ground) {
  const shift = Math.min(MOST, Math.max(-MOST, SHARE * (ground.mean - subject.mean)));
  // A flat ground is no reason to flatten the subject, and of a flat subject contrast is noise.
  const ratio = Math.min(subject.deviation, ground.deviation) < FLAT ? 1 : ground.deviation / subject.deviation;
  const contrast = Math.min(CONTRAST_MOST, Math.max(1 / CONTRAST_MOST, ratio ** CONTRAST_SHARE));
  return shift === 0 && contrast === 1 ? null : { pivot: subject.mean, shift, contrast };
}

/** @param {Uint8ClampedArray} data RGBA, changed where the matte is not 0 @param {Uint16Array} matte @param {Change} change */
export function relight(data, matte, { pivot, shift, contrast }) {
  for (let at = 0, i = 0; at < matte.length; at++, i += 4) {
    if (matte[at] === 0) continue;
    const change = shift + (contrast - 1) * (lumaOf(data, i) - pivot);
    data[i] += change;
    data[i + 1] += change;
    data[i + 2] += change;
  }
}
