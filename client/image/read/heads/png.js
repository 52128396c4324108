/**
 * PNG (PNG specification, third edition, 5 and 11): the chunks before the picture.
 *
 * @typedef {import('../bytes.js').Bytes} Bytes
 * @typedef {import('./head.js').Head} Head
 */
import { damaged, MOST_STEPS, text, truncated } from '../bytes.js';
import { perMetre } from '../density.js';
import { crc32 } from '../../png-chunks.js';
import { firstOfMany, headOf } from './head.js';
import { orientationIn } from './orientation.js';

const TYPE = 'PNG';
const XMP = 'XML:com.adobe.xmp\0';
/** Name, NUL and the method of compression come before a profile (11.3.2.3). */
const LONGEST_NAME = 79;

/**
 * @param {Bytes} bytes
 * @returns {Promise<Head>}
 * @throws {import('../../../shared/errors.js').MatteboxError} `corrupt-image`
 */
export async function readPng(bytes) {
  const head = await bytes.need(8, 25, TYPE);
  if (text(head, 4, 4) !== 'IHDR') throw damaged(TYPE, 'no IHDR');
  const [width, height] = [head.getUint32(8), head.getUint32(12)];
  if (width === 0 || height === 0) throw damaged(TYPE, `a size of ${width} × ${height}`);
  /** @type {Partial<Head>} */
  const facts = { width, height, colours: head.getUint8(17) & 2 ? 'rgb' : 'grey' };
  for (let at = 33, step = 0; step < MOST_STEPS; step++) {
    const view = await bytes.view(at, 8 + LONGEST_NAME + 2);
    if (view.byteLength < 8) throw truncated(TYPE);
    const name = text(view, 4, 4);
    const start = at + 8;
    const end = start + view.getUint32(0);
    if (name === 'IDAT') {
      const { orientation, mends } = await orientationIn(bytes, facts.exif);
      return headOf({ ...facts, orientation, mends: facts.exif && mends.length > 0 ? [await mendedChunk(bytes, facts.exif, mends)] : [] });
    }
    if (name === 'IEND') throw damaged(TYPE, 'no IDAT');
    note(facts, name, view, { start, end });
    at = end + 4;
  }
  throw damaged(TYPE, 'no IDAT');
}

/**
 * @param {Bytes} bytes
 * @param {import('../bytes.js').Span} span of the chunk's body
 * @param {import('../bytes.js').Mend[]} mends in it
 * @returns {Promise<import('../bytes.js').Mend>} the chunk with them, and with the checksum that goes with them
 */
async function mendedChunk(bytes, { start, end }, mends) {
  const whole = { start: start - 4, end: end + 4 };
  const chunk = await bytes.copy(whole);
  for (const mend of mends) chunk.set(mend.bytes, mend.start - whole.start);
  new DataView(chunk.buffer).setUint32(chunk.length - 4, crc32(chunk, 0, chunk.length - 4));
  return { ...whole, bytes: chunk };
}

/**
 * @param {Partial<Head>} facts
 * @param {string} name
 * @param {DataView} view of the chunk
 * @param {import('../bytes.js').Span} span of its body
 */
function note(facts, name, view, { start, end }) {
  if (name === 'pHYs' && view.byteLength >= 17 && view.getUint8(16) === 1) facts.density ??= perMetre(view.getUint32(8), view.getUint32(12));
  if (name === 'eXIf') facts.exif ??= { start, end };
  if (name === 'acTL' && view.byteLength >= 12) facts.notes = firstOfMany(view.getUint32(8), 'frames');
  if (name === 'iTXt') facts.xmp ??= xmp(view, start, end);
  if (name !== 'iCCP') return;
  const named = text(view, 8, LONGEST_NAME + 1).indexOf('\0');
  if (named >= 0) Object.assign(facts, { profile: [{ start: start + named + 2, end }], isDeflated: true });
}

/**
 * @param {DataView} view of a chunk of international text (11.3.3.4)
 * @param {number} start
 * @param {number} end
 */
function xmp(view, start, end) {
  const isPlain = text(view, 8, XMP.length + 4) === `${XMP}\0\0\0\0`;
  return isPlain ? { start: start + XMP.length + 4, end } : null;
}
