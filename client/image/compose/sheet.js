/**
 * A sheet of photos: white paper, lines to cut along, and the copies over them, each with its own pixels.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 */
import { MatteboxError } from '../../shared/errors.js';

/** Seen on paper, and no part of a photo. */
const LINE = 0xffa0a0a0;

/**
 * @param {import('../../shared/protocol-output.js').SheetPlan} sheet
 * @param {Pixels[]} photos all of one size; what is transparent shows the paper
 * @returns {Pixels} opaque
 * @throws {MatteboxError} `bad-option` where one is larger or smaller than its place
 */
export function drawSheet({ width, height, lines, copies, photo }, photos) {
  const wrong = photos.find((one) => one.width !== photo.width || one.height !== photo.height);
  if (wrong) throw new MatteboxError('bad-option', { option: 'photos', value: { width: wrong.width, height: wrong.height }, allowed: [`${photo.width} x ${photo.height}`] });
  const paper = new Uint32Array(width * height).fill(0xffffffff);
  for (const line of lines) for (let y = line.y; y < line.y + line.height; y++) paper.fill(LINE, y * width + line.x, y * width + line.x + line.width);
  const flat = photos.map(opaque);
  for (const { x, y, of } of copies) {
    for (let row = 0; row < photo.height; row++) paper.set(flat[of].subarray(row * photo.width, (row + 1) * photo.width), (y + row) * width + x);
  }
  return { data: new Uint8ClampedArray(paper.buffer), width, height };
}

/** @param {Pixels} photo @returns {Uint32Array} over white */
function opaque({ data, width, height }) {
  for (let i = 3; i < data.length; i += 4) {
    const alpha = data[i];
    if (alpha === 255) continue;
    for (let c = i - 3; c < i; c++) data[c] = 255 + ((data[c] - 255) * alpha) / 255;
    data[i] = 255;
  }
  return new Uint32Array(data.buffer, data.byteOffset, width * height);
}
