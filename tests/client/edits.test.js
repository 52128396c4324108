import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import '../../client/messages/errors.js';
import { boxOfStroke, changesMatte, effective } from '../../client/document/edits.js';
import { checkBox, checkEdits } from '../../client/document/check-edits.js';

const SIZE = { width: 300, height: 200 };
const stroke = (change = {}) => ({ kind: 'stroke', brush: 'erase', size: 20, hardness: 0.5, points: Float32Array.of(50, 40, 1, 80, 60, 0.5), ...change });
const adjust = (feather, shift = 0) => ({ kind: 'adjust', feather, shift });
const look = (change = {}) => ({ kind: 'look', box: { x: 10, y: 0, width: 280, height: 200 }, seen: { x: 0, y: 0, width: 300, height: 200 }, isOnly: true, matte: { values: new Uint16Array(4), columns: 2, rows: 2 }, ...change });
const region = (change = {}) => ({ kind: 'region', mode: 'remove', seen: { x: 20, y: 0, width: 280, height: 200 }, matte: { values: new Uint16Array(6), columns: 2, rows: 3 }, ...change });
const part = { kind: 'part', at: { x: 1, y: 2 }, isKept: false };
const reset = { kind: 'reset' };

describe('what counts of edits', () => {
  test('is replayed in order; of adjustments the last holds, wherever it stands', () => {
    const [a, b] = [stroke(), part];
    assert.deepEqual(effective([adjust(3), a, adjust(2, -1), b]), { steps: [a, b], feather: 2, shift: -1 });
  });
  test('is nothing before a reset', () => {
    const after = stroke();
    assert.deepEqual(effective([stroke(), adjust(4), reset, after]), { steps: [after], feather: 0, shift: 0 });
    assert.deepEqual(effective([stroke(), reset]), { steps: [], feather: 0, shift: 0 });
  });
  test('may be nothing', () => {
    assert.deepEqual([[], [stroke(), reset], [adjust(0)], [adjust(0, 1)], [part], [region()]].map(changesMatte), [false, false, false, true, true, true]);
  });
});

describe('the box of a stroke', () => {
  test('holds the brush at each of its points, as wide as it is pressed', () => {
    assert.deepEqual(boxOfStroke(stroke(), SIZE), { x: 39, y: 29, width: 47, height: 37 });
  });
  test('ends with the photo', () => {
    assert.deepEqual(boxOfStroke(stroke({ points: Float32Array.of(-5, 195, 1) }), SIZE), { x: 0, y: 184, width: 6, height: 16 });
  });
  test('is nothing outside of it', () => assert.equal(boxOfStroke(stroke({ points: Float32Array.of(-50, 10, 1) }), SIZE), null));
});

describe('edits from outside', () => {
  test('that are whole are taken as they are', () => {
    const edits = [stroke(), look(), region(), part, { kind: 'specks', smaller: 40 }, adjust(1.5, -50), reset];
    assert.equal(checkEdits(edits, SIZE), edits);
  });
  const WRONG = {
    edits: [null, 'none', { kind: 'reset' }],
    'edits[0].kind': [[{ kind: 'paint' }], [{}], [null], [{ kind: 'toString' }]],
    'edits[0].brush': [[stroke({ brush: 'smudge' })]],
    'edits[0].size': [[stroke({ size: 0 })], [stroke({ size: '20' })], [stroke({ size: NaN })]],
    'edits[0].hardness': [[stroke({ hardness: 2 })]],
    'edits[0].points': [[stroke({ points: [1, 2, 3] })], [stroke({ points: new Float32Array() })], [stroke({ points: new Float32Array(4) })], [stroke({ points: Float32Array.of(1, NaN, 1) })], [stroke({ points: Float32Array.of(1, 1, 3) })]],
    'edits[0].mode': [[region({ mode: 'subtract' })], [region({ mode: undefined })]],
    'edits[0].box': [[look({ box: { x: 0, y: 0, width: 301, height: 10 } })], [look({ box: { x: 0.5, y: 0, width: 10, height: 10 } })], [look({ box: undefined })], [look({ seen: { x: 11, y: 0, width: 289, height: 200 } })]],
    'edits[0].seen': [[look({ seen: undefined })], [look({ seen: { x: 0, y: 0, width: 300, height: 201 } })], [region({ seen: { x: 20, y: 0, width: 281, height: 200 } })], [region({ seen: { x: 20, y: 0, width: 0, height: 200 } })]],
    'edits[0].matte': [[look({ matte: { values: new Uint16Array(3), columns: 2, rows: 2 } })], [look({ matte: null })], [region({ matte: { values: [0], columns: 1, rows: 1 } })]],
    'edits[0].isOnly': [[look({ isOnly: 1 })]],
    'edits[0].at': [[{ ...part, at: { x: 301, y: 0 } }], [{ ...part, at: null }]],
    'edits[0].isKept': [[{ ...part, isKept: undefined }]],
    'edits[0].smaller': [[{ kind: 'specks', smaller: 0 }]],
    'edits[0].feather': [[adjust(51)], [adjust(-1)]],
    'edits[1].shift': [[reset, adjust(1, 51)]],
  };
  for (const [option, cases] of Object.entries(WRONG)) {
    test(`with another ${option} are refused`, () => {
      for (const edits of cases) {
        assert.throws(() => checkEdits(edits, SIZE), ({ code, details }) => code === 'bad-option' && details.option === option);
      }
    });
  }
  test('a box may have a least size, and the refusal tells it', () => {
    checkBox('box', { x: 284, y: 184, width: 16, height: 16 }, SIZE, 16);
    assert.throws(() => checkBox('box', { x: 0, y: 0, width: 15, height: 16 }, SIZE, 16), { message: /“box”/u, advice: 'Use whole pixels inside the photo’s 300 × 200, 16 or more each way.' });
  });
});
