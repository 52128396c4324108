import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { boxBetween, carried, firstBox, gripAt, LEAST, moved, resized } from '../../client/editor/box.js';
import { commandOf } from '../../client/editor/keys.js';

const press = (key, modifiers = '', code = '') => commandOf({ key, code, ctrlKey: modifiers.includes('c'), metaKey: modifiers.includes('m'), shiftKey: modifiers.includes('s'), altKey: modifiers.includes('a') });

describe('a key', () => {
  for (const [key, modifiers, code, command] of [
    ['b', '', 'KeyB', 'tool:restore'], ['B', '', 'KeyB', 'tool:restore'], ['e', '', 'KeyE', 'tool:erase'], ['r', '', 'KeyR', 'tool:edge'], ['f', '', 'KeyF', 'tool:look'], ['p', '', 'KeyP', 'tool:parts'],
    ['[', '', 'BracketLeft', 'smaller'], [']', '', 'BracketRight', 'larger'], ['{', 's', 'BracketLeft', 'softer'], ['}', 's', 'BracketRight', 'harder'],
    ['ü', '', 'BracketLeft', 'smaller'], ['*', 's', 'BracketRight', 'harder'], ['[', 'ca', 'Digit8', 'smaller'],
    ['z', 'c', 'KeyZ', 'undo'], ['z', 'm', 'KeyZ', 'undo'], ['Z', 'cs', 'KeyZ', 'redo'], ['z', 'ms', 'KeyZ', 'redo'], ['y', 'c', 'KeyY', 'redo'],
    ['0', '', 'Digit0', 'fit'], ['1', '', 'Digit1', 'actual'], ['2', '', 'Digit2', 'double'], ['+', '', 'NumpadAdd', 'zoom-in'], ['+', 's', 'Equal', 'zoom-in'], ['=', '', 'Equal', 'zoom-in'], ['-', '', 'Minus', 'zoom-out'],
    ['?', 's', 'Slash', 'help'], ['PageDown', '', 'PageDown', 'next'], ['PageUp', '', 'PageUp', 'previous'], ['o', '', 'KeyO', 'original'],
  ]) test(`${modifiers} ${key} on ${code}: ${command}`, () => assert.equal(press(key, modifiers, code), command));

  for (const [key, modifiers] of [['b', 'c'], ['f', 'c'], ['r', 'm'], ['p', 'c'], ['+', 'c'], ['b', 'a'], ['z', ''], ['q', ''], ['Tab', ''], ['constructor', ''], ['Enter', '']]) {
    test(`${modifiers} ${key} is the browser's`, () => assert.equal(press(key, modifiers), null));
  }
});

const PHOTO = { width: 400, height: 300 };
const number = fc.integer({ min: -600, max: 600 });
const isWithin = ({ x, y, width, height }) => x >= 0 && y >= 0 && width >= 0 && height >= 0 && x + width <= PHOTO.width && y + height <= PHOTO.height;

describe('a box', () => {
  const BOX = { x: 100, y: 100, width: 50, height: 40 };
  test('is drawn in any direction', () => {
    assert.deepEqual(boxBetween({ x: 150.4, y: 90 }, { x: 20, y: 10.6 }, PHOTO), { x: 20, y: 11, width: 130, height: 79 });
  });
  test('stays within the photo, and keeps its size when it is moved', () => {
    fc.assert(fc.property(number, number, (x, y) => {
      const box = moved(BOX, x, y, PHOTO);
      assert.ok(isWithin(box));
      assert.deepEqual([box.width, box.height], [50, 40]);
    }));
  });
  test('is resized by the corner that is held, and never turned over', () => {
    assert.deepEqual(resized(BOX, { x: -1, y: 1 }, -10, 5, PHOTO), { x: 90, y: 100, width: 60, height: 45 });
    assert.deepEqual(resized(BOX, { x: 0, y: -1 }, -10, 5, PHOTO), { x: 100, y: 105, width: 50, height: 35 });
    fc.assert(fc.property(number, number, fc.constantFrom(-1, 0, 1), fc.constantFrom(-1, 0, 1), (x, y, gripX, gripY) => {
      const box = resized(BOX, { x: gripX, y: gripY }, x, y, PHOTO);
      assert.ok(isWithin(box) && box.width >= LEAST && box.height >= LEAST);
    }));
  });
  test('is held where it is touched', () => {
    assert.deepEqual(gripAt(BOX, { x: 98, y: 142 }, 5), { x: -1, y: 1 });
    assert.deepEqual(gripAt(BOX, { x: 125, y: 102 }, 5), { x: 0, y: -1 });
    assert.equal(gripAt(BOX, { x: 125, y: 120 }, 5), 'move');
    assert.equal(gripAt(BOX, { x: 98, y: 160 }, 5), 'new');
    assert.equal(gripAt(null, { x: 0, y: 0 }, 5), 'new');
  });
  test('lies in the same place of another photo', () => {
    assert.deepEqual(carried(BOX, PHOTO, { width: 800, height: 900 }), { x: 200, y: 300, width: 100, height: 120 });
  });
  test('is in the middle where nobody drew one', () => {
    assert.deepEqual(firstBox(PHOTO), { x: 100, y: 75, width: 200, height: 150 });
  });
});
