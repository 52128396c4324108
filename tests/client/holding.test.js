import assert from 'node:assert/strict';
import { mkdtempSync, openAsBlob, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { copyOf, Holding } from '../../client/page/holding.js';

const folder = mkdtempSync(join(tmpdir(), 'holding-'));
after(() => rmSync(folder, { recursive: true }));

/** @param {string} name @param {string} [content] */
async function fileOn(name, content = name) {
  const path = join(folder, name);
  writeFileSync(path, content);
  return { path, file: await openAsBlob(path, { type: 'image/svg+xml' }) };
}

/** @param {number} [room] */
function holding(room = Infinity) {
  /** @type {unknown[][]} */
  const events = [];
  /** @type {(() => void) | null} */
  let wake = null;
  const note = (/** @type {unknown[]} */ ...event) => {
    events.push(event);
    wake?.();
  };
  const held = new Holding({ onHeld: (id, bytes) => note('held', id, bytes), onLost: (id, error) => note('lost', id, error), onLeft: (count) => note('left', count) }, room);
  const until = async (/** @type {number} */ count) => {
    while (events.length < count) await new Promise((resolve) => { wake = () => resolve(null); });
    return events;
  };
  return { held, until, events };
}

describe('photos whose files go', () => {
  test('are not read while something else needs the device', async () => {
    const { held, until, events } = holding();
    held.pause(true);
    held.add('1', (await fileOn('late')).file);
    await new Promise(setImmediate);
    assert.deepEqual(events, []);
    held.pause(false);
    assert.equal((await until(1))[0][1], '1');
  });

  test('are read in their order, and are what they were', async () => {
    const { held, until } = holding();
    const files = await Promise.all(['a', 'b', 'c'].map((name) => fileOn(name)));
    for (const [i, { file }] of files.entries()) held.add(String(i), file);
    const events = await until(3);
    for (const { path } of files) writeFileSync(path, 'another picture');
    assert.deepEqual(events.map(([what, id]) => [what, id]), [['held', '0'], ['held', '1'], ['held', '2']]);
    for (const [i, [, , bytes]] of events.entries()) {
      assert.equal(await bytes.text(), 'abc'[i]);
      assert.equal(bytes.type, 'image/svg+xml');
    }
    await assert.rejects(files[0].file.text());
  });

  test('one that has gone before is told, and the next is held', async () => {
    const { held, until } = holding();
    const [gone, here] = [await fileOn('gone'), await fileOn('here')];
    writeFileSync(gone.path, 'a longer file than it was');
    held.add('gone', gone.file);
    held.add('here', here.file);
    const [lost, kept] = await until(2);
    assert.deepEqual([lost[0], lost[1], lost[2].code, lost[2].details.reason], ['lost', 'gone', 'corrupt-image', 'unreadable']);
    assert.deepEqual([kept[0], kept[1]], ['held', 'here']);
  });

  test('one that is removed meanwhile is not told of, in whatever stage', async () => {
    const { held, until, events } = holding();
    const files = await Promise.all(['x', 'y', 'z'].map((name) => fileOn(name)));
    for (const [i, { file }] of files.entries()) held.add(String(i), file);
    held.drop('0');
    held.drop('1');
    await until(1);
    assert.deepEqual(events.map(([what, id]) => [what, id]), [['held', '2']]);
  });

  test('without room they are left to their files, and counted', async () => {
    const { held, until } = holding(5);
    held.add('four', (await fileOn('four')).file);
    held.add('five', (await fileOn('five5')).file);
    const [first, second] = await until(2);
    assert.deepEqual([first[0], first[1], second], ['held', 'four', ['left', 1]]);
    held.drop('five');
    assert.deepEqual((await until(3))[2], ['left', 0]);
  });

  test('what is held already is not held twice', async () => {
    const { held, events, until } = holding();
    held.add('again', await copyOf(new Blob(['photo'])));
    held.add('new', new Blob(['other']));
    await until(1);
    assert.deepEqual(events.map(([, id]) => id), ['new']);
  });

  test('nothing at all can be held', async () => {
    assert.equal((await copyOf(new Blob([]))).size, 0);
  });
});
