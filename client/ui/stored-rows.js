/**
 * What is stored, as a person counts it: a model of three files is one thing that can be deleted.
 *
 * @typedef {object} StoredFile
 * @property {string} sha256
 * @property {string} name
 * @property {number} bytes of the whole file
 * @property {number} [have] bytes of it that are here
 * @property {string[]} models ids of the catalog's models that use it
 * @property {'runtime' | 'codec' | 'model' | 'old'} role `old`: nothing uses it any more
 * @property {number | null} download bytes on the wire, fewer than its own where that is compressed; null when nobody fetches it
 * @property {boolean} whole
 * @property {number} storedAt ms since the epoch
 * @property {number | null} usedAt ms since the epoch
 *
 * @typedef {object} StoredRow
 * @property {string} title
 * @property {string} name of its first file
 * @property {StoredFile['role']} role
 * @property {string[]} digests of its files
 * @property {number} bytes
 * @property {number} have bytes that are here
 * @property {number} download bytes on the wire to have its files again, 0 when nothing uses them any more
 * @property {boolean} isWhole
 * @property {number} storedAt of its newest file, ms since the epoch
 * @property {number | null} usedAt last use of any of its files, ms since the epoch
 */

const ORDER = ['model', 'runtime', 'codec', 'old'];

/**
 * @param {StoredFile[]} files
 * @param {(file: StoredFile) => { title: string, bytes: number | null }} nameOf the thing a file belongs to, and the
 *   bytes of all its files where that is known: one of them may not have been begun
 * @returns {StoredRow[]} models first, what nothing uses last
 */
export function storedRows(files, nameOf) {
  /** @type {Map<string, StoredFile[]>} */
  const groups = new Map();
  for (const file of files) {
    const key = file.role === 'model' ? file.models.join(' ') : file.sha256;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()]
    .map((group) => rowOf(group, nameOf(group[0])))
    .sort((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role));
}

/**
 * @param {{ download: number | null }[]} parts
 * @returns {number} bytes on the wire to have all of them again
 */
export function total(parts) {
  return parts.reduce((sum, { download }) => sum + (download ?? 0), 0);
}

/**
 * @param {StoredFile[]} group
 * @param {{ title: string, bytes: number | null }} label
 * @returns {StoredRow}
 */
function rowOf(group, { title, bytes }) {
  const uses = group.map(({ usedAt }) => usedAt).filter((usedAt) => usedAt !== null);
  const known = bytes ?? group.reduce((sum, file) => sum + file.bytes, 0);
  const have = group.reduce((sum, file) => sum + (file.whole ? file.bytes : (file.have ?? file.bytes)), 0);
  return {
    title,
    name: group[0].name,
    role: group[0].role,
    digests: group.map(({ sha256 }) => sha256),
    bytes: known,
    have,
    download: total(group),
    isWhole: group.every(({ whole }) => whole) && have >= known,
    storedAt: Math.max(...group.map(({ storedAt }) => storedAt)),
    usedAt: uses.length > 0 ? Math.max(...uses) : null,
  };
}
