/**
 * Sheets of paper filled with ID photos, to be cut: pure geometry, in pixels of the print.
 *
 * Lines run along all four sides of each copy, outside of it, from edge to edge of the paper, so that every strip that is cut off still shows
 * where to cut on.
 *
 * @typedef {import('./id-formats.js').Paper} Paper
 * @typedef {{ x: number, y: number, width: number, height: number }} Box
 *
 * @typedef {object} Sheet
 * @property {number} width
 * @property {number} height
 * @property {number} density dots per inch
 * @property {{ x: number, y: number }[]} places upper left corners of the copies, row by row
 * @property {Box[]} lines to cut along
 */
import { MatteboxError } from '../shared/errors.js';
import { PAPERS, pixelsOf } from './id-formats.js';

/** Millimetres: what printers leave free at each edge, between two copies, and how thick a line is. */
const MARGIN = 3;
const GAP = 1;
const LINE = 0.1;

/** Dots per inch that a sheet can have. */
const [LEAST_DENSITY, MOST_DENSITY] = [72, 1200];

/**
 * @param {Paper} paper
 * @param {{ width: number, height: number }} photo in pixels
 * @param {number} density dots per inch
 * @returns {Sheet} upright or on its side, whichever holds more copies; there may be none, where the paper is too small
 */
export function sheetOf(paper, photo, density) {
  const { width, height } = PAPERS[paper];
  const [upright, sideways] = [[width, height], [height, width]].map((sides) => filled(sides.map((side) => pixelsOf(side, density)), photo, density));
  return sideways.places.length > upright.places.length ? sideways : upright;
}

/**
 * @param {number[]} sides of the paper in pixels
 * @param {{ width: number, height: number }} photo
 * @param {number} density
 * @returns {Sheet}
 */
function filled([width, height], photo, density) {
  const [margin, gap] = [MARGIN, GAP].map((length) => pixelsOf(length, density));
  const line = Math.max(1, pixelsOf(LINE, density));
  const columns = starts(width, photo.width, margin, gap);
  const rows = starts(height, photo.height, margin, gap);
  const along = (/** @type {number[]} */ from, /** @type {number} */ side) => from.flatMap((start) => [start - line, start + side]);
  return {
    width, height, density,
    places: rows.flatMap((y) => columns.map((x) => ({ x, y }))),
    lines: [...along(columns, photo.width).map((x) => ({ x, y: 0, width: line, height })), ...along(rows, photo.height).map((y) => ({ x: 0, y, width, height: line }))],
  };
}

/** @param {number} side @param {number} copy @param {number} margin @param {number} gap @returns {number[]} where copies begin, all of them in the middle */
function starts(side, copy, margin, gap) {
  const count = Math.max(0, Math.floor((side - 2 * margin + gap) / (copy + gap)));
  const first = Math.floor((side - count * (copy + gap) + gap) / 2);
  return Array.from({ length: count }, (_, i) => first + i * (copy + gap));
}

/**
 * @param {number} count of the photos
 * @param {number} room copies that a sheet holds
 * @returns {number[][]} which photo is at each place of each sheet: one sheet shared evenly among photos that it has room for, and of more photos one
 *   copy each, on as many sheets as they need
 */
export function shared(count, room) {
  if (count > room) return Array.from({ length: Math.ceil(count / room) }, (_, sheet) => Array.from({ length: Math.min(room, count - sheet * room) }, (__, i) => sheet * room + i));
  return [Array.from({ length: room }, (_, i) => Math.floor((i * count) / room))];
}

/**
 * @param {unknown} photos
 * @param {{ paper: Paper, width: number, height: number, density: number }} sheet
 * @throws {MatteboxError} `bad-option`, also where not even one photo fits
 */
export function checkSheet(photos, { paper, width, height, density }) {
  /** @type {(option: string, value: unknown, allowed: unknown) => never} */
  const fail = (option, value, allowed) => { throw new MatteboxError('bad-option', { option, value, allowed }); };
  if (!Array.isArray(photos) || photos.length === 0) fail('photos', photos, ['Array']);
  if (!Object.hasOwn(PAPERS, paper)) fail('paper', paper, Object.keys(PAPERS));
  if (!(density >= LEAST_DENSITY && density <= MOST_DENSITY)) fail('density', density, { kind: 'range', least: LEAST_DENSITY, most: MOST_DENSITY });
  const most = Math.max(...Object.values(PAPERS[paper]).map((side) => pixelsOf(side - 2 * MARGIN, density)));
  for (const [option, side] of /** @type {const} */ ([['width', width], ['height', height]])) {
    if (!Number.isInteger(side) || side < 1 || side > most) fail(option, side, { kind: 'whole', least: 1, most });
  }
  if (sheetOf(paper, { width, height }, density).places.length === 0) fail('paper', paper, Object.keys(PAPERS));
}

/** @param {string} name of a photo's file @returns {string} of its sheet's */
export const sheetName = (name) => `${name.replace(/\.[^.]+$/u, '')}-sheet.jpg`;
