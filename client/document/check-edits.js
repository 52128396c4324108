/**
 * Edits from outside, checked before they are anything's.
 *
 * @typedef {import('./edits.js').Edit} Edit
 * @typedef {{ width: number, height: number }} Size
 */
import { MatteboxError } from '../shared/errors.js';
import { MOST_ADJUST } from './edits.js';

/** Pixels of a brush's diameter, at most: no photo is larger. */
const MOST_SIZE = 100_000;
const BRUSHES = ['restore', 'erase', 'edge'];
const MODES = ['add', 'remove', 'only'];

/** @type {Record<string, (edit: any, size: Size, option: string) => void>} */
const CHECKS = {
  stroke({ brush, size, hardness, points }, _, option) {
    if (!BRUSHES.includes(brush)) fail(`${option}.brush`, brush, BRUSHES);
    within(`${option}.size`, size, 1, MOST_SIZE);
    within(`${option}.hardness`, hardness, 0, 1);
    if (!(points instanceof Float32Array) || points.length === 0 || points.length % 3 > 0 || !points.every(Number.isFinite)) fail(`${option}.points`, points, ['Float32Array']);
    for (let i = 2; i < points.length; i += 3) within(`${option}.points`, points[i], 0, 1);
  },
  look({ box, seen, isOnly, matte }, size, option) {
    checkBox(`${option}.box`, box, size, 1);
    checkBox(`${option}.seen`, seen, size, 1);
    // Inside of what was seen, as if that were the photo.
    checkBox(`${option}.box`, { ...box, x: box.x - seen.x, y: box.y - seen.y }, seen, 1);
    boolean(`${option}.isOnly`, isOnly);
    smallMatte(`${option}.matte`, matte);
  },
  region({ mode, seen, matte }, size, option) {
    if (!MODES.includes(mode)) fail(`${option}.mode`, mode, MODES);
    checkBox(`${option}.seen`, seen, size, 1);
    smallMatte(`${option}.matte`, matte);
  },
  part({ at, isKept }, { width, height }, option) {
    within(`${option}.at`, at?.x, 0, width);
    within(`${option}.at`, at?.y, 0, height);
    boolean(`${option}.isKept`, isKept);
  },
  specks: ({ smaller }, { width, height }, option) => within(`${option}.smaller`, smaller, 1, width * height),
  adjust({ feather, shift }, _, option) {
    within(`${option}.feather`, feather, 0, MOST_ADJUST);
    within(`${option}.shift`, shift, -MOST_ADJUST, MOST_ADJUST);
  },
  reset() {},
};

/**
 * @param {unknown} edits
 * @param {Size} size of the photo
 * @returns {readonly Edit[]}
 * @throws {MatteboxError} `bad-option` naming the first that is wrong, its value and what is allowed
 */
export function checkEdits(edits, size) {
  if (!Array.isArray(edits)) fail('edits', edits, ['Array']);
  for (const [i, edit] of /** @type {any[]} */ (edits).entries()) {
    const check = Object.hasOwn(CHECKS, edit?.kind) ? CHECKS[edit.kind] : fail(`edits[${i}].kind`, edit?.kind, Object.keys(CHECKS));
    check(edit, size, `edits[${i}]`);
  }
  return /** @type {readonly Edit[]} */ (edits);
}

/**
 * @param {string} option
 * @param {any} box
 * @param {Size} size of the photo
 * @param {number} least pixels of a side
 * @throws {MatteboxError} `bad-option` of a box that is not of whole pixels inside the photo
 */
export function checkBox(option, box, { width, height }, least) {
  const { x, y, width: w, height: h } = box ?? {};
  const isWhole = [x, y, w, h].every(Number.isInteger);
  if (!isWhole || x < 0 || y < 0 || w < least || h < least || x + w > width || y + h > height) fail(option, box, { kind: 'box', width, height, least });
}

/** @param {string} option @param {unknown} value @param {number} least @param {number} most */
function within(option, value, least, most) {
  if (typeof value !== 'number' || !(value >= least && value <= most)) fail(option, value, { kind: 'range', least, most });
}

/** @param {string} option @param {unknown} value */
function boolean(option, value) {
  if (typeof value !== 'boolean') fail(option, value, [true, false]);
}

/** @param {string} option @param {any} matte */
function smallMatte(option, matte) {
  const { values, columns, rows } = matte ?? {};
  if (!(values instanceof Uint16Array) || values.length === 0 || values.length !== columns * rows) fail(option, matte, ['SmallMatte']);
}

/** @param {string} option @param {unknown} value @param {unknown} allowed @returns {never} */
function fail(option, value, allowed) {
  throw new MatteboxError('bad-option', { option, value, allowed });
}
