import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { counts, doubtsOf, isToCheck, shownOf } from '../../client/ui/to-check.js';
import { commandOf, movesRange } from '../../client/review/keys.js';

const photo = (id, { doubts = [], edits = [], ...rest } = {}) => ({ id, name: `${id}.jpg`, state: 'done', mark: '', result: { document: { edits }, report: { doubts: doubts.map((code) => ({ code, value: 1 })) } }, ...rest });
const FAILED = photo('e10', { state: 'failed', result: null });
const ALL = [photo('d', { doubts: ['several', 'cut'] }), photo('c'), FAILED, photo('e9', { doubts: ['nothing'] }), photo('a', { mark: 'check' }), photo('b', { doubts: ['soft'], mark: 'fine' }), photo('f', { doubts: ['soft'], edits: [{}] })];
const ids = (choice) => shownOf(ALL, { filter: 'all', order: 'added', ...choice }).map(({ id }) => id);

describe('a photo is to be checked', () => {
  test("where there is doubt, unless a person says otherwise; theirs wins", () => assert.deepEqual(ALL.filter(isToCheck).map(({ id }) => id), ['d', 'e9', 'a']));
  test('not while it is made, and not once it was edited', () => {
    assert.equal(isToCheck(photo('x', { doubts: ['soft'], state: 'running' })), false);
    assert.deepEqual(doubtsOf(photo('x', { doubts: ['soft'], edits: [{}] })), []);
  });
  test('also of an earlier visit, whose report knows no doubts', () => assert.equal(isToCheck({ ...photo('x'), result: { document: { edits: [] }, report: {} } }), false));
});

describe('photos are looked through', () => {
  test('all of them, or those of a kind', () => {
    assert.deepEqual(ids({}), ['d', 'c', 'e10', 'e9', 'a', 'b', 'f']);
    assert.deepEqual([ids({ filter: 'check' }), ids({ filter: 'failed' }), ids({ filter: 'edited' })], [['d', 'e9', 'a'], ['e10'], ['f']]);
    assert.deepEqual(counts(ALL), { all: 7, check: 3, failed: 1, edited: 1 });
  });
  test('by name, as people count', () => assert.deepEqual(ids({ order: 'name' }), ['a', 'b', 'c', 'd', 'e9', 'e10', 'f']));
  test('the most doubtful first, then as they were added', () => assert.deepEqual(ids({ order: 'doubt' }), ['e9', 'd', 'a', 'c', 'e10', 'b', 'f']));
});

describe('keys of the large view', () => {
  const key = (name, more = {}) => ({ key: name, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });
  test('turn to other photos, move, judge and leave', () => {
    const commands = ['ArrowRight', 'ArrowLeft', 'Home', 'End', '+', '-', '0', 'o', 's', 'F', 'c', 'Enter', ' ', 'x'].map((name) => commandOf(key(name)));
    assert.deepEqual(commands, ['next', 'previous', 'first', 'last', 'zoom-in', 'zoom-out', 'fit', 'original', 'split', 'fine', 'check', 'touch-up', 'close', null]);
    assert.equal(commandOf(key('ArrowUp', { shiftKey: true })), 'up');
  });
  test('leave what the browser has', () => assert.deepEqual([commandOf(key('c', { ctrlKey: true })), commandOf(key('ArrowLeft', { altKey: true })), commandOf(key('f', { metaKey: true }))], ['copy', null, null]));
  test('the next photo lies where one reads on', () => assert.equal(commandOf(key('ArrowLeft'), true), 'next'));
  test('the line between original and result has its own', () => assert.deepEqual(['ArrowLeft', 'End', 's', 'Tab'].map((name) => movesRange(key(name))), [true, true, false, false]));
});
