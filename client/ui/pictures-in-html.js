/**
 * Pictures that pasted or dropped HTML carries within itself. One that it only tells the address of is out of reach: this page opens
 * no connection.
 */
import { trusting } from '../shared/trusted.js';
import { PHOTO_TYPES } from './photo-names.js';

/** For `DOMParser` only. A parsed document that is never shown loads nothing and runs nothing. */
const POLICY = trusting('mattebox-pasted', { createHTML: (/** @type {string} */ html) => html });

/**
 * @param {string} html
 * @returns {{ files: File[], isOfPictures: boolean }} `isOfPictures`: it shows a picture, carried or not
 */
export function picturesInHtml(html) {
  const images = [...new DOMParser().parseFromString(POLICY.createHTML(html), 'text/html').images];
  const files = images.flatMap((image) => fileOf(image.getAttribute('src') ?? '') ?? []);
  return { files, isOfPictures: images.length > 0 };
}

/**
 * @param {string} url
 * @returns {File | null} null for an address, and for a data URL (RFC 2397) that is broken or no picture
 */
export function fileOf(url) {
  const [, type, parameters, data] = /^\s*data:(image\/[\w.+-]+)((?:;[^,;]*)*),([\s\S]*)$/iu.exec(url) ?? [];
  if (data === undefined) return null;
  try {
    // Spaces are no part of either form; in the second they are written as %20.
    const plain = decodeURIComponent(data.replace(/[\r\n\t]/gu, ''));
    const content = /;base64\s*$/iu.test(parameters) ? bytesOf(plain) : plain;
    const name = `picture.${PHOTO_TYPES[type.toLowerCase()]?.[0] ?? type.slice('image/'.length)}`;
    return new File([content], name, { type: type.toLowerCase() });
  } catch {
    return null;
  }
}

/** @param {string} base64 */
const bytesOf = (base64) => Uint8Array.from(atob(base64.replace(/\s/gu, '')), (character) => character.charCodeAt(0));
