import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Leaving } from '../../client/page/leaving.js';
import { standIn } from './stand-in.js';

const done = (id, revision = 1) => ({ id, state: 'done', isAgain: false, result: { document: { id: `d-${id}`, revision } } });

/** A page with these photos, of which these are kept. */
function bench(t, jobs, kept = []) {
  const listening = [];
  standIn(t, { addEventListener: (name) => listening.push(name), removeEventListener: (name) => listening.splice(listening.indexOf(name), 1) });
  const leaving = new Leaving(() => jobs, (id) => kept.includes(id));
  return { leaving, listening };
}

test('a result that is neither kept nor downloaded would be lost', (t) => {
  const { leaving } = bench(t, [done('a'), done('b')], ['a']);
  assert.equal(leaving.isUnsaved, true);
  leaving.downloaded('b');
  assert.equal(leaving.isUnsaved, false);
});

test('what was edited after it was downloaded would be lost', (t) => {
  const jobs = [done('a')];
  const { leaving } = bench(t, jobs);
  leaving.downloaded('a');
  jobs[0] = done('a', 2);
  assert.equal(leaving.isUnsaved, true);
});

test('what has come to nothing yet is not lost', (t) => {
  const { leaving } = bench(t, [{ id: 'a', state: 'queued', isAgain: false, result: null }, { id: 'b', state: 'failed', isAgain: false, result: null }]);
  assert.equal(leaving.isUnsaved, false);
});

test('what is made once more still has what it had', (t) => {
  assert.equal(bench(t, [{ ...done('a'), state: 'queued', isAgain: true }]).leaving.isUnsaved, true);
});

test('a page without results does not listen', (t) => {
  const jobs = [];
  const { leaving, listening } = bench(t, jobs);
  leaving.follow();
  assert.deepEqual(listening, []);
  jobs.push(done('a'));
  leaving.follow();
  leaving.follow();
  assert.deepEqual(listening, ['beforeunload']);
  jobs.pop();
  leaving.follow();
  assert.deepEqual(listening, []);
});
