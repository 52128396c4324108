import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { nextUpdate } from '../../client/jobs/next-update.js';

const wish = (key) => ({ output: {}, previewKey: key, fileKey: key });

describe('what is made next', () => {
  const done = (id, previewKey, fileKey = null, urgency = 0, hasFailed = false) => ({ id, previewKey, fileKey, urgency, hasFailed });
  const idle = { isIdle: true, hasRoom: true };
  const next = (photos, now = idle, wanted = wish('b')) => {
    const update = nextUpdate(photos.map((photo) => ({ wanted, ...photo })), now);
    return update && `${update.kind} ${update.id}`;
  };

  test('nothing while it is not known what is wanted, and nothing of what is as wanted', () => {
    assert.equal(next([done('1', 'a')], idle, null), null);
    assert.equal(next([done('1', 'b', 'b')]), null);
  });

  test('the file that somebody waits for, then what is in view, then the others', () => {
    const photos = [done('1', 'a'), done('2', 'a', null, 1), done('3', 'a', null, 2)];
    assert.equal(next(photos), 'file 3');
    assert.equal(next([...photos.slice(0, 2), done('3', 'a', 'b', 2)]), 'preview 3');
    assert.equal(next(photos.slice(0, 2)), 'preview 2');
    assert.equal(next(photos.slice(0, 1)), 'preview 1');
  });

  test('files that nobody asked for: once all is shown as wanted, no photo waits for a model, and there is room', () => {
    const photos = [done('1', 'b'), done('2', 'b', 'a', 1)];
    assert.equal(next(photos), 'file 2');
    assert.equal(next([...photos, done('3', 'a')]), 'preview 3');
    assert.equal(next(photos, { isIdle: false, hasRoom: true }), null);
    assert.equal(next(photos, { isIdle: true, hasRoom: false }), null);
    assert.equal(next([done('1', 'b', null, 2)], { isIdle: false, hasRoom: false }), 'file 1');
  });

  test('what each is wanted as by itself, whatever the others are, and nothing of one that nobody knows that of', () => {
    const own = (id, key) => ({ ...done(id, 'b', 'b'), wanted: key && wish(key) });
    assert.equal(next([done('1', 'b', 'b'), own('2', 'c')]), 'preview 2');
    assert.equal(next([own('1', null), own('2', 'b')]), null);
    assert.equal(next([own('1', null), { ...own('2', 'c'), previewKey: 'c' }]), 'file 2');
  });

  test('nothing of what could not be made', () => {
    assert.equal(next([done('1', 'a', null, 2, true)]), null);
  });
});
