/**
 * The tables that photos are kept in, and what goes wrong with them.
 *
 * @typedef {import('idb').IDBPDatabase} Database
 * @typedef {'no-indexeddb' | 'no-locks' | 'storage-full' | 'storage-slow' | 'storage-failed'} Trouble
 * @typedef {{ id: string, madeAt: number, aliveAt: number }} Desk times in ms since the epoch; `aliveAt`: its tab was open then
 * @typedef {[desk: string, order: number]} Key of a photo
 * @typedef {{ desk: string, order: number, value: unknown }} Row `value`: what the caller keeps of a photo beside its file
 * @typedef {{ desk: string, order: number, file: Blob }} FileRow
 * @typedef {{ key: Key, value: unknown, file: Blob }} Kept
 * @typedef {{ desk: string, order: 0, file: Blob, value: unknown }} GroundRow a picture that photos stand on, among their files: what removes those removes it too
 */
import { MatteboxError } from '../../shared/errors.js';

export const VERSION = 1;
export const TABLES = ['photos', 'files'];

/** Of photos, orders begin with 1. @type {0} */
const GROUND = 0;

/** @param {Database} database that is new */
export function create(database) {
  database.createObjectStore('desks', { keyPath: 'id' });
  for (const table of TABLES) database.createObjectStore(table, { keyPath: ['desk', 'order'] });
}

/** @param {string} desk @returns {IDBKeyRange} all of its rows */
const within = (desk) => IDBKeyRange.bound([desk], [desk, []]);

/**
 * All of it in one transaction. Blobs come without their bytes.
 * @param {Database} database @param {string[]} desks
 * @returns {Promise<{ kept: Kept[], grounds: GroundRow[] }>} photos in the order they were added, desk by desk; the pictures that they stand on
 */
export async function rowsOf(database, desks) {
  const reading = database.transaction(TABLES);
  const read = (/** @type {string} */ table) => Promise.all(desks.map((desk) => reading.objectStore(table).getAll(within(desk))));
  const [photos, files] = /** @type {[Row[], (FileRow | GroundRow)[]]} */ ((await Promise.all(TABLES.map(read))).map((rows) => rows.flat()));
  const nameOf = (/** @type {{ desk: string, order: number }} */ { desk, order }) => `${desk} ${order}`;
  const byName = new Map(files.map((row) => [nameOf(row), row.file]));
  const kept = photos.flatMap((row) => {
    const file = byName.get(nameOf(row));
    return file ? [{ key: /** @type {Key} */ ([row.desk, row.order]), value: row.value, file }] : [];
  });
  return { kept, grounds: files.flatMap((row) => ('value' in row ? [row] : [])) };
}

/** @param {Database} database @param {string} desk @param {{ file: Blob, value: unknown } | null} ground null for none any more */
export async function putGroundRow(database, desk, ground) {
  if (ground) await database.put('files', { desk, order: GROUND, ...ground });
  else await database.delete('files', [desk, GROUND]);
}

/** @param {Database} database @param {string[]} desks @param {boolean} [areUsedOn] only their photos go */
export async function removeDesks(database, desks, areUsedOn = false) {
  const writing = database.transaction(['desks', ...TABLES], 'readwrite');
  for (const id of desks) {
    for (const table of TABLES) await writing.objectStore(table).delete(within(id));
    if (!areUsedOn) await writing.objectStore('desks').delete(id);
  }
  await writing.done;
}

/** @type {Record<string, Trouble>} */
const REASONS = { QuotaExceededError: 'storage-full', TimeoutError: 'storage-slow' };

/** @param {unknown} thrown @returns {MatteboxError} `storage-failed` with a `Trouble` as `reason` */
export function troubleOf(thrown) {
  if (thrown instanceof MatteboxError) return thrown;
  const reason = REASONS[thrown instanceof DOMException ? thrown.name : ''] ?? 'storage-failed';
  return MatteboxError.from(thrown, 'storage-failed', { reason });
}
