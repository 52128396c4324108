import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { FIRST, needingCards } from '../../client/ui/card-window.js';

const ids = (from, to) => Array.from({ length: to - from }, (_, i) => `p${from + i}`);
const ALL = ids(0, 500);
const needed = (order, { near = [], focused = null } = {}) => needingCards(order, { near: new Set(near), focused });

describe('which photos have a card', () => {
  test('all of a list that is not long', () => assert.deepEqual(needed(ids(0, FIRST)), ids(0, FIRST)));

  test('of a long one the first, the last, and no other', () => assert.deepEqual(new Set(needed(ALL)), new Set([...ids(0, FIRST), 'p499'])));

  test('those near what is seen, before those that are not', () => {
    const near = ids(200, 230);
    assert.deepEqual(needed(ALL, { near }).slice(0, 30), near);
  });

  test('for a while only those that are seen, and those beside the focus', () => {
    const made = needingCards(ALL, { near: new Set(['p0', 'p1']), focused: 'p300', isBrief: true });
    assert.deepEqual(made, ['p298', 'p299', 'p300', 'p301', 'p302', 'p0', 'p1']);
  });

  test('both sides of the focus before anything else, so that Tab steps over none', () => {
    assert.deepEqual(needed(ALL, { near: ids(100, 110), focused: 'p300' }).slice(0, 5), ids(298, 303));
    assert.deepEqual(needed(ALL, { focused: 'p499' }).slice(0, 3), ids(497, 500));
  });

  test('as they stand, and none that is not shown', () => {
    const shown = ALL.toReversed().filter((_, i) => i % 2 === 0);
    const all = needed(shown, { near: ['p0', 'p1', 'p9'], focused: 'p2' });
    assert.deepEqual(all.slice(0, 2), ['p9', 'p1']);
    assert.ok(all.every((id) => shown.includes(id)));
    assert.equal(new Set(all).size, all.length);
  });
});
