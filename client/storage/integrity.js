/**
 * Nothing is stored, compiled or run before its length and digest have been compared with the catalog's.
 *
 * @typedef {import('../shared/protocol.js').Deliverable} Deliverable
 */
import { MatteboxError } from '../shared/errors.js';

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<string>} lower-case hex
 */
export async function sha256(bytes) {
  const digest = globalThis.crypto?.subtle ? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)) : await digestHere(bytes);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Browsers withhold `crypto.subtle` from insecure contexts. Plain http on a host name is where intranets live, and the check must
 * not be skipped there.
 * @param {Uint8Array} bytes
 */
async function digestHere(bytes) {
  const noble = await import('../vendor/noble-hashes/sha2.js');
  return noble.sha256(bytes);
}

/**
 * @param {Deliverable} file
 * @param {number} index of the segment
 * @param {number} segmentBytes
 * @returns {number} how long that segment must be: all are `segmentBytes` but the last
 */
export function segmentLength(file, index, segmentBytes) {
  return Math.min(segmentBytes, file.bytes - index * segmentBytes);
}

/**
 * @param {Deliverable} file
 * @param {number} index of the segment
 * @param {Uint8Array<ArrayBuffer>} bytes the segment
 * @param {'network' | 'store'} source where it came from, for the report
 * @throws {MatteboxError} `model-corrupt`
 */
export async function verifySegment(file, index, bytes, source) {
  const received = await sha256(bytes);
  const expected = file.segments[index];
  if (received !== expected) {
    throw new MatteboxError('model-corrupt', { name: file.name, segment: index, expected, received, bytes: bytes.length, source });
  }
}

/**
 * @param {Deliverable} file
 * @param {number} received bytes
 * @param {'network' | 'store'} source
 * @throws {MatteboxError} `length-mismatch`
 */
export function verifyLength(file, received, source) {
  if (received !== file.bytes) {
    throw new MatteboxError('length-mismatch', { name: file.name, expected: file.bytes, received, source });
  }
}
