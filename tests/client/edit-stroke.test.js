import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { boxOfStroke } from '../../client/document/edits.js';
import { applyStroke, LiveStroke } from '../../client/document/derive/edits/stroke.js';
import { random } from './numbers.js';

const SIZE = { width: 197, height: 150 };

/** @param {() => number} next */
function matteOf(next) {
  return Uint16Array.from({ length: SIZE.width * SIZE.height }, () => Math.round(next() * 65535));
}

function strokeOf(next, brush = next() < 0.5 ? 'erase' : 'restore') {
  const points = new Float32Array(3 * Math.ceil(next() * 12));
  for (let i = 0; i < points.length; i += 3) {
    points[i] = next() * 240 - 20;
    points[i + 1] = next() * 190 - 20;
    points[i + 2] = next() < 0.3 ? 1 : next();
  }
  return { kind: 'stroke', brush, size: 1 + next() * (next() < 0.3 ? 200 : 60), hardness: next() < 0.3 ? 1 : next(), points };
}

/**
 * The mask by its definition: the largest of all discs on the way, looked at one by one.
 * @returns {number} 0..1
 */
function maskAt(x, y, { points, size, hardness }) {
  let most = 0;
  for (let i = 0; i < points.length; i += 3) {
    const j = Math.min(i + 3, points.length - 3);
    for (let k = 0; k <= 400; k++) {
      const at = (c) => points[i + c] + ((points[j + c] - points[i + c]) * k) / 400;
      const radius = Math.max(0.5, (size * at(2)) / 2);
      const rim = Math.max(radius * (1 - hardness), 1);
      const outer = (radius * (1 + hardness) + rim) / 2;
      const t = Math.min(1, Math.max(0, (outer - Math.hypot(x + 0.5 - at(0), y + 0.5 - at(1))) / rim));
      most = Math.max(most, t * t * (3 - 2 * t));
    }
  }
  return most;
}

const holds = (outer, inner) => outer !== null && outer.x <= inner.x && outer.y <= inner.y
  && outer.x + outer.width >= inner.x + inner.width && outer.y + outer.height >= inner.y + inner.height;

describe('a stroke', () => {
  test('is its mask by definition, of what was there before', () => {
    const next = random(1);
    for (let round = 0; round < 12; round++) {
      const stroke = strokeOf(next);
      // Where pressure changes, the steepest of the fade counts rather than the nearest disc; the definition is then another.
      for (let i = 2; i < stroke.points.length; i += 3) stroke.points[i] = stroke.points[2];
      stroke.points = stroke.points.slice(0, 9);
      const before = matteOf(next);
      const after = before.slice();
      applyStroke(after, SIZE, stroke, null);
      for (let n = 0; n < 600; n++) {
        const [x, y] = [Math.floor(next() * SIZE.width), Math.floor(next() * SIZE.height)];
        const i = y * SIZE.width + x;
        const mask = maskAt(x, y, stroke);
        const expected = stroke.brush === 'erase' ? before[i] * (1 - mask) : before[i] + (65535 - before[i]) * mask;
        // Half a level of 8 bits, to which ends are snapped, and what lies between two of the discs looked at.
        assert.ok(Math.abs(after[i] - expected) < 700, `${round}: ${after[i]} instead of ${expected} at ${x}, ${y}`);
      }
    }
  });

  test('whose pressure changes covers the larger disc at both ends, and nothing beyond the largest', () => {
    const stroke = { kind: 'stroke', brush: 'restore', size: 80, hardness: 1, points: Float32Array.of(40, 70, 0.2, 140, 70, 1) };
    const matte = new Uint16Array(SIZE.width * SIZE.height);
    applyStroke(matte, SIZE, stroke, null);
    const at = (x, y) => matte[y * SIZE.width + x];
    assert.equal(at(140, 70 - 38), 65535);
    assert.equal(at(140, 70 - 42), 0);
    assert.equal(at(40, 70 - 6), 65535);
    assert.equal(at(40, 70 - 12), 0);
    // Half way the radius is 24, across a side that leans.
    assert.equal(at(90, 70 - 22), 65535);
    assert.equal(at(90, 70 - 30), 0);
  });

  test('drawn bit by bit, cut anywhere, is what replaying it gives, to the value', () => {
    const next = random(2);
    for (let round = 0; round < 60; round++) {
      const stroke = strokeOf(next);
      const before = matteOf(next);
      const ceiling = next() < 0.5 ? null : matteOf(next);
      if (ceiling) for (let i = 0; i < before.length; i++) before[i] = Math.min(before[i], ceiling[i]);
      const whole = before.slice();
      const bits = before.slice();
      const box = applyStroke(whole, SIZE, stroke, ceiling);
      const live = new LiveStroke(bits, SIZE, stroke, ceiling);
      for (let from = 0; from < stroke.points.length;) {
        const to = from + 3 * Math.ceil(next() * 3);
        live.extend(stroke.points.slice(from, to));
        from = to;
      }
      assert.deepEqual(bits, whole);
      assert.ok(whole.every((value, i) => value === before[i] || holds(box, { x: i % SIZE.width, y: Math.floor(i / SIZE.width), width: 1, height: 1 })));
      assert.ok(!ceiling || whole.every((value, i) => value <= ceiling[i]), 'more opaque than the photo');
      assert.ok(box === null || holds(boxOfStroke(stroke, SIZE), box));
      if (next() < 0.5) live.giveUp();
      else live.patch().exchange(bits);
      assert.deepEqual(bits, before, 'given up or undone, it was never there');
    }
  });

  test('that crosses itself is no stronger there', () => {
    const once = new Uint16Array(SIZE.width * SIZE.height).fill(65535);
    const thrice = once.slice();
    const stroke = { kind: 'stroke', brush: 'erase', size: 50, hardness: 0, points: Float32Array.of(30, 60, 1, 150, 60, 1) };
    applyStroke(once, SIZE, stroke, null);
    applyStroke(thrice, SIZE, { ...stroke, points: Float32Array.of(30, 60, 1, 150, 60, 1, 30, 60, 1, 150, 60, 1) }, null);
    assert.deepEqual(thrice, once);
  });

  test('outside of the photo changes nothing', () => {
    const matte = matteOf(random(3));
    const before = matte.slice();
    const stroke = { kind: 'stroke', brush: 'erase', size: 20, hardness: 1, points: Float32Array.of(-50, -50, 1, -20, 300, 1) };
    assert.equal(applyStroke(matte, SIZE, stroke, null), null);
    assert.deepEqual(matte, before);
  });
});
