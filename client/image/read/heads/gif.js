/**
 * GIF (GIF89a): its screen, the place of its first picture on it, and how many there are.
 *
 * @typedef {import('../bytes.js').Bytes} Bytes
 * @typedef {import('./head.js').Head} Head
 */
import { damaged, truncated } from '../bytes.js';
import { firstOfMany, headOf } from './head.js';

const TYPE = 'GIF';
const SCREEN = 6;
const SCREEN_BYTES = 7;
const [EXTENSION, PICTURE, TABLE] = [0x21, 0x2c, 0x80];
/** Bytes of a picture's descriptor. */
const DESCRIPTOR = 10;
/** What is read of it: more than that is a film, whose length nobody asks for. */
const MOST_BYTES = 2 ** 27;

/**
 * A first picture that does not fit on its screen, or a screen of nothing: browsers enlarge the screen in ways of their own, so they
 * are given one that is large enough, in the later version of the format, in which all of them keep to it.
 * @param {Bytes} bytes
 * @returns {Promise<Head>}
 * @throws {import('../../../shared/errors.js').MatteboxError} `corrupt-image`
 */
export async function readGif(bytes) {
  await bytes.need(SCREEN, SCREEN_BYTES, TYPE);
  const file = await bytes.copy({ start: 0, end: Math.min(bytes.size, MOST_BYTES) });
  const view = new DataView(file.buffer);
  const { first, count } = pictures(file, view);
  if (first === null) throw truncated(TYPE);
  const [x, y, across, down] = [1, 3, 5, 7].map((at) => view.getUint16(first + at, true));
  const [width, height] = [Math.max(view.getUint16(SCREEN, true), x + across), Math.max(view.getUint16(SCREEN + 2, true), y + down)];
  if (width === 0 || height === 0) throw damaged(TYPE, `a size of ${width} × ${height}`);
  const screen = new DataView(file.slice(0, SCREEN + 4).buffer);
  screen.setUint8(SCREEN - 2, 0x39); // GIF89a
  screen.setUint16(SCREEN, width, true);
  screen.setUint16(SCREEN + 2, height, true);
  const bytesThere = new Uint8Array(screen.buffer);
  const isSame = width === view.getUint16(SCREEN, true) && height === view.getUint16(SCREEN + 2, true) && width === across && height === down;
  return headOf({
    width,
    height,
    mends: isSame ? [] : [{ start: 0, end: bytesThere.length, bytes: bytesThere }],
    notes: firstOfMany(count, 'frames'),
  });
}

/**
 * @param {Uint8Array} file
 * @param {DataView} view
 * @returns {{ first: number | null, count: number }} where the first descriptor stands; pictures that begin
 */
function pictures(file, view) {
  let first = null;
  let count = 0;
  for (let at = SCREEN + SCREEN_BYTES + table(file[SCREEN + 4]); at < file.length; ) {
    if (file[at] === EXTENSION) at = behindBlocks(file, at + 2);
    else if (file[at] === PICTURE && at + DESCRIPTOR <= view.byteLength) {
      first ??= at;
      count++;
      // The smallest code's length comes before the data.
      at = behindBlocks(file, at + DESCRIPTOR + table(file[at + DESCRIPTOR - 1]) + 1);
    } else break;
  }
  return { first, count };
}

/** @param {number} flags @returns {number} bytes of the table of colours that they announce */
const table = (flags) => (flags & TABLE ? 3 * 2 ** ((flags & 7) + 1) : 0);

/**
 * @param {Uint8Array} file
 * @param {number} start of blocks that each begin with their length; one without any ends them
 */
function behindBlocks(file, start) {
  let at = start;
  while (at < file.length && file[at] > 0) at += file[at] + 1;
  return at + 1;
}
