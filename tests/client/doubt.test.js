import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { doubtsOf, measured, MOST_APART } from '../../client/document/derive/doubt.js';

const SIDE = 40;
/** A matte whose alpha, 0..1, a function of the place gives. */
const matte = (alphaAt) => ({ values: Uint16Array.from({ length: SIDE * SIDE }, (_, i) => Math.round(65535 * alphaAt(i % SIDE, Math.floor(i / SIDE)))), columns: SIDE, rows: SIDE });
const box = (x, y, left, top, width, height) => (x >= left && x < left + width && y >= top && y < top + height ? 1 : 0);
const codes = (alphaAt) => doubtsOf(matte(alphaAt)).map(({ code }) => code);

describe('what is measured of a matte', () => {
  test('are parts of the photo, the subject, the rim and the largest piece', () => {
    const two = (x, y) => Math.max(box(x, y, 0, 0, 20, 10), box(x, y, 30, 30, 5, 10), 0.3 * box(x, y, 20, 20, 5, 5));
    assert.deepEqual(measured(matte(two)), { area: 250 / 1600, soft: 25 / 250, rim: (20 + 10 + 5) / 160, second: 50 / 200 });
  });

  test('of an empty one are none, and no number is lost', () => assert.deepEqual(measured(matte(() => 0)), { area: 0, soft: 0, rim: 0, second: 0 }));

  test('corners do not tie pieces together, and the photo does not wrap around', () => {
    assert.equal(measured(matte((x, y) => Math.max(box(x, y, 0, 0, 10, 10), box(x, y, 10, 10, 10, 10)))).second, 1);
    assert.equal(measured(matte((x, y) => Math.max(box(x, y, 30, 0, 10, 10), box(x, y, 0, 1, 10, 10)))).second, 1);
  });
});

describe('a cutout is doubted', () => {
  test('where nothing stands out, and then for nothing else', () => {
    assert.deepEqual(codes(() => 0.4), ['nothing']);
    assert.deepEqual(codes((x, y) => box(x, y, 0, 0, 1, 1)), ['nothing']);
  });

  test('where much of it is neither here nor there', () => assert.deepEqual(codes((x, y) => Math.max(box(x, y, 10, 10, 10, 10), 0.6 * box(x, y, 10, 20, 20, 12))), ['soft']));
  test('where the parts of the model see another subject, before other reasons', () => {
    const subject = matte((x, y) => Math.max(box(x, y, 2, 2, 12, 12), box(x, y, 20, 20, 12, 12)));
    assert.deepEqual([0, MOST_APART, 1.1].map((apart) => doubtsOf(subject, apart).map(({ code }) => code)), [['several'], ['several'], ['apart', 'several']]);
    assert.deepEqual(doubtsOf(subject, 1.1)[0].value, 1.1);
    assert.deepEqual(doubtsOf(matte(() => 0), 1.1).map(({ code }) => code), ['nothing']);
  });
  test('where another subject is as large', () => assert.deepEqual(codes((x, y) => Math.max(box(x, y, 2, 2, 12, 12), box(x, y, 20, 20, 12, 12))), ['several']));
  test('where the frame cuts much of it', () => assert.deepEqual(codes((x, y) => box(x, y, 0, 0, 40, 20)), ['cut']));
  test('but not a whole one, nor one that stands on the lower rim', () => {
    assert.deepEqual(codes((x, y) => box(x, y, 10, 5, 20, 30)), []);
    assert.deepEqual(codes((x, y) => box(x, y, 5, 10, 30, 30)), []);
  });
  test('nor a picture that was cut out already', () => assert.deepEqual(doubtsOf(null), []));
});
