import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { clamped, fitScale, fitted, LARGEST_SCALE, leastScale, levelFor, nextStop, panned, recentred, revealed, toPhoto, toStage, visibleBox, zoomed } from '../../client/editor/viewport.js';

const PHOTO = { width: 4000, height: 3000 };
const STAGE = { width: 1000, height: 800 };
const size = fc.record({ width: fc.integer({ min: 1, max: 9000 }), height: fc.integer({ min: 1, max: 9000 }) });
const stage = fc.record({ width: fc.integer({ min: 50, max: 4000 }), height: fc.integer({ min: 50, max: 3000 }) });
const close = (a, b, within = 1e-6) => assert.ok(Math.abs(a - b) <= within, `${a} is not ${b}`);

describe('a photo on the stage', () => {
  test('fits, in the middle, with a margin, and is not made larger than its pixels', () => {
    assert.equal(fitScale(PHOTO, STAGE), 0.25);
    assert.deepEqual(fitted(PHOTO, STAGE), { scale: 0.25, left: 0, top: 25 });
    assert.equal(fitScale(PHOTO, STAGE, 100), 0.2);
    assert.deepEqual(fitted({ width: 100, height: 50 }, STAGE), { scale: 1, left: 450, top: 375 });
  });

  test('stays in reach, on whole device pixels, however it is moved', () => {
    fc.assert(fc.property(size, stage, fc.double({ min: 0.02, max: 32, noNaN: true }), fc.integer({ min: -90_000, max: 90_000 }), fc.integer({ min: -90_000, max: 90_000 }), (photo, room, scale, left, top) => {
      const view = clamped({ scale, left, top }, photo, room);
      assert.ok(Number.isInteger(view.left) && Number.isInteger(view.top));
      assert.notEqual(visibleBox(view, photo, room), null, 'something of it is seen');
    }));
  });

  test('keeps what lies under the pointer there when it is zoomed', () => {
    const view = clamped({ scale: 1, left: -1000, top: -900 }, PHOTO, STAGE);
    const at = { x: 300, y: 200 };
    const before = toPhoto(view, at);
    for (const scale of [1.7, 4, 0.9]) {
      const after = toPhoto(zoomed(view, scale, at, PHOTO, STAGE), at);
      // Half a device pixel, by which it is put on whole ones.
      close(after.x, before.x, 0.51 / scale);
      close(after.y, before.y, 0.51 / scale);
    }
  });

  test('is zoomed within what makes sense', () => {
    const view = fitted(PHOTO, STAGE);
    assert.equal(zoomed(view, 1e9, { x: 0, y: 0 }, PHOTO, STAGE).scale, LARGEST_SCALE);
    assert.equal(zoomed(view, 0, { x: 0, y: 0 }, PHOTO, STAGE).scale, leastScale(PHOTO, STAGE));
  });

  test('can be moved until its edge is well within the stage, and no further', () => {
    const view = { scale: 1, left: -1000, top: -1000 };
    assert.deepEqual(panned(view, 10, -20, PHOTO, STAGE), { scale: 1, left: -990, top: -1020 });
    assert.equal(panned(view, 5000, 0, PHOTO, STAGE).left, 300);
    assert.equal(panned(view, -5000, 0, PHOTO, STAGE).left, 1000 - 4000 - 300);
  });

  test('keeps its middle when the stage becomes larger', () => {
    const view = { scale: 1, left: -1000, top: -1000 };
    const after = { width: 1200, height: 600 };
    const middle = toPhoto(view, { x: 500, y: 400 });
    assert.deepEqual(toPhoto(recentred(view, PHOTO, { before: STAGE, after }), { x: 600, y: 300 }), middle);
  });

  test('is moved as little as it takes to see a box', () => {
    const view = { scale: 1, left: -1000, top: -1000 };
    assert.deepEqual(revealed(view, { x: 1200, y: 1200, width: 50, height: 50 }, PHOTO, STAGE), view);
    assert.equal(revealed(view, { x: 2100, y: 1200, width: 50, height: 50 }, PHOTO, STAGE).left, 1000 - 2150);
    assert.equal(revealed(view, { x: 900, y: 1200, width: 50, height: 50 }, PHOTO, STAGE).left, -900);
  });

  test('a point goes there and back', () => {
    fc.assert(fc.property(fc.double({ min: 0.01, max: 32, noNaN: true }), fc.integer({ min: -5000, max: 5000 }), fc.integer({ min: 0, max: 4000 }), (scale, left, x) => {
      const view = { scale, left, top: -left };
      const back = toPhoto(view, toStage(view, { x, y: x / 2 }));
      close(back.x, x, 1e-6);
      close(back.y, x / 2, 1e-6);
    }));
  });
});

describe('what is asked for of a photo', () => {
  test('is the coarsest level that has a pixel for each of the screen', () => {
    assert.deepEqual([2, 1, 0.75, 0.5, 0.49, 0.26, 0.25, 1 / 64].map((scale) => levelFor(scale, PHOTO)), [0, 0, 0, 1, 1, 1, 2, 6]);
    assert.equal(levelFor(1 / 1024, { width: 40, height: 5 }), 2, 'no level without a pixel');
  });

  test('is what is seen of it, in whole pixels, and nothing outside it', () => {
    assert.deepEqual(visibleBox({ scale: 2, left: -101, top: 50 }, PHOTO, STAGE), { x: 50, y: 0, width: 501, height: 375 });
    assert.deepEqual(visibleBox({ scale: 0.1, left: 300, top: 250 }, PHOTO, STAGE), { x: 0, y: 0, ...PHOTO });
    assert.equal(visibleBox({ scale: 1, left: 1000, top: 0 }, PHOTO, STAGE), null);
  });
});

describe('zooming in steps', () => {
  test('stops at what fits, at the pixels themselves, and at twice them', () => {
    const seen = [];
    for (let scale = 0.21; scale < 3; scale = nextStop(scale, 1, 0.21)) seen.push(scale);
    assert.deepEqual(seen, [0.21, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 1, 1.5, 2]);
    assert.equal(nextStop(1 / 4, -1, 0.21), 0.21);
    assert.equal(nextStop(0.9999999, 1, 0.21), 1.5, 'a scale that is a stop but for rounding');
    assert.equal(nextStop(LARGEST_SCALE, 1, 0.21), LARGEST_SCALE);
  });
});
