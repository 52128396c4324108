import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Keeping } from '../../client/page/keep/keeping.js';
import { standIn } from './stand-in.js';
import { settle } from './worker-pair.js';

const NAMES = ['a', 'b', 'c'];
const job = (name, change = {}) => ({ id: `job-${name}`, kind: 'cutout', name: `${name}.png`, state: 'queued', progress: null, error: null, reduce: false, input: new Blob([`photo ${name}`]), result: null, ...change });
const result = (name) => ({ document: { id: `d-${name}`, file: new Blob([`photo ${name}`]) }, preview: { key: 'k', of: name, image: new Blob([`preview ${name}`]) }, file: null, original: null, notes: [], report: {} });

/**
 * A device on which each write is whole or not there, as a transaction of IndexedDB is (https://www.w3.org/TR/IndexedDB/#transaction-concept). A tab that opens it
 * is gone after so many writes: none after that comes to anything, or to an end.
 */
function device() {
  const rows = new Map();
  const open = (writes) => {
    let order = rows.size;
    let left = writes;
    const write = (work) => {
      if (left === 0) return new Promise(() => {});
      left -= 1;
      work();
      return Promise.resolve();
    };
    return {
      open: () => Promise.resolve([...rows.values()].map((row) => structuredClone(row))),
      newKey: () => ['desk', (order += 1)],
      put: (key, value, file) => write(() => rows.set(key[1], { key, value, file: file ?? rows.get(key[1]).file })),
      remove: (key) => write(() => rows.delete(key[1])),
      clear: () => write(() => rows.clear()),
      touch: () => Promise.resolve(),
    };
  };
  return { rows, open };
}

/** A tab in which three photos come, are cut out, one of them is removed, and one gets another result. */
async function live(keeping) {
  await keeping.start(() => {}, (id) => id);
  const jobs = NAMES.map((name) => job(name));
  for (const one of jobs) keeping.follow({ type: 'added', job: one });
  await settle();
  const done = jobs.map((one, i) => ({ ...one, state: 'done', result: result(NAMES[i]) }));
  for (const [i, one] of done.entries()) {
    keeping.follow({ type: 'changed', job: one, previous: jobs[i] });
    await settle();
  }
  keeping.follow({ type: 'removed', job: done[1] }, true);
  await settle();
  keeping.follow({ type: 'removed', job: done[1] });
  await settle();
  keeping.follow({ type: 'changed', job: { ...done[2], result: { ...result('c'), document: { ...result('c').document, id: 'd-c2' } } }, previous: done[2] });
  await settle();
}

const LIFE = 9;

for (let writes = 0; writes <= LIFE; writes++) {
  test(`a tab that is gone after ${writes} of ${LIFE} writes leaves whole photos, each with its own file`, async (t) => {
    standIn(t, { addEventListener() {} });
    t.mock.timers.enable({ apis: ['setInterval'] });
    const { rows, open } = device();
    await live(new Keeping(open(writes), 'days', () => {}));
    const brought = [];
    await new Keeping(open(Infinity), 'days', () => {}).start((...one) => brought.push(one), (id) => id);
    for (const [{ name, state }, { input, result: back }] of brought) {
      const own = name.replace('.png', '');
      assert.equal(await input.text(), `photo ${own}`);
      assert.equal(state, back ? 'done' : 'queued');
      if (back) assert.deepEqual([back.preview.of, back.document.id.startsWith(`d-${own}`), await back.document.file.text()], [own, true, `photo ${own}`]);
    }
    // What was written is there: the first three writes are the photos, the seventh marks one as removed.
    const expected = NAMES.slice(0, writes).filter((name) => name !== 'b' || writes < 7);
    assert.deepEqual(brought.map(([{ name }]) => name), expected.map((name) => `${name}.png`));
    assert.ok(rows.size <= 3);
  });
}
