import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { anchored, NOTHING, only, present, ranged, toggled } from '../../client/page/selection.js';

const ORDER = [...'abcdef'];
const ids = (selection) => [...selection.ids].sort().join('');
const range = (selection, id) => ranged(selection, id, ORDER);

describe('a click on a tick', () => {
  test('chooses one more, or one less', () => {
    const two = toggled(toggled(NOTHING, 'b'), 'd');
    assert.equal(ids(two), 'bd');
    assert.equal(ids(toggled(two, 'b')), 'd');
  });
});

describe('a range', () => {
  test('goes from the last tick to there, either way, beside what was chosen', () => {
    const start = toggled(toggled(NOTHING, 'a'), 'd');
    assert.equal(ids(range(start, 'f')), 'adef');
    assert.equal(ids(range(start, 'b')), 'abcd');
  });

  test('that becomes shorter lets go of the rest, and not of what was chosen before', () => {
    const start = toggled(toggled(NOTHING, 'f'), 'b');
    assert.equal(ids(range(range(start, 'e'), 'c')), 'bcf');
    assert.equal(ids(range(range(start, 'e'), 'a')), 'abf');
  });

  test('without a beginning begins where it ends', () => {
    assert.equal(ids(range(NOTHING, 'c')), 'c');
    assert.equal(ids(range(range(NOTHING, 'c'), 'e')), 'cde');
  });

  test('begins where the keyboard has gone', () => {
    assert.equal(ids(range(anchored(toggled(NOTHING, 'a'), 'd'), 'e')), 'ade');
  });

  test('from or to a photo that is not shown', () => {
    assert.equal(ids(range(toggled(NOTHING, 'x'), 'c')), 'c');
    assert.equal(ids(range(toggled(NOTHING, 'a'), 'x')), 'a');
  });
});

describe('photos that are gone', () => {
  test('are not chosen any more', () => {
    const some = range(toggled(NOTHING, 'b'), 'd');
    assert.equal(ids(present(some, ['a', 'c', 'd'])), 'cd');
    assert.equal(present(some, ['a', 'c', 'd']).anchor, null);
  });

  test('that were not chosen change nothing', () => {
    const some = only(['a', 'b']);
    assert.equal(present(some, ['a', 'b']), some);
  });
});
