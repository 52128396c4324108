/** What files are called: by their type, and when they are saved. */
import { fileType } from '../shared/file-types.js';

/** @param {string} type of a file @returns {string} */
export const formatName = (type) => fileType(type)?.name ?? type.replace('image/', '').toUpperCase();

/**
 * @param {string} name
 * @param {Set<string>} taken names that are taken, as file systems tell them apart: without regard to case; this one is added
 * @returns {string} the name, or where it is taken with a number: "cat (2).png"
 */
export function uniqueName(name, taken) {
  const [stem, extension] = name.match(/^(.*?)(\.[^.]*)?$/su)?.slice(1) ?? [name];
  let free = name;
  for (let n = 2; taken.has(plain(free)); n++) free = `${stem} (${n})${extension ?? ''}`;
  taken.add(plain(free));
  return free;
}

/** @param {string} name */
const plain = (name) => name.normalize('NFC').toLowerCase();

/** Makes one emoji of several. */
const JOINER = '\u200d';
/** File systems give a name 255 bytes, and a browser may add " (12)". */
const LONGEST_STEM = new Uint8Array(200);

/**
 * @param {string} name the photo's file name
 * @param {string} [type] of the finished file
 * @param {'cutout' | 'matte'} [content]
 * @returns {string} the finished file's: "cat.photo.jpg" gives "cat.photo-cutout.png". What some file system does not take, or a
 *   browser would replace in its own way, becomes "_".
 */
export function cutoutName(name, type = 'image/png', content = 'cutout') {
  const stem = name.replace(/(?<=.)\.[^.]*$/u, '').normalize('NFC').replace(/[\p{Cc}\p{Cf}"*/:<>?\\|]/gu, (found) => (found === JOINER ? found : '_'));
  const short = stem.slice(0, new TextEncoder().encodeInto(stem, LONGEST_STEM).read).trim();
  return `${short || 'photo'}-${content}.${fileType(type)?.extension ?? 'png'}`;
}
