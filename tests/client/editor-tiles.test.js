import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { boxOfTile, coarser, keyOf, nextTile, overlap, TILE, tilesIn, tilesToDrop } from '../../client/editor/tile-grid.js';

const PHOTO = { width: 4000, height: 3000 };
const tile = (column, row, level = 0, look = 'cutout') => ({ look, level, column, row });
const box = fc.record({ x: fc.integer({ min: 0, max: 3900 }), y: fc.integer({ min: 0, max: 2900 }), width: fc.integer({ min: 1, max: 100 }), height: fc.integer({ min: 1, max: 100 }) });

describe('tiles', () => {
  test('cover what is seen, each part once', () => {
    fc.assert(fc.property(box, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 30 }), (one, level, times) => {
      const seen = { ...one, width: Math.min(PHOTO.width - one.x, one.width * times), height: Math.min(PHOTO.height - one.y, one.height * times) };
      const tiles = tilesIn(seen, 'cutout', level);
      const covered = tiles.map((each) => overlap(boxOfTile(each, PHOTO), seen)).reduce((area, part) => area + part.width * part.height, 0);
      assert.equal(covered, seen.width * seen.height);
      assert.equal(new Set(tiles.map(keyOf)).size, tiles.length);
    }));
  });

  test('the middle comes first', () => {
    const [first] = tilesIn({ x: 0, y: 0, width: 5 * TILE, height: 5 * TILE }, 'matte', 0);
    assert.deepEqual([first.column, first.row, first.look], [2, 2, 'matte']);
  });

  test('end where the photo ends', () => {
    assert.deepEqual(boxOfTile(tile(7, 5), PHOTO), { x: 3584, y: 2560, width: 416, height: 440 });
    assert.deepEqual(boxOfTile(tile(1, 1, 2), PHOTO), { x: 2048, y: 2048, width: 1952, height: 952 });
  });

  test('a coarser tile shows all of a finer one', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 5 }), (column, row) => {
      const fine = boxOfTile(tile(column, row), PHOTO);
      assert.deepEqual(overlap(boxOfTile(coarser(tile(column, row)), PHOTO), fine), fine);
    }));
  });
});

describe('the tile to ask for next', () => {
  const wanted = [tile(0, 0), tile(1, 0), tile(2, 0)];
  test('shows nothing yet, before one that shows something old', () => {
    const kept = new Map([[keyOf(wanted[0]), { isStale: true }], [keyOf(wanted[1]), { isStale: false }]]);
    assert.equal(nextTile(wanted, kept), wanted[2]);
    kept.set(keyOf(wanted[2]), { isStale: false });
    assert.equal(nextTile(wanted, kept), wanted[0]);
  });
  test('is none once all are here as they are', () => {
    assert.equal(nextTile(wanted, new Map(wanted.map((one) => [keyOf(one), { isStale: false }]))), null);
  });
});

describe('tiles that are let go', () => {
  const kept = new Map([0, 1, 2, 3, 4].map((column) => [keyOf(tile(column, 0)), { tile: tile(column, 0), isStale: column === 1, usedAt: 10 - column }]));
  test('are those that nobody sees: the old ones, and the longest unseen beyond what is kept', () => {
    const needed = new Set([keyOf(tile(4, 0))]);
    assert.deepEqual(tilesToDrop(kept, needed, 3), [keyOf(tile(1, 0)), keyOf(tile(3, 0))]);
    assert.deepEqual(tilesToDrop(kept, needed, 4), [keyOf(tile(1, 0))]);
  });
  test('are never those that are seen', () => {
    const needed = new Set(kept.keys());
    assert.deepEqual(tilesToDrop(kept, needed, 1), []);
  });
});
