import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { around, blotted, drawn, flooded, SEEN, shownAs } from './drawn-mattes.js';

const { applyPart, applySpecks, piecesOf } = await import('../../client/document/derive/edits/parts.js');

/** Steps from the nearest pixel that `is` to each pixel by way of faint ones, by relaxing until nothing changes. */
function stepsFrom(is, matte, size) {
  const steps = Float64Array.from(matte, (_, i) => (is(i) ? 0 : Infinity));
  for (let isChanging = true; isChanging;) {
    isChanging = false;
    for (let i = 0; i < matte.length; i++) {
      if (matte[i] === 0 || matte[i] >= SEEN) continue;
      const least = Math.min(...around(i, size).map((near) => steps[near] + 1));
      if (least < steps[i]) [steps[i], isChanging] = [least, true];
    }
  }
  return steps;
}

/** What is left without the pieces that `goes`. */
function without(goes, matte, size) {
  const { names } = flooded(matte, size);
  const [going, staying] = [true, false].map((which) => stepsFrom((i) => names[i] > 0 && goes(names[i]) === which, matte, size));
  return matte.map((value, i) => (names[i] ? (goes(names[i]) ? 0 : value) : going[i] < staying[i] ? 0 : value));
}

/** The smallest box of what differs. */
function boxOfChange(one, other, { width }) {
  const places = [...one.keys()].filter((i) => one[i] !== other[i]);
  if (places.length === 0) return null;
  const [xs, ys] = [places.map((i) => i % width), places.map((i) => Math.floor(i / width))];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1 };
}

describe('pieces', () => {
  test('hang together at corners, and through what can be seen only', () => {
    const { matte, size } = drawn(
      '## .. # ',
      '  #..#  ',
      '##    ++',
      '  ......',
      '++  #   ',
    );
    const { pieces, areas } = piecesOf(matte, matte, size);
    assert.deepEqual(pieces.map(({ area, box }) => [area, box]), [
      [5, { x: 0, y: 0, width: 3, height: 3 }],
      [4, { x: 5, y: 0, width: 3, height: 3 }],
      [2, { x: 0, y: 4, width: 2, height: 1 }],
      [1, { x: 4, y: 4, width: 1, height: 1 }],
    ]);
    assert.deepEqual([...areas], [5, 4, 2, 1]);
  });

  test('are what flooding finds, the largest first, each told by a pixel in it', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const { matte, size } = blotted(seed, 61 + seed, 47, 4 * seed);
      const { names, count } = flooded(matte, size);
      const { pieces, areas } = piecesOf(matte, matte, size);
      assert.equal(pieces.length, count);
      const seen = new Set();
      for (const { at, area, box, isKept } of pieces) {
        const name = names[at.y * size.width + at.x];
        assert.ok(name > 0);
        seen.add(name);
        const only = matte.map((_, i) => (names[i] === name ? 1 : 0));
        assert.equal(area, only.reduce((sum, one) => sum + one, 0));
        assert.deepEqual(box, boxOfChange(only, new Uint16Array(only.length), size));
        assert.equal(isKept, true);
      }
      assert.equal(seen.size, count);
      assert.deepEqual([...areas], pieces.map(({ area }) => area).toSorted((a, b) => b - a));
    }
  });

  test('that were removed are told as the model gave them, in their places by size', () => {
    const { matte: base, size } = drawn('###  #### ##', '###  #### ##');
    const matte = drawn('###       ++', '..#         ').matte;
    const { pieces, areas } = piecesOf(matte, base, size);
    assert.deepEqual(pieces.map(({ area, box, isKept }) => [area, box.x, isKept]), [[8, 5, false], [4, 0, true], [2, 10, true]]);
    assert.deepEqual([...areas], [4, 2]);
  });

  test('of an empty and of a full matte', () => {
    const size = { width: 5, height: 3 };
    const [empty, full] = [new Uint16Array(15), new Uint16Array(15).fill(65535)];
    assert.deepEqual(piecesOf(empty, empty, size), { pieces: [], outlines: [], areas: new Uint32Array(0) });
    const { pieces, outlines } = piecesOf(full, full, size);
    assert.deepEqual(pieces, [{ at: { x: 2, y: 0 }, box: { x: 0, y: 0, width: 5, height: 3 }, area: 15, isKept: true }]);
    assert.deepEqual(new Set(outlines[0]), new Set([0, 3, 5]));
  });

  test('are told up to a number, the largest; areas of all', () => {
    const size = { width: 201, height: 41 };
    const matte = Uint16Array.from({ length: 201 * 41 }, (_, i) => (i % 201 % 2 === 0 && Math.floor(i / 201) % 2 === 0 ? 65535 : 0));
    matte[201 + 1] = 65535;
    const { pieces, outlines, areas } = piecesOf(matte, matte, size);
    assert.equal(pieces.length, 1000);
    assert.equal(outlines.length, 1000);
    assert.equal(pieces[0].area, 5);
    assert.equal(areas.length, 101 * 21 - 3);
  });
});

describe('a part', () => {
  test('goes with its faint rim, up to half way to what stays', () => {
    const { matte, size } = drawn(
      '..........  .',
      '.##....##.   ',
      '.##....##.  #',
      '..........  .',
    );
    const changed = applyPart(matte, matte.slice(), size, { kind: 'part', at: { x: 7.9, y: 1.2 }, isKept: false });
    assert.deepEqual(shownAs(matte, size), [
      '.....       .',
      '.##..        ',
      '.##..       #',
      '.....       .',
    ]);
    assert.deepEqual(changed, { x: 5, y: 0, width: 5, height: 4 });
  });

  test('that is kept comes back as the model gave it, and nothing else does', () => {
    const { matte: base, size } = drawn('.##.  .+#', '.##.  ...');
    const matte = drawn('         ', '  +      ').matte;
    const changed = applyPart(matte, base, size, { kind: 'part', at: { x: 1, y: 0 }, isKept: true });
    assert.deepEqual(shownAs(matte, size), ['.##.     ', '.##.     ']);
    assert.deepEqual(changed, { x: 0, y: 0, width: 4, height: 2 });
    assert.equal(applyPart(matte, base, size, { kind: 'part', at: { x: 1, y: 0 }, isKept: true }), null, 'it was already');
  });

  test('that is nowhere changes nothing', () => {
    const { matte, size } = drawn('.## ', '.## ');
    for (const at of [{ x: 0, y: 0 }, { x: 3, y: 1 }, { x: -1, y: 0 }, { x: 1, y: 2 }, { x: 9, y: 0 }, { x: 1, y: -0.5 }]) {
      assert.equal(applyPart(matte, matte.slice(), size, { kind: 'part', at, isKept: false }), null);
      assert.deepEqual(shownAs(matte, size), ['.## ', '.## ']);
    }
  });

  test('goes and comes as in a reckoning of every pixel', () => {
    for (let seed = 1; seed <= 8; seed++) {
      const { matte: base, size } = blotted(seed, 44, 37, 3 * seed);
      const { names } = flooded(base, size);
      for (const { at } of piecesOf(base, base, size).pieces) {
        const matte = base.slice();
        const name = names[at.y * size.width + at.x];
        const wanted = without((one) => one === name, base, size);
        const box = applyPart(matte, base, size, { kind: 'part', at, isKept: false });
        assert.deepEqual(matte, wanted);
        assert.deepEqual(box, boxOfChange(base, wanted, size));
        assert.deepEqual(applyPart(matte, base, size, { kind: 'part', at, isKept: true }), box);
        assert.deepEqual(matte, base);
      }
    }
  });
});

describe('specks', () => {
  test('of fewer pixels go in one go, with what is faint around them', () => {
    for (let seed = 1; seed <= 8; seed++) {
      const { matte, size } = blotted(seed, 50, 40, 3 * seed);
      const { names, count } = flooded(matte, size);
      const areas = Array.from({ length: count + 1 }, (_, name) => names.filter((one) => one === name).length);
      const smaller = areas.slice(1).toSorted((a, b) => a - b)[count >> 1];
      const wanted = without((name) => areas[name] < smaller, matte, size);
      const before = matte.slice();
      assert.deepEqual(applySpecks(matte, size, { kind: 'specks', smaller }), boxOfChange(before, wanted, size));
      assert.deepEqual(matte, wanted);
    }
  });

  test('are none where nothing is small', () => {
    const { matte, size } = drawn('### .', '    #');
    assert.equal(applySpecks(matte, size, { kind: 'specks', smaller: 1 }), null);
    assert.deepEqual(shownAs(matte, size), ['### .', '    #']);
  });
});
