import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { bench, job, result } from './keeping-bench.js';
import { settle } from './worker-pair.js';

describe('what is kept of a photo', () => {
  test('its file once, the rest again whenever it comes back as another', async (t) => {
    const { keeping, start, asked } = bench(t);
    await start();
    const added = job('1');
    keeping.follow({ type: 'added', job: added });
    await settle();
    const running = { ...added, state: 'running', progress: { stage: 'running' } };
    keeping.follow({ type: 'changed', job: running, previous: added });
    const done = { ...running, state: 'done', progress: null, result: result() };
    keeping.follow({ type: 'changed', job: done, previous: running });
    await settle();
    const finished = { ...done, result: { ...done.result, file: { key: 'b' } } };
    keeping.follow({ type: 'changed', job: finished, previous: done });
    await settle();
    const [, [, first, value, file], [, second, later, noFile]] = asked;
    assert.deepEqual([first, second, asked.length], [1, 1, 3]);
    assert.equal(file, added.input);
    assert.equal(noFile, null);
    assert.deepEqual([value.job.state, value.result, 'progress' in value.job], ['queued', null, false]);
    assert.deepEqual([later.result.document.id, later.result.document.file.size, 'file' in later.result], ['d', 0, false]);
  });

  test('waits until what was kept has been read', async (t) => {
    const { keeping, start, names } = bench(t);
    keeping.follow({ type: 'added', job: job('1') });
    await settle();
    assert.deepEqual(names(), []);
    await start();
    await settle();
    assert.deepEqual(names().map((name) => name.split(' ')[0]), ['open', 'put']);
  });

  test('goes with it, also while it is being written', async (t) => {
    const { keeping, start, names } = bench(t);
    await start();
    const one = job('1');
    keeping.follow({ type: 'added', job: one });
    keeping.follow({ type: 'removed', job: one });
    await settle();
    assert.deepEqual(names().slice(1), ['put 1', 'remove 1']);
  });
});

describe('a photo that was removed and can be put back', () => {
  const one = job('1');

  test('stays on the device without coming back by itself, until it is gone for good', async (t) => {
    const { keeping, start, asked, names, told } = bench(t);
    await start();
    keeping.follow({ type: 'added', job: one });
    await settle();
    keeping.follow({ type: 'removed', job: one }, true);
    await settle();
    assert.deepEqual([names().at(-1), asked.at(-1)[2].isRemoved, asked.at(-1)[3]], ['put 1', true, null]);
    assert.deepEqual([told.at(-1).count, keeping.isKept('1')], [0, false]);
    keeping.follow({ type: 'removed', job: one });
    await settle();
    assert.equal(names().at(-1), 'remove 1');
  });

  test('is kept as before once it is put back, without its file being written again', async (t) => {
    const { keeping, start, asked, told } = bench(t);
    await start();
    keeping.follow({ type: 'added', job: one });
    await settle();
    keeping.follow({ type: 'removed', job: one }, true);
    keeping.follow({ type: 'added', job: one });
    await settle();
    assert.deepEqual([asked.at(-1)[0], 'isRemoved' in asked.at(-1)[2], asked.at(-1)[3]], ['put', false, null]);
    assert.deepEqual([told.at(-1).count, keeping.isKept('1')], [1, true]);
  });

  test('is not written where it was not kept yet', async (t) => {
    const { keeping, start, names } = bench(t);
    keeping.follow({ type: 'added', job: one });
    keeping.follow({ type: 'removed', job: one }, true);
    await start();
    await settle();
    assert.deepEqual(names(), ['open 86400000']);
  });

  test('does not come back at another visit', async (t) => {
    const kept = [{ key: ['desk', 1], value: { job: { ...job('1', { state: 'done' }) }, result: null, isRemoved: true }, file: new Blob(['photo']) }];
    const { start, brought, names } = bench(t, { kept });
    await start();
    assert.deepEqual([brought, names()], [[], ['open 86400000', 'remove 1']]);
  });
});

describe('an earlier visit', () => {
  const kept = [{ key: ['desk', 1], value: { job: { ...job('1', { state: 'done' }) }, result: { ...result(), file: undefined } }, file: new Blob(['photo']) }];

  test('comes back with its file in its place, and no file that can be made again', async (t) => {
    const { start, brought, keeping, names } = bench(t, { kept });
    await start();
    const [[facts, { input, result: back }]] = brought;
    assert.deepEqual([facts.id, facts.state, back.file, back.preview.key], ['1', 'done', null, 'a']);
    assert.equal(input, kept[0].file);
    assert.equal(back.document.file, input);
    // It is there already.
    keeping.follow({ type: 'added', job: job('1') });
    await settle();
    assert.deepEqual(names(), ['open 86400000']);
  });

  test('of which nothing is to be kept is told to go', async (t) => {
    const { start, keeping, names } = bench(t, { term: 'never' });
    await start();
    keeping.follow({ type: 'added', job: job('1') });
    await settle();
    assert.deepEqual(names(), ['open']);
  });
});

describe('what cannot be kept', () => {
  test('is told, and nothing more is tried until a person says so', async (t) => {
    let isFull = true;
    const { keeping, start, told, names } = bench(t, { fail: (name) => (name === 'put' && isFull ? 'storage-full' : null) });
    await start();
    const jobs = [job('1'), job('2')];
    for (const one of jobs) keeping.follow({ type: 'added', job: one });
    await settle();
    assert.deepEqual(names(), ['open 86400000', 'put 1']);
    assert.deepEqual([told.at(-1).trouble, told.at(-1).count], ['storage-full', 0]);
    isFull = false;
    keeping.resume(jobs);
    await settle();
    assert.deepEqual([told.at(-1).trouble, told.at(-1).count], [null, 2]);
  });

  test('is no reason to say that it was cleared', async (t) => {
    const { keeping, start, told } = bench(t, { fail: (name) => (name === 'clear' ? 'storage-failed' : null) });
    await start();
    keeping.follow({ type: 'added', job: job('1') });
    await settle();
    await keeping.clear();
    assert.deepEqual([told.at(-1).trouble, told.at(-1).count], ['storage-failed', 1]);
  });
});

describe('the picture that photos stand on', () => {
  const image = new Blob(['picture']);
  const origin = { prompt: 'a table', seed: 3, model: 'maker', title: 'Maker' };
  const ground = { background: 'words', picture: { image, id: 7, origin } };
  const kept = [{ key: ['desk', 1], value: { job: job('1'), result: null }, file: image }];
  const row = { file: image, value: { background: 'words', picture: { id: 7, origin } } };
  const grounds = (asked) => asked.filter(([name]) => name === 'ground').map(([, what]) => what);

  test('is kept beside the first photo, once, and as the next one that is chosen', async (t) => {
    const { keeping, start, asked } = bench(t);
    await start();
    keeping.stand(ground);
    keeping.follow({ type: 'added', job: job('1') });
    keeping.follow({ type: 'added', job: job('2') });
    await settle();
    keeping.stand({ ...ground });
    await settle();
    assert.deepEqual(grounds(asked), [row]);
    keeping.stand(null);
    await settle();
    assert.deepEqual(grounds(asked), [row, null]);
  });

  test('is there again before the photos are, and is not written for that', async (t) => {
    const { keeping, start, asked, stood } = bench(t, { kept, ground: row });
    await start();
    keeping.stand(stood[0][0]);
    await settle();
    assert.deepEqual([stood, grounds(asked)], [[[ground, 0]], []]);
  });

  test('stays away without photos', async (t) => {
    const { start, stood } = bench(t, { ground: row });
    assert.deepEqual([await start(), stood], [undefined, []]);
  });

  test('stays away where another one was chosen meanwhile', async (t) => {
    const { keeping, start, stood } = bench(t, { kept, ground: row });
    keeping.stand({ ...ground, picture: { ...ground.picture, id: 8 } });
    await start();
    assert.deepEqual(stood, []);
  });

  test('goes with the last photo, and comes back with the next', async (t) => {
    const { keeping, start, asked } = bench(t);
    await start();
    keeping.stand(ground);
    keeping.follow({ type: 'added', job: job('1') });
    await settle();
    keeping.follow({ type: 'removed', job: job('1') });
    await settle();
    keeping.follow({ type: 'added', job: job('2') });
    await settle();
    assert.deepEqual(grounds(asked), [row, null, row]);
  });

  test('is written again where what was kept has been cleared and is kept after all', async (t) => {
    const { keeping, start, asked } = bench(t);
    await start();
    keeping.stand(ground);
    keeping.follow({ type: 'added', job: job('1') });
    await settle();
    await keeping.clear();
    keeping.resume([job('1')]);
    await settle();
    assert.deepEqual(grounds(asked), [row, row]);
  });
});
