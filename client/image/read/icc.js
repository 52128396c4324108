/**
 * The colour profile that a file carries.
 *
 * @typedef {import('./inspect.js').Look} Look
 */
import { onDemand } from '../../shared/on-demand.js';

const inflating = onDemand(() => import('./inflate.js'), 'inflate.js');
const profiles = onDemand(() => import('./profile.js'), 'profile.js');

/** Those of printers, which are tables, have some megabytes. */
const MOST = 4 * 1024 * 1024;
const HEAD = 128;

/**
 * @param {Pick<Look, 'head' | 'bytes'>} seen
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} ICC, of RGB; null where there is none, or that of a grey picture or of inks,
 *   which says nothing about RGB
 */
export async function readProfile(seen) {
  const profile = seen.head.colours === 'rgb' ? await readAnyProfile(seen) : null;
  return profile && (await profiles()).spaceOf(profile) === 'RGB ' ? profile : null;
}

/**
 * @param {Pick<Look, 'head' | 'bytes'>} seen
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} ICC, of whatever colours; null where there is none that is whole
 */
export async function readAnyProfile({ head, bytes }) {
  if (head.profile.length === 0 || head.profile.reduce((sum, { start, end }) => sum + end - start, 0) > MOST) return null;
  const parts = [];
  for (const span of head.profile) parts.push(await bytes.copy(span));
  const joined = new Uint8Array(await new Blob(parts).arrayBuffer());
  const profile = head.isDeflated ? await (await inflating()).inflate(joined, MOST) : joined;
  if (profile.length < HEAD) return null;
  const length = new DataView(profile.buffer, profile.byteOffset).getUint32(0);
  // A profile says how long it is (ICC.1:2010, 7.2.2): what follows is padding, and one that is cut is none.
  return length >= HEAD && length <= profile.length ? profile.slice(0, length) : null;
}
