/**
 * Boxes of the ISO base media file format (ISO/IEC 14496-12, 4.2).
 *
 * @typedef {import('../bytes.js').Bytes} Bytes
 * @typedef {import('../bytes.js').Span} Span
 * @typedef {Span & { name: string }} Box span of its body; its end may be behind the end of a file that was cut
 */
import { damaged, text } from '../bytes.js';

/** A HEIC from a phone has about a hundred properties; a video's boxes are few and large. */
const MOST_BOXES = 4096;

/**
 * @param {Bytes} bytes
 * @param {Span} span
 * @param {string} type of the file, for the error
 * @returns {Promise<Box[]>} one beside the other
 * @throws {import('../../../shared/errors.js').MatteboxError} `corrupt-image`
 */
export async function boxesIn(bytes, { start, end }, type) {
  const boxes = [];
  for (let at = start; at + 8 <= end; ) {
    const view = await bytes.view(at, 16);
    if (view.byteLength < 8) break;
    if (boxes.length === MOST_BOXES) throw damaged(type, 'too many boxes');
    const length = view.getUint32(0);
    let [head, size] = [8, length];
    if (length === 0) size = end - at;
    if (length === 1) {
      if (view.byteLength < 16) break;
      [head, size] = [16, Number(view.getBigUint64(8))];
    }
    if (size < head) throw damaged(type, 'a box without length');
    boxes.push({ name: text(view, 4, 4), start: at + head, end: at + size });
    at += size;
  }
  return boxes;
}

/**
 * @param {Bytes} bytes
 * @param {Box[]} boxes
 * @param {string} name
 * @param {string} type
 * @returns {Promise<Box[]>} what is in the box of that name; nothing where there is none
 */
export async function childrenOf(bytes, boxes, name, type) {
  const box = boxes.find((each) => each.name === name);
  return box ? boxesIn(bytes, box, type) : [];
}
