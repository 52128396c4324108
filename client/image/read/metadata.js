/**
 * What a person may want to keep of a photo's metadata: its colour profile, and whose it is. Nothing else is read: where and
 * when it was taken, and with what, never leaves the file.
 *
 * @typedef {object} Metadata
 * @property {Uint8Array<ArrayBuffer> | null} profile ICC, of RGB
 * @property {string | null} copyright
 * @property {string | null} artist
 *
 * @typedef {import('./bytes.js').Bytes} Bytes
 * @typedef {import('./heads/head.js').Head} Head
 */
import { readDirectory, readText, TAG } from './exif.js';
import { readProfile } from './icc.js';
import { rightsInIptc } from './iptc.js';
import { rightsInXmp } from './xmp.js';

/** @typedef {{ copyright: string | null, artist: string | null }} Rights */

/** XMP of one photo; more is history of editing. */
const MOST_XMP = 1024 * 1024;
const MOST_IPTC = 256 * 1024;

/**
 * @param {import('./inspect.js').Look} seen
 * @returns {Promise<Metadata>}
 */
export async function readMetadata(seen) {
  const rights = await readRights(seen.bytes, seen.head);
  return { profile: await readProfile(seen), ...rights };
}

/**
 * EXIF first, then XMP, then IPTC, each for what those before it leave open.
 * @param {Bytes} bytes
 * @param {Head} head
 * @returns {Promise<Rights>}
 */
async function readRights(bytes, { exif, xmp, iptc }) {
  const rights = await rightsInExif(bytes, exif);
  const others = [
    async () => (xmp ? rightsInXmp(new TextDecoder().decode(await bytes.copy(cut(xmp, MOST_XMP)))) : null),
    async () => (iptc ? rightsInIptc(await bytes.copy(cut(iptc, MOST_IPTC))) : null),
  ];
  for (const read of others) {
    if (rights.copyright && rights.artist) break;
    const found = await read();
    rights.copyright ??= found?.copyright ?? null;
    rights.artist ??= found?.artist ?? null;
  }
  return rights;
}

/**
 * @param {Bytes} bytes
 * @param {Head['exif']} exif
 * @returns {Promise<Rights>}
 */
async function rightsInExif(bytes, exif) {
  const directory = exif && (await readDirectory(bytes, exif));
  if (!directory) return { copyright: null, artist: null };
  return { copyright: await readText(bytes, directory, TAG.copyright), artist: await readText(bytes, directory, TAG.artist) };
}

/**
 * @param {import('./bytes.js').Span} span
 * @param {number} most
 */
function cut({ start, end }, most) {
  return { start, end: Math.min(end, start + most) };
}
