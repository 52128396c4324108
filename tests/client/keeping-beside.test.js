import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { keptMatte, matteOf } from '../../client/document/document.js';
import { bench, job, result } from './keeping-bench.js';
import { settle, until } from './worker-pair.js';

const VALUES = Uint16Array.of(0, 300, 65535, 7);
const matte = { values: VALUES, columns: 2, rows: 2 };
const one = job('1');
const done = { ...one, state: 'done', result: { ...result({ id: 'd', revision: 1, file: new Blob(['photo']), matte }), original: new Blob(['small']) } };

/** A photo that is kept with what came of it. */
async function kept(t) {
  const { keeping, start, asked, told } = bench(t);
  await start();
  keeping.follow({ type: 'added', job: one });
  keeping.follow({ type: 'changed', job: done, previous: one });
  await until(() => keeping.isKept('1'));
  await settle();
  return { keeping, asked, told, value: asked.at(-1)[2] };
}

describe('what is kept beside a photo', () => {
  test('its matte is a blob, which is read when something is derived, and then is what it was', async (t) => {
    const { value: { result: { document } } } = await kept(t);
    assert.ok(document.matte.values instanceof Blob);
    assert.deepEqual(await matteOf(document), matte);
    assert.deepEqual(await matteOf({ matte }), matte);
    await assert.rejects(matteOf({ matte: { ...document.matte, rows: 3 } }), { code: 'storage-failed' });
    await assert.rejects(matteOf({ matte: { ...document.matte, values: document.matte.values.slice(0, -4) } }), { code: 'storage-failed' });
  });

  test('its preview is written with the document that it is of, at once', async (t) => {
    const { keeping, asked } = await kept(t);
    const edited = { ...done, result: { ...done.result, document: { ...done.result.document, revision: 2 }, preview: { key: '', image: done.result.preview.image } } };
    keeping.follow({ type: 'changed', job: edited, previous: done });
    await until(() => keeping.isKept('1'));
    const anew = { ...edited, result: { ...edited.result, preview: { key: 'a', image: new Blob(['edited']) } } };
    keeping.follow({ type: 'changed', job: anew, previous: edited });
    await until(() => keeping.isKept('1'));
    const pairs = asked.filter(([name, , value]) => name === 'put' && value.result).map(([, , { result: { document, preview } }]) => [document.revision, preview.key]);
    assert.deepEqual(pairs, [[1, 'a'], [2, ''], [2, 'a']]);
  });

  test('counts as kept: file, matte, preview, and the small picture of the photo', async (t) => {
    const { told, value: { result: { document } } } = await kept(t);
    assert.equal(told.at(-1).bytes, 'photo'.length + document.matte.values.size + 'preview'.length + 'small'.length);
  });

  test('is not written once it was cleared or removed, while it was made ready', async (t) => {
    for (const end of [(keeping) => keeping.clear(), (keeping) => keeping.follow({ type: 'removed', job: done })]) {
      const { keeping, start, names } = bench(t);
      await start();
      keeping.follow({ type: 'added', job: done });
      await end(keeping);
      await keptMatte(matte);
      await settle();
      assert.deepEqual(names().filter((name) => name.startsWith('put')), []);
      t.mock.timers.reset();
    }
  });
});
