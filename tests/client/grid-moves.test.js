import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { moved } from '../../client/ui/grid-moves.js';

/** Three in a row, then three, then one; cards of a row may be of other heights. */
const boxes = Array.from({ length: 7 }, (_, i) => ({ left: (i % 3) * 100, top: Math.floor(i / 3) * 150, width: 90, height: 120 + (i % 3) * 20 }));
const go = (at, key, isRightToLeft) => moved(boxes, at, key, isRightToLeft);

describe('the arrow keys', () => {
  test('go along the reading order, from row to row, and stop at its ends', () => {
    assert.deepEqual([go(0, 'ArrowRight'), go(2, 'ArrowRight'), go(6, 'ArrowRight'), go(3, 'ArrowLeft'), go(0, 'ArrowLeft')], [1, 3, 6, 2, 0]);
  });

  test('go to what stands above or below, or nearest to that', () => {
    assert.deepEqual([go(1, 'ArrowDown'), go(4, 'ArrowDown'), go(6, 'ArrowUp'), go(5, 'ArrowUp')], [4, 6, 3, 2]);
  });

  test('stay where there is no row', () => {
    assert.deepEqual([go(1, 'ArrowUp'), go(6, 'ArrowDown')], [1, 6]);
  });

  test('follow the direction of reading', () => {
    assert.deepEqual([go(0, 'ArrowLeft', true), go(1, 'ArrowRight', true)], [1, 0]);
  });

  test('Home and End go to the ends, other keys nowhere', () => {
    assert.deepEqual([go(4, 'Home'), go(1, 'End'), go(1, 'Enter')], [0, 6, null]);
  });
});
