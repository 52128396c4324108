import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Afterwards } from '../../client/ui/afterwards.js';

/** A clock on which each piece of work takes so many ms, and what waits for its turn. */
function bench(ms) {
  let [at, turns] = [0, []];
  const afterwards = new Afterwards({ now: () => at, later: (work) => turns.push(work) });
  const done = [];
  const work = (name, more = () => {}) => () => { at += ms; done.push(name); more(); };
  const turn = () => { const due = turns; turns = []; for (const one of due) one(); return due.length; };
  return { afterwards, done, work, turn };
}

describe('what nobody waits for', () => {
  test('is not done at once', () => {
    const { afterwards, done, work, turn } = bench(1);
    for (const name of 'abc') afterwards.add(work(name));
    assert.deepEqual(done, []);
    assert.equal(turn(), 1);
    assert.deepEqual(done, ['a', 'b', 'c']);
    assert.equal(turn(), 0);
  });
  test('a little at a time, in its order', () => {
    const { afterwards, done, work, turn } = bench(6);
    for (const name of 'abcde') afterwards.add(work(name));
    const seen = [];
    while (turn()) seen.push(done.length);
    assert.deepEqual(seen, [2, 4, 5]);
    assert.deepEqual(done, ['a', 'b', 'c', 'd', 'e']);
  });
  test('one that takes long has its turn all the same', () => {
    const { afterwards, done, work, turn } = bench(500);
    for (const name of 'ab') afterwards.add(work(name));
    assert.deepEqual([turn(), done.length, turn(), done.length, turn()], [1, 1, 1, 2, 0]);
  });
  test('what comes meanwhile comes last', () => {
    const { afterwards, done, work, turn } = bench(1);
    afterwards.add(work('a', () => afterwards.add(work('c'))));
    afterwards.add(work('b'));
    while (turn());
    assert.deepEqual(done, ['a', 'b', 'c']);
  });
});
