/**
 * WebP (RFC 9649, 2.3 to 2.7): the chunks of a RIFF file.
 *
 * @typedef {import('../bytes.js').Bytes} Bytes
 * @typedef {import('./head.js').Head} Head
 */
import { damaged, MOST_STEPS, text, truncated } from '../bytes.js';
import { firstOfMany, headOf } from './head.js';
import { orientationIn } from './orientation.js';

const TYPE = 'WebP';
const EXIF = 'Exif\0\0';

/**
 * @param {Bytes} bytes
 * @returns {Promise<Head>}
 * @throws {import('../../../shared/errors.js').MatteboxError} `corrupt-image`, also where the file is shorter than it says: some browsers
 *   show what is missing as black
 */
export async function readWebp(bytes) {
  const size = (await bytes.need(0, 30, TYPE)).getUint32(4, true) + 8;
  if (size > bytes.size + 1) throw truncated(TYPE); // the last chunk's padding is often left out
  /** @type {Partial<Head>} */
  const facts = {};
  let frames = 0;
  for (let at = 12, step = 0; step < MOST_STEPS && at + 8 <= size; step++) {
    const view = await bytes.view(at, 26);
    if (view.byteLength < 8) break;
    const start = at + 8;
    const length = view.getUint32(4, true);
    const end = Math.min(start + length, bytes.size);
    const name = text(view, 0, 4);
    if (name === 'ANMF') frames++;
    read(facts, name, view, { start, end });
    at = start + length + (length & 1);
  }
  if (!facts.width || !facts.height) throw damaged(TYPE, 'no picture');
  return headOf({ ...facts, notes: firstOfMany(frames, 'frames'), ...(await orientationIn(bytes, facts.exif)) });
}

/**
 * @param {Partial<Head>} facts
 * @param {string} name
 * @param {DataView} view of the chunk
 * @param {import('../bytes.js').Span} span of its body
 */
function read(facts, name, view, { start, end }) {
  const isFirst = facts.width === undefined;
  switch (name) {
    case 'VP8 ':
      if (isFirst && view.byteLength >= 18) Object.assign(facts, { width: view.getUint16(14, true) & 0x3fff, height: view.getUint16(16, true) & 0x3fff });
      break;
    case 'VP8L':
      if (isFirst && view.byteLength >= 13) {
        const bits = view.getUint32(9, true);
        Object.assign(facts, { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 });
      }
      break;
    case 'VP8X':
      if (isFirst && view.byteLength >= 18) {
        Object.assign(facts, { width: (view.getUint32(12, true) & 0xffffff) + 1, height: ((view.getUint32(14, true) >>> 8) & 0xffffff) + 1 });
      }
      break;
    case 'ICCP':
      facts.profile ??= [{ start, end }];
      break;
    case 'EXIF':
      // Some programs put JPEG's identifier before it.
      facts.exif ??= { start: start + (text(view, 8, EXIF.length) === EXIF ? EXIF.length : 0), end };
      break;
    case 'XMP ':
      facts.xmp ??= { start, end };
      break;
  }
}
