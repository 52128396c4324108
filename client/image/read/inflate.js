/**
 * Deflated bytes back, by the browser, never more of them than are wanted: a few bytes can claim to be gigabytes.
 */

/**
 * @param {Uint8Array<ArrayBuffer>} packed
 * @param {number} most bytes that are wanted
 * @param {CompressionFormat} [format] zlib, when nothing is said
 * @returns {Promise<Uint8Array<ArrayBuffer>>} as many as came before the end, or before the damage
 */
export async function inflate(packed, most, format = 'deflate') {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream(format)).getReader();
  const out = new Uint8Array(most);
  let length = 0;
  try {
    while (length < most) {
      const { done, value } = await reader.read();
      if (done) break;
      out.set(value.subarray(0, most - length), length);
      length += value.length;
    }
  } catch {
    // What follows the data, or its checksum, is wrong: the caller sees whether enough has come.
  }
  void reader.cancel().catch(() => {});
  return out.subarray(0, Math.min(length, most));
}
