/**
 * Pictures of the photo that is edited, as tiles: those that are seen are asked for one at a time, what has changed is asked for again and
 * shown until then, and what is not seen is let go beyond a budget.
 *
 * @typedef {import('./tile-grid.js').Tile} Tile
 * @typedef {import('./tile-grid.js').Box} Box
 * @typedef {import('./tile-grid.js').Look} Look
 * @typedef {import('../shared/protocol-edit.js').Picture} Picture
 * @typedef {import('./viewport.js').View} View
 */
import { boxOfTile, coarser, keyOf, nextTile, overlap, TILE, tilesIn, tilesToDrop } from './tile-grid.js';

/** Tiles that are kept although nobody sees them, of 1 MiB each. */
const MOST = 24;

export class Tiles {
  /** @type {Map<string, import('./tile-grid.js').Kept & { canvas: OffscreenCanvas }>} */
  #kept = new Map();
  /** What is seen while there is no tile yet. @type {{ bitmap: ImageBitmap, look: Look }[]} */
  #bases = [];
  #photo;
  #fetch;
  #onArrival;
  #overviewLevel;
  #isFetching = false;
  #isClosed = false;
  #clock = 0;
  /** @type {Tile[]} */
  #wanted = [];

  /**
   * @param {{ width: number, height: number }} photo
   * @param {(wish: { box: Box, level: number, look: Look }) => Promise<Picture>} fetch
   * @param {(error: unknown) => void} onArrival with null when there is more to draw, else why there will not be
   */
  constructor(photo, fetch, onArrival) {
    this.#photo = photo;
    this.#fetch = fetch;
    this.#onArrival = onArrival;
    // All of the photo in a few tiles, which what is seen closer falls back on.
    this.#overviewLevel = Math.max(0, Math.ceil(Math.log2(Math.max(photo.width, photo.height) / (2 * TILE))));
  }

  /** @param {Look} look @param {ImageBitmap} bitmap of the whole photo, to be shown until there is better */
  lay(look, bitmap) {
    if (this.#isClosed) bitmap.close();
    else this.#bases.push({ look, bitmap });
  }

  /**
   * @param {Look[]} looks that are seen
   * @param {number} level
   * @param {Box | null} visible
   */
  want(looks, level, visible) {
    if (!visible) return;
    const seen = looks.flatMap((look) => tilesIn(visible, look, level));
    const whole = { x: 0, y: 0, ...this.#photo };
    // The photo as it was is wanted at the press of a key.
    const overview = [...new Set([...looks, /** @type {Look} */ ('photo')])];
    this.#wanted = [...seen, ...overview.flatMap((look) => tilesIn(whole, look, this.#overviewLevel))];
    const needed = new Set(this.#wanted.map(keyOf));
    for (const key of tilesToDrop(this.#kept, needed, Math.max(MOST, needed.size))) this.#kept.delete(key);
    void this.#load();
  }

  /**
   * Draws all of a look that is within `visible`.
   * @param {CanvasRenderingContext2D} context
   * @param {View} view
   * @param {Look} look
   * @param {number} level
   * @param {Box} visible
   */
  draw(context, view, look, level, visible) {
    this.#clock += 1;
    for (const tile of tilesIn(visible, look, level)) {
      const part = boxOfTile(tile, this.#photo);
      const source = this.#sourceFor(tile);
      if (source) drawPart(context, view, source, part);
    }
  }

  /**
   * @param {Box | null} changed of the photo, in cutout and matte
   * @param {{ picture: Picture, look: Look } | null} [news] what of it is here already, and is closed
   */
  change(changed, news = null) {
    for (const [, kept] of this.#kept) {
      const { tile } = kept;
      const box = boxOfTile(tile, this.#photo);
      const part = changed && overlap(box, changed);
      const isNew = news !== null && tile.look === news.look && tile.level === news.picture.level;
      if (isNew) patch(kept.canvas, box, news.picture);
      if (part && tile.look !== 'photo' && !(isNew && isWithin(part, news.picture.box))) kept.isStale = true;
    }
    news?.picture.bitmap.close();
  }

  close() {
    this.#isClosed = true;
    this.#wanted = [];
    this.#kept.clear();
    for (const { bitmap } of this.#bases) bitmap.close();
    this.#bases = [];
  }

  /** @returns {boolean} all that was wanted last is here, as it is now */
  get isWhole() {
    return nextTile(this.#wanted, this.#kept) === null;
  }

  async #load() {
    if (this.#isFetching) return;
    this.#isFetching = true;
    try {
      for (let tile = nextTile(this.#wanted, this.#kept); tile; tile = nextTile(this.#wanted, this.#kept)) {
        const picture = await this.#fetch({ box: boxOfTile(tile, this.#photo), level: tile.level, look: tile.look });
        this.#put(tile, picture);
        this.#onArrival(null);
      }
    } catch (error) {
      this.#wanted = [];
      if (!this.#isClosed) this.#onArrival(error);
    } finally {
      this.#isFetching = false;
    }
  }

  /** @param {Tile} tile @param {Picture} picture */
  #put(tile, { bitmap }) {
    if (!this.#isClosed) {
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      contextOf(canvas).drawImage(bitmap, 0, 0);
      this.#kept.set(keyOf(tile), { tile, canvas, isStale: false, usedAt: this.#clock });
    }
    bitmap.close();
  }

  /** @param {Tile} tile @returns {{ image: CanvasImageSource, box: Box, width: number, height: number } | null} what shows it, or all around it */
  #sourceFor(tile) {
    for (let one = tile; one.level <= tile.level + 8; one = coarser(one)) {
      const kept = this.#kept.get(keyOf(one));
      if (!kept) continue;
      kept.usedAt = this.#clock;
      return { image: kept.canvas, box: boxOfTile(one, this.#photo), width: kept.canvas.width, height: kept.canvas.height };
    }
    const base = this.#bases.find(({ look }) => look === tile.look);
    return base ? { image: base.bitmap, box: { x: 0, y: 0, ...this.#photo }, width: base.bitmap.width, height: base.bitmap.height } : null;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {{ image: CanvasImageSource, box: Box, width: number, height: number }} source
 * @param {Box} part of the photo
 */
function drawPart(context, { scale, left, top }, { image, box, width, height }, part) {
  const [across, down] = [width / box.width, height / box.height];
  // Whole device pixels, rounded alike on both sides of a seam.
  const [x, y] = [Math.round(left + part.x * scale), Math.round(top + part.y * scale)];
  const [right, bottom] = [Math.round(left + (part.x + part.width) * scale), Math.round(top + (part.y + part.height) * scale)];
  context.drawImage(image, (part.x - box.x) * across, (part.y - box.y) * down, part.width * across, part.height * down, x, y, right - x, bottom - y);
}

/**
 * @param {OffscreenCanvas} canvas of a tile
 * @param {Box} box that the tile shows
 * @param {Picture} picture of the same level
 */
function patch(canvas, box, { box: where, level, bitmap }) {
  const [x, y] = [(where.x - box.x) / 2 ** level, (where.y - box.y) / 2 ** level];
  const context = contextOf(canvas);
  context.clearRect(x, y, bitmap.width, bitmap.height);
  context.drawImage(bitmap, x, y);
}

/** @param {OffscreenCanvas} canvas */
const contextOf = (canvas) => /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));

/** @param {Box} inner @param {Box} outer */
const isWithin = (inner, outer) => inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width && inner.y + inner.height <= outer.y + outer.height;
