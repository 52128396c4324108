import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { MatteboxError } from '../../client/shared/errors.js';
import { bench, MIB, photo } from './update-bench.js';
import { settle } from './worker-pair.js';

describe('photos that are done', () => {
  test('are left alone where they are as wanted', async (t) => {
    const { updates, want, said, open } = bench(t);
    updates.follow([photo('1', 'a', { file: 'a' }), photo('2', 'a', { state: 'running' })]);
    await want('a');
    assert.deepEqual([said, open], [[], []]);
  });

  test('are shown otherwise one at a time, and then their files are made', async (t) => {
    const { updates, want, end, said, begun } = bench(t, { urgency: (id) => Number(id === '2') });
    updates.follow([photo('1', 'a', { file: 'a' }), photo('2', 'a', { file: 'a' })]);
    await want('b');
    for (let i = 0; i < 4; i++) await end();
    assert.deepEqual(begun(), ['preview 2 b', 'preview 1 b', 'file 2 b', 'file 1 b']);
    assert.deepEqual(said, ['left 2', '2 is b a', 'left 1', '1 is b a', 'left 0', 'rest 2', '2 is b b', '1 is b b']);
  });

  test('need no other preview for another type of file', async (t) => {
    const { updates, want, end, begun, said } = bench(t);
    updates.follow([photo('1', 'a', { file: 'a' })]);
    await want('a/webp');
    await end();
    assert.deepEqual(begun(), ['file 1 a/webp']);
    assert.deepEqual(said, ['1 is a a/webp']);
  });

  test('get their files once nothing waits for a model', async (t) => {
    const { updates, begun } = bench(t);
    updates.follow([photo('1', 'a'), photo('2', 'a', { state: 'running' })]);
    assert.deepEqual(begun(), []);
    updates.follow([photo('1', 'a'), photo('2', 'a', { state: 'failed' })]);
    assert.deepEqual(begun(), ['file 1 a']);
  });

  test('follow where a slider ends, not where it was', async (t) => {
    const { updates, wanted, want, begun } = bench(t);
    updates.follow([photo('1', 'a', { file: 'a' })]);
    for (const key of ['b', 'c']) wanted(key);
    await want('d');
    assert.deepEqual(begun(), ['preview 1 d']);
  });

  test('follow the newest wish, whatever is under way', async (t) => {
    const { updates, wanted, want, end, said, open } = bench(t);
    updates.follow([photo('1', 'a', { file: 'a' })]);
    await want('b');
    wanted('c');
    assert.equal(open[0].signal.aborted, true);
    open[0].end();
    await want('c');
    await end();
    assert.deepEqual(said.filter((words) => words.includes(' is ')), ['1 is c a']);
  });

  test('follow what is wanted of them alone, and the others go on', async (t) => {
    const { updates, wanted, own, want, end, said, open, begun } = bench(t);
    updates.follow([photo('1', 'a', { file: 'a' }), photo('2', 'a', { file: 'a' })]);
    own['2'] = 'z';
    await want('a');
    assert.deepEqual(begun(), ['preview 2 z']);
    await end();
    await end();
    await want('b');
    own['2'] = 'y';
    wanted('b');
    assert.equal(open.at(-1).signal.aborted, false);
    await end();
    assert.deepEqual([begun().slice(1), said.filter((words) => words.includes(' is '))], [['file 2 z', 'preview 1 b'], ['2 is z a', '2 is z z', '1 is b a']]);
  });

  test('back to what they were have nothing to do', async (t) => {
    const { updates, wanted, want, said, open } = bench(t);
    updates.follow([photo('1', 'a', { file: 'a' })]);
    wanted('b');
    await want('a');
    assert.deepEqual([open, said], [[], ['left 1', 'left 0']]);
  });

  test('that are removed are given up', async (t) => {
    const { updates, want, open, begun } = bench(t);
    updates.follow([photo('1', 'a', { file: 'a' }), photo('2', 'a', { file: 'a' })]);
    await want('b');
    updates.follow([photo('2', 'a', { file: 'a' })]);
    assert.equal(open[0].signal.aborted, true);
    assert.deepEqual(begun(), ['preview 1 b', 'preview 2 b']);
  });

  test('that a person edited are made anew, whatever was under way', async (t) => {
    const { updates, want, end, open, begun, said } = bench(t);
    updates.follow([photo('1', 'a', { file: 'a' })]);
    await want('b');
    const edited = photo('1', 'a', { file: 'a' });
    edited.result.document = {};
    updates.follow([edited]);
    assert.equal(open[0].signal.aborted, true);
    open[0].end();
    await settle();
    await end();
    await end();
    assert.deepEqual(begun(), ['preview 1 b', 'preview 1 b', 'file 1 b']);
    assert.deepEqual(said.filter((words) => words.includes(' is ')), ['1 is b a', '1 is b b']);
  });

  test('that could not be finished are tried again when a person edited them', async (t) => {
    const { updates, want, open, begun } = bench(t);
    updates.follow([photo('1', 'a', { file: 'a' })]);
    await want('b');
    open[0].fail(new Error('no'));
    await settle();
    const edited = photo('1', 'a', { file: 'a' });
    edited.result.document = {};
    updates.follow([edited]);
    assert.deepEqual(begun(), ['preview 1 b', 'preview 1 b']);
  });

  test('whose wish is not known are not as wanted, and nothing is begun', async (t) => {
    const { updates, want, open, pending } = bench(t);
    updates.follow([photo('1', 'a', { file: 'a' })]);
    await want(null);
    assert.deepEqual([[...pending], open], [['1'], []]);
    await want('a');
    assert.deepEqual([[...pending], open], [[], []]);
  });
});

describe('what fails', () => {
  test('is told once, the next photo goes on, and it can be tried again', async (t) => {
    const { updates, want, end, said, open, begun } = bench(t);
    updates.follow([photo('1', 'a', { file: 'a' }), photo('2', 'a', { file: 'a' })]);
    await want('b');
    open[0].fail(new MatteboxError('out-of-memory', {}));
    await settle();
    await end();
    await end();
    assert.deepEqual(begun(), ['preview 1 b', 'preview 2 b', 'file 2 b']);
    assert.equal(said.filter((words) => words === 'fail 1 out-of-memory').length, 1);
    updates.retry('1');
    await end();
    assert.deepEqual(begun().slice(3), ['preview 1 b', 'file 1 b']);
  });

  test('is tried again with another wish', async (t) => {
    const { updates, want, open, begun } = bench(t);
    updates.follow([photo('1', 'a', { file: 'a' })]);
    await want('b');
    open[0].fail(new Error('no'));
    await settle();
    await want('c');
    assert.deepEqual(begun(), ['preview 1 b', 'preview 1 c']);
  });
});

describe('a file', () => {
  test('that is not as wanted is told at once, and again when it is, or never will be', async (t) => {
    const { updates, end, open, pending } = bench(t);
    updates.follow([photo('1', 'a'), photo('2', 'a'), photo('3', 'a', { state: 'running' })]);
    assert.deepEqual([...pending], ['1', '2']);
    updates.follow([photo('1', 'a'), photo('2', 'a'), photo('3', 'a')]);
    assert.deepEqual([...pending], ['1', '2', '3']);
    await end();
    assert.deepEqual([...pending], ['2', '3']);
    open[1].fail(new Error('no'));
    await settle();
    assert.deepEqual([...pending], ['3']);
    updates.retry('2');
    assert.deepEqual([...pending], ['3', '2']);
  });

  test('that somebody waits for is next, and one that nobody waits for makes way', async (t) => {
    const urgencies = { 1: 1, 2: 1, 3: 0 };
    const { updates, end, open, begun } = bench(t, { urgency: (id) => urgencies[id] });
    updates.follow(['1', '2', '3'].map((id) => photo(id, 'a')));
    assert.deepEqual(begun(), ['file 1 a']);
    urgencies[3] = 2;
    updates.hurry();
    assert.equal(open[0].signal.aborted, true);
    assert.deepEqual(begun(), ['file 1 a', 'file 3 a']);
    urgencies[2] = 2;
    updates.hurry();
    assert.equal(open[1].signal.aborted, false, 'somebody waits for it');
    await end();
    assert.deepEqual(begun().slice(2), ['file 2 a']);
  });

  test('is kept while there is room, and made on request beyond that; the oldest is let go', async (t) => {
    const urgencies = {};
    const { updates, end, said, begun } = bench(t, { urgency: (id) => urgencies[id] ?? 0, bytes: 25 * MIB });
    updates.follow(['1', '2', '3', '4', '5', '6', '7', '8'].map((id) => photo(id, 'a')));
    for (let i = 0; i < 6; i++) await end();
    assert.deepEqual(begun(), ['1', '2', '3', '4', '5', '6'].map((id) => `file ${id} a`));
    assert.deepEqual(said, ['1 is a a', '2 is a a', '3 is a a', '4 is a a', '5 is a a', '6 is a a', '1 is a -']);
    urgencies[8] = 2;
    updates.hurry();
    await end();
    assert.deepEqual(said.slice(7), ['8 is a a', '2 is a -']);
    assert.equal(begun().length, 7, 'what was let go is not made again by itself');
    urgencies[1] = 2;
    updates.hurry();
    assert.equal(begun().at(-1), 'file 1 a');
  });
});
