/**
 * Which codecs a photo needs that are fetched for it. Decided from its head: the worker that decodes can fetch nothing.
 *
 * @typedef {import('./inspect.js').Look} Look
 * @typedef {import('../protocol.js').CodecName} CodecName
 */

/**
 * @param {Look} seen
 * @returns {Promise<CodecName[]>}
 */
export async function codecsFor({ type }) {
  return type === 'HEIC' ? ['heif'] : [];
}
