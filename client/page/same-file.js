/**
 * Whether a file is a photo that is here already. A copy under another name is another file: a person may want both.
 *
 * @typedef {import('./receiving.js').Known} Known
 */

/** Of each end, so much is compared: a photo that was changed has another head, other bytes at its end, or another size. */
const END_BYTES = 65_536;

/**
 * @param {File} file
 * @param {readonly Known[]} alike
 * @returns {Promise<boolean>} whether one of them is the same, by the digest of both ends. False where it cannot be read
 */
export async function isSameFile(file, alike) {
  try {
    const [own, ...others] = await Promise.all([file, ...alike.map(({ input }) => input)].map(digestOfEnds));
    return others.includes(own);
  } catch {
    return false;
  }
}

/** @param {Blob} blob @returns {Promise<string>} */
async function digestOfEnds(blob) {
  const ends = new Blob([blob.slice(0, END_BYTES), blob.slice(Math.max(END_BYTES, blob.size - END_BYTES))]);
  const bytes = await ends.arrayBuffer();
  // Insecure contexts have no digests: there the bytes themselves are compared.
  return globalThis.crypto?.subtle ? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).join() : new Uint8Array(bytes).join();
}
