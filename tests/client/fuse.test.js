import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { fuse } from '../../client/tasks/fuse.js';
import { bytesOf, difference, golden } from './golden.js';

const matteOf = ({ columns, rows, data }) => ({ columns, rows, matte: new Float32Array(bytesOf(data).buffer) });
const RULE = { rule: 'presence', threshold: 0.5 };
const flat = (value, columns, rows) => ({ columns, rows, matte: new Float32Array(columns * rows).fill(value) });

describe('two mattes come to what numpy and Pillow make of them', () => {
  for (const { threshold, detail, presence, values } of golden('fuse')) {
    test(`${detail.columns} x ${detail.rows} and ${presence.columns} x ${presence.rows}, threshold ${threshold}`, () => {
      const { matte, columns, rows } = fuse({ ...RULE, threshold }, matteOf(detail), matteOf(presence));
      assert.deepEqual([columns, rows], [detail.columns, detail.rows]);
      // Pillow's kernel is in double precision; the golden values are rounded to six places.
      assert.ok(difference(matte, values).max < 3e-6);
    });
  }
});

describe('the rule', () => {
  const fused = (detail, presence) => fuse(RULE, flat(detail, 6, 4), flat(presence, 3, 3)).matte[9];
  test('what only the presence sees is half there', () => assert.ok(Math.abs(fused(0, 1) - 0.5) < 1e-6));
  test('what only the detail sees stays', () => assert.equal(fused(1, 0), 1));
  test('how much they differ is told, as a part of the subject', () => {
    const apart = (detail, presence) => fuse(RULE, flat(detail, 6, 4), flat(presence, 6, 4)).apart;
    // What is half there is the subject's; where nothing is, nothing is doubted more than once.
    assert.deepEqual([apart(1, 1), apart(0.75, 0.25), apart(0, 1), apart(1, 0), apart(0, 0.6), apart(0, 0)], [0, 0, 1, 1, 24, 0]);
    const half = flat(1, 6, 4);
    half.matte.fill(0, 0, 12);
    assert.equal(fuse(RULE, half, flat(0, 6, 4)).apart, 1);
    assert.equal(fuse(RULE, flat(1, 6, 4), half).apart, 0.5);
  });
  test('where both agree, or nearly, the detail rules', () => {
    assert.equal(fused(0.75, 0.25), 0.75);
    assert.equal(fused(0.25, 0.75), 0.25);
    assert.equal(fused(0.5, 0.5), 0.5);
  });
});

test('nothing that was given is changed, and nothing leaves 0..1', () => {
  // Hard edges: Lanczos overshoots on both sides.
  const chequered = { columns: 8, rows: 8, matte: Float32Array.from({ length: 64 }, (_, i) => (i + (i >> 3)) & 1) };
  const before = chequered.matte.slice();
  const detail = flat(0, 50, 30);
  const { matte } = fuse({ ...RULE, threshold: 0 }, detail, chequered);
  assert.ok(matte.every((value) => value >= 0 && value <= 0.5));
  assert.deepEqual(chequered.matte, before);
  assert.ok(detail.matte.every((value) => value === 0));
});
