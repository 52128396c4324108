/**
 * How much of a JPEG's picture is in the file (ITU-T T.81): its Huffman codes are followed, and nothing is decoded.
 *
 * @typedef {object} Component
 * @property {number} h blocks of an MCU, across
 * @property {number} v and down
 * @property {number} blocks of 8 x 8 pixels, in all
 * @property {number} there so many of them
 *
 * @typedef {object} Frame
 * @property {boolean} isProgressive
 * @property {number} mcus where all components are together
 * @property {Map<number, Component>} components by their number
 *
 * @typedef {object} Walk
 * @property {boolean} isEnded whether the picture's own end marker is there: what comes behind is no part of it
 * @property {boolean} isProgressive
 * @property {number} end where its data ends
 * @property {number} missing 0..1, of its blocks. A progressive picture is there with its first scans, only more coarsely
 */
import { countBlocks } from './jpeg-scan.js';

const [SOF0, SOF1, SOF2, DHT, RST0, RST7, SOI, EOI, SOS, DRI] = [0xc0, 0xc1, 0xc2, 0xc4, 0xd0, 0xd7, 0xd8, 0xd9, 0xda, 0xdd];
/** Programs write about ten. */
const MOST_SCANS = 1000;
/** Zeros, or ones, where a file was reserved and never written: no picture has as many of them at its end. */
const LEAST_PADDING = 16;

/**
 * @param {Uint8Array} file
 * @returns {Walk}
 */
export function walkJpeg(file) {
  const data = file.subarray(0, unpadded(file));
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const picture = new Picture();
  for (let at = 2; at + 2 <= data.length; ) {
    const marker = data[at] === 0xff ? data[at + 1] : 0;
    if (marker === EOI) return picture.told(true, at + 2);
    // Decoders step over what is between the segments.
    if (marker === 0 || marker === 0xff) {
      at += 1;
      continue;
    }
    const end = at + 4 <= data.length ? at + 2 + view.getUint16(at + 2) : Infinity;
    if (marker < SOF0 || marker === SOI || end > data.length) return picture.told(false, at);
    picture.note(marker, data, at + 4, end);
    at = marker === SOS ? endOfScan(data, end) : end;
  }
  return picture.told(false, data.length);
}

/** What the segments tell, one after the other. */
class Picture {
  /** @type {Frame | null} */
  #frame = null;
  #restart = 0;
  /** As they are stored, by class and number. @type {Map<number, Uint8Array>} */
  #tables = new Map();
  /** To be counted only where the end is missing. @type {(() => void)[]} */
  #scans = [];

  /**
   * @param {number} marker
   * @param {Uint8Array} data
   * @param {number} start of the segment's body
   * @param {number} end
   */
  note(marker, data, start, end) {
    const body = data.subarray(start, end);
    switch (marker) {
      case SOF0:
      case SOF1:
      case SOF2:
        this.#frame = frameOf(body, marker === SOF2) ?? this.#frame;
        break;
      case DHT:
        noteTables(body, this.#tables);
        break;
      case DRI:
        this.#restart = body.length >= 2 ? body[0] * 256 + body[1] : 0;
        break;
      case SOS:
        if (this.#frame && this.#scans.length < MOST_SCANS) this.#scans.push(countBlocks.bind(null, data, end, this.#frame, body, new Map(this.#tables), this.#restart));
    }
  }

  /**
   * @param {boolean} isEnded
   * @param {number} end
   * @returns {Walk}
   */
  told(isEnded, end) {
    if (!isEnded) for (const count of this.#scans) count();
    return { isEnded, isProgressive: this.#frame?.isProgressive ?? false, end, missing: isEnded ? 0 : missing(this.#frame) };
  }
}

/** @param {Uint8Array} file @returns {number} its length without padding */
function unpadded(file) {
  let end = file.length;
  const last = file[end - 1];
  if (last !== 0 && last !== 0xff) return end;
  while (end > 2 && file[end - 1] === last) end--;
  return file.length - end >= LEAST_PADDING ? end : file.length;
}

/** @param {Frame | null} frame */
function missing(frame) {
  const components = [...(frame?.components.values() ?? [])];
  const all = components.reduce((sum, { blocks }) => sum + blocks, 0);
  return all > 0 ? 1 - components.reduce((sum, { there }) => sum + there, 0) / all : 1;
}

/**
 * @param {Uint8Array} body of a frame header (B.2.2)
 * @param {boolean} isProgressive
 * @returns {Frame | null}
 */
function frameOf(body, isProgressive) {
  const [height, width, count] = [body[1] * 256 + body[2], body[3] * 256 + body[4], body[5]];
  const parts = Array.from({ length: count || 0 }, (_, i) => ({ id: body[6 + i * 3], h: body[7 + i * 3] >> 4, v: body[7 + i * 3] & 15 }));
  if (parts.length === 0 || parts.some(({ h, v }) => !(h >= 1 && h <= 4 && v >= 1 && v <= 4))) return null;
  const [wide, high] = [Math.max(...parts.map(({ h }) => h)), Math.max(...parts.map(({ v }) => v))];
  const components = new Map();
  for (const { id, h, v } of parts) {
    const blocks = Math.ceil((width * h) / wide / 8) * Math.ceil((height * v) / high / 8);
    components.set(id, { h, v, blocks, there: 0 });
  }
  return { isProgressive, mcus: Math.ceil(width / 8 / wide) * Math.ceil(height / 8 / high), components };
}

/**
 * @param {Uint8Array} body of a segment of Huffman tables (B.2.4.2)
 * @param {Map<number, Uint8Array>} tables
 */
function noteTables(body, tables) {
  for (let at = 0; at + 17 <= body.length; ) {
    const end = body.subarray(at + 1, at + 17).reduce((sum, each) => sum + each, at + 17);
    tables.set(body[at], body.subarray(at + 1, end));
    at = end;
  }
}

/**
 * @param {Uint8Array} data
 * @param {number} from
 * @returns {number} where the next marker that is no restart begins; the end of the data without one
 */
function endOfScan(data, from) {
  for (let at = data.indexOf(0xff, from); at >= 0 && at + 1 < data.length; at = data.indexOf(0xff, at + 1)) {
    const next = data[at + 1];
    if (next !== 0 && next !== 0xff && !(next >= RST0 && next <= RST7)) return at;
  }
  return data.length;
}
