/**
 * What files are called: by a pattern with fields, the same for a single file, in a ZIP and in a folder. Every name is one that all file
 * systems take.
 *
 * @typedef {object} Facts what a name is made of
 * @property {string} name of the photo's file
 * @property {number} number of the photo in the list, from 1
 * @property {number} total of photos in the list
 * @property {number} modified when the photo's file was changed last, ms since the epoch; 0 where nothing tells, and then it is today
 * @property {{ width: number, height: number } | null} size of the finished file in pixels; null where only making it tells
 * @property {string} type of the finished file
 * @property {'cutout' | 'matte'} content
 */
import { fileType } from '../shared/file-types.js';

/** In the order they are offered. */
export const FIELDS = Object.freeze(/** @type {const} */ (['name', 'number', 'width', 'height', 'date', 'kind']));
export const DEFAULT_PATTERN = '{name}-{kind}';
/** What a person types is no longer than this. */
export const LONGEST_PATTERN = 120;

/** Makes one emoji of several. */
const JOINER = '\u200d';
/** Bytes in UTF-8. File systems give a name 255, and a browser may add " (12)". */
const LONGEST_STEM = 200;
/** Bytes of a photo's name that stay, however long the rest of the pattern is. */
const LEAST_NAME = 24;
/** Digits of a number, at least: so that names sort as the photos do. */
const LEAST_DIGITS = 2;
/** Windows keeps these for devices, also with an extension (Microsoft, "Naming Files, Paths, and Namespaces"). */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]|conin\$|conout\$)\s*(?:\.|$)/iu;
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}"*/:<>?\\|]/gu;

/**
 * @param {unknown} pattern as it was typed or remembered
 * @returns {string} one that can be used
 */
export const usablePattern = (pattern) => (typeof pattern === 'string' && pattern.trim() !== '' ? pattern.slice(0, LONGEST_PATTERN) : DEFAULT_PATTERN);

/**
 * @param {string} pattern its fields in braces; what is in braces and no field stays as it is
 * @param {Facts} facts
 * @returns {string} with the extension of the file's type: "cat.photo.jpg" gives "cat.photo-cutout.png"
 */
export function fileName(pattern, facts) {
  const { type, content, size, number, total, modified } = facts;
  const own = facts.name.replace(/(?<=.)\.[^.]*$/u, '');
  const fields = {
    number: String(number).padStart(Math.max(LEAST_DIGITS, String(total).length), '0'),
    width: size ? String(size.width) : '',
    height: size ? String(size.height) : '',
    date: dateOf(modified || Date.now()),
    kind: content,
  };
  const usable = usablePattern(pattern);
  // Of what is too long, the photo's name gives way: the rest is what a person asked for.
  const room = LONGEST_STEM - bytesOf(filled(usable, { ...fields, name: '' }));
  const name = cut(own.trim() === '' ? 'photo' : own.normalize('NFC'), Math.max(LEAST_NAME, Math.floor(room / Math.max(1, usable.split('{name}').length - 1))));
  return `${safeName(filled(usable, { ...fields, name }))}.${fileType(type)?.extension ?? 'png'}`;
}

/** @param {string} pattern @param {Record<typeof FIELDS[number], string>} fields */
const filled = (pattern, fields) => pattern.replace(/\{(\w+)\}/gu, (whole, field) => (Object.hasOwn(fields, field) ? fields[/** @type {typeof FIELDS[number]} */ (field)] : whole));

/** @param {string} text */
const bytesOf = (text) => new TextEncoder().encode(text).length;

/** @param {string} text @param {number} most bytes in UTF-8 @returns {string} no character is cut in half */
const cut = (text, most) => text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(most)).read).replace(/\u200d+$/u, '');

/**
 * @param {string} name of a file without its extension, or of a folder
 * @param {number} [most] bytes in UTF-8
 * @returns {string} what some file system does not take, or a browser would replace in its own way, is "_" in it; Unicode stays, composed
 */
export function safeName(name, most = LONGEST_STEM) {
  const composed = name.normalize('NFC').replace(FORBIDDEN, (found) => (found === JOINER ? found : '_'));
  // Windows drops dots and spaces at the end in silence.
  const short = cut(composed, most).replace(/^\s+|[\s.]+$/gu, '');
  return RESERVED.test(short) ? `_${short}` : short || 'photo';
}

/** @param {string} folder "album/below" @returns {string} each of its names made safe; empty for none */
export const safeFolder = (folder) => folder.split('/').filter((name) => name.trim() !== '' && !/^\.+$/u.test(name)).map((name) => safeName(name)).join('/');

/**
 * @param {string} name
 * @param {Set<string>} taken names that are taken, as file systems tell them apart: without regard to case; this one is added
 * @returns {string} the name, or where it is taken with a number: "cat (2).png"
 */
export function uniqueName(name, taken) {
  const [stem, extension] = name.match(/^(.*?)(\.[^./]*)?$/su)?.slice(1) ?? [name];
  let free = name;
  for (let n = 2; taken.has(plainName(free)); n++) free = `${stem} (${n})${extension ?? ''}`;
  taken.add(plainName(free));
  return free;
}

/** @param {string} name @returns {string} the same for names that a file system may hold to be the same */
export const plainName = (name) => name.normalize('NFC').toLowerCase();

/** @param {number} ms since the epoch @returns {string} the day where the device is: "2024-05-31" */
function dateOf(ms) {
  const date = new Date(ms);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}
