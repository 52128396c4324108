/**
 * A greyscale PNG (PNG specification, third edition). The codec that writes cutouts knows only RGBA, which would make
 * a matte four times as large and give it an alpha channel that means nothing.
 */

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const FILTER_UP = 2;

/** CRC-32 of each byte (PNG specification, annex D). */
const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

/**
 * @param {Uint8ClampedArray} grey `height` x `width`
 * @param {number} width
 * @param {number} height
 * @returns {Promise<Blob>}
 */
export async function greyPng(grey, width, height) {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  view.setUint8(8, 8); // bits per sample; colour type 0 is grey, and the other fields have no other value
  const deflated = new Blob([filtered(grey, width, height)]).stream().pipeThrough(new CompressionStream('deflate'));
  const body = new Uint8Array(await new Response(deflated).arrayBuffer());
  return new Blob([SIGNATURE, chunk('IHDR', header), chunk('IDAT', body), chunk('IEND', new Uint8Array(0))], { type: 'image/png' });
}

/**
 * Each row as its difference from the one above: a matte is mostly flat, and flat becomes zero.
 * @param {Uint8ClampedArray} grey
 * @param {number} width
 * @param {number} height
 */
function filtered(grey, width, height) {
  const out = new Uint8Array((width + 1) * height);
  for (let y = 0, at = 0; y < height; y++) {
    out[at++] = FILTER_UP;
    const row = y * width;
    if (y === 0) out.set(grey.subarray(0, width), at);
    else for (let x = 0; x < width; x++) out[at + x] = grey[row + x] - grey[row - width + x];
    at += width;
  }
  return out;
}

/**
 * @param {string} type four letters
 * @param {Uint8Array} data
 */
function chunk(type, data) {
  const out = new Uint8Array(data.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(data, 8);
  let crc = 0xffffffff;
  for (let i = 4; i < data.length + 8; i++) crc = CRC[(crc ^ out[i]) & 0xff] ^ (crc >>> 8);
  view.setUint32(data.length + 8, ~crc);
  return out;
}
