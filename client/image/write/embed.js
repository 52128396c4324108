/**
 * A colour profile, credits and a density into a file that an encoder wrote. Everything else an encoder may have put there beside
 * the picture is left out.
 *
 * Each function gives the new file in parts of the old one, so that no picture is copied.
 *
 * @typedef {object} Metadata
 * @property {Uint8Array | null} profile ICC
 * @property {string | null} copyright
 * @property {string | null} artist
 * @property {import('../read/density.js').Density | null} [density]
 * @typedef {Uint8Array<ArrayBuffer> | Blob} Part
 */
import { known, metres } from '../read/density.js';
import { concat, latin } from '../join.js';
import { chunk } from '../png-chunks.js';
import { onDemand } from '../../shared/on-demand.js';

const exif = onDemand(() => import('./write-exif.js'), 'write-exif.js');

/** Of a PNG: signature and IHDR. */
const PNG_HEAD = 33;

/**
 * @param {Part[]} head of a PNG: signature and IHDR. What describes the colours stands between it and the data (PNG specification, 5.6)
 * @param {Part[]} body the data, and its end
 * @param {Metadata | null} metadata
 * @returns {Promise<Part[]>}
 */
export async function embedInPng(head, body, metadata) {
  const { profile, credits } = await contents(metadata);
  const density = metadata?.density;
  // Without a profile the numbers are sRGB. To say so takes 13 bytes, and spares layout programs a question.
  const colours = profile ? chunk('iCCP', concat(latin('ICC profile\0\0'), await deflated(profile))) : chunk('sRGB', Uint8Array.of(0));
  return [...head, colours, ...(density ? [physical(density)] : []), ...(credits ? [chunk('eXIf', credits)] : []), ...body];
}

/**
 * @param {Blob} file PNG that has no density
 * @param {import('../read/density.js').Density} density
 * @returns {Blob}
 */
export function withDensity(file, density) {
  return new Blob([file.slice(0, PNG_HEAD), physical(density), file.slice(PNG_HEAD)], { type: file.type });
}

/** @param {import('../read/density.js').Density} density */
function physical(density) {
  const data = new DataView(new ArrayBuffer(9));
  metres(density).forEach((dots, i) => data.setUint32(i * 4, dots));
  data.setUint8(8, 1); // per metre
  return chunk('pHYs', new Uint8Array(data.buffer));
}

/**
 * @param {Metadata | null} metadata
 * @returns {Promise<{ profile: Uint8Array | null, credits: Uint8Array<ArrayBuffer> | null }>} `credits` is Exif, without the density
 */
export async function contents(metadata) {
  return { profile: metadata?.profile ?? null, credits: await exifOf({ ...metadata, density: null }) };
}

/**
 * For formats that have no other place for a density.
 * @param {Metadata | null} metadata
 * @returns {Promise<{ profile: Uint8Array | null, exif: Uint8Array<ArrayBuffer> | null }>}
 */
export async function contentsWithDensity(metadata) {
  return { profile: metadata?.profile ?? null, exif: await exifOf({ ...metadata, density: known(metadata?.density) }) };
}

/** @param {Partial<Omit<Metadata, 'profile'>>} facts */
async function exifOf({ copyright, artist, density }) {
  return copyright || artist || density ? (await exif()).writeExif({ copyright, artist, density }) : null;
}

/** @param {Uint8Array} bytes */
async function deflated(bytes) {
  const stream = new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
