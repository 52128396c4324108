/**
 * Bytes put together.
 */

/**
 * @param {string} text characters up to 255
 * @returns {Uint8Array<ArrayBuffer>} one byte each
 */
export function latin(text) {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/**
 * @param {Uint8Array[]} arrays
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function concat(...arrays) {
  const out = new Uint8Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    out.set(array, at);
    at += array.length;
  }
  return out;
}
