import assert from 'node:assert/strict';
import { test } from 'node:test';

import { warmUpEdge } from '../../client/document/derive/edits/edge-warm-up.js';

test('the edge brush warms up in steps, each when nothing else is to be done, and comes to an end', () => {
  const waiting = [];
  warmUpEdge((run) => waiting.push(run), 3);
  for (let step = 1; step <= 3; step++) {
    assert.equal(waiting.length, step);
    waiting.at(-1)();
  }
  assert.equal(waiting.length, 3);
});
