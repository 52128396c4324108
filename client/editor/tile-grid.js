/**
 * How what is seen of a photo is cut into tiles, and which of them is asked for next. Pure.
 *
 * @typedef {import('../document/edits.js').Box} Box
 * @typedef {import('../shared/protocol-edit.js').Look} Look
 * @typedef {{ look: Look, level: number, column: number, row: number }} Tile
 * @typedef {{ tile: Tile, isStale: boolean, usedAt: number }} Kept `usedAt` counts what was drawn
 */

/** Pixels of a tile's side. */
export const TILE = 512;

/** @param {Tile} tile @returns {string} */
export const keyOf = ({ look, level, column, row }) => `${look}/${level}/${column}/${row}`;

/** @param {Tile} tile @param {{ width: number, height: number }} photo @returns {Box} of the photo, that it shows */
export function boxOfTile({ level, column, row }, photo) {
  const side = TILE * 2 ** level;
  const [x, y] = [column * side, row * side];
  return { x, y, width: Math.min(side, photo.width - x), height: Math.min(side, photo.height - y) };
}

/**
 * @param {Box} box of the photo
 * @param {Look} look
 * @param {number} level
 * @returns {Tile[]} that it touches, the nearest to its middle first
 */
export function tilesIn({ x, y, width, height }, look, level) {
  const side = TILE * 2 ** level;
  const [middleColumn, middleRow] = [(x + width / 2) / side - 0.5, (y + height / 2) / side - 0.5];
  const found = [];
  for (let row = Math.floor(y / side); row * side < y + height; row++) {
    for (let column = Math.floor(x / side); column * side < x + width; column++) found.push({ look, level, column, row });
  }
  const distance = (/** @type {Tile} */ tile) => Math.hypot(tile.column - middleColumn, tile.row - middleRow);
  return found.toSorted((a, b) => distance(a) - distance(b));
}

/** @param {Tile} tile @returns {Tile} the one of the next level that shows all of it */
export const coarser = ({ look, level, column, row }) => ({ look, level: level + 1, column: column >> 1, row: row >> 1 });

/** @param {Box} a @param {Box} b @returns {Box | null} what both hold */
export function overlap(a, b) {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  const box = { x, y, width: Math.min(a.x + a.width, b.x + b.width) - x, height: Math.min(a.y + a.height, b.y + b.height) - y };
  return box.width > 0 && box.height > 0 ? box : null;
}

/**
 * @param {readonly Tile[]} wanted in the order in which they are wanted
 * @param {ReadonlyMap<string, Pick<Kept, 'isStale'>>} kept by key
 * @returns {Tile | null} to be asked for next: what shows nothing yet goes before what shows something old
 */
export const nextTile = (wanted, kept) => wanted.find((tile) => !kept.has(keyOf(tile))) ?? wanted.find((tile) => kept.get(keyOf(tile))?.isStale) ?? null;

/**
 * @param {ReadonlyMap<string, Kept>} kept by key
 * @param {ReadonlySet<string>} needed keys of those that are seen, or that others fall back on
 * @param {number} most tiles
 * @returns {string[]} keys of those to let go: of what is not seen the old, and the longest unseen beyond so many
 */
export function tilesToDrop(kept, needed, most) {
  const unseen = [...kept].filter(([key]) => !needed.has(key)).toSorted(([, a], [, b]) => a.usedAt - b.usedAt);
  const old = unseen.filter(([, { isStale }]) => isStale);
  const fresh = unseen.filter(([, { isStale }]) => !isStale);
  const tooMany = Math.max(0, kept.size - old.length - most);
  return [...old, ...fresh.slice(0, tooMany)].map(([key]) => key);
}
