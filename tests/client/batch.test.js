import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { TellWhenDone } from '../../client/page/tell-when-done.js';
import { titleOf } from '../../client/ui/batch-bar.js';
import { groupsOf } from '../../client/ui/failure-list.js';
import { MatteboxError } from '../../client/shared/errors.js';
import { settle } from './worker-pair.js';

describe('the title of the tab', () => {
  const batch = (change) => ({ total: 60, settled: 12, done: 12, failed: 0, cancelled: 0, isPaused: false, isWorking: true, leftMs: null, telling: 'none', ...change });
  for (const [name, change, title] of [
    ['says how far it is', {}, '12 of 60 done · Mattebox'],
    ['and how long it takes, once that is known', { leftMs: 170_000 }, '12 of 60 done, about 3 min left · Mattebox'],
    ['that it is held', { isPaused: true, leftMs: 1000 }, '12 of 60 done, paused · Mattebox'],
    ['nothing once all is done', { settled: 60, done: 60 }, 'Mattebox'],
    ['what failed, in the end', { settled: 60, done: 58, failed: 2 }, '2 photos failed · Mattebox'],
  ]) test(name, () => assert.equal(titleOf(batch(change), 'Mattebox'), title));
});

describe('photos that failed', () => {
  const failed = (id, code, details = {}) => ({ id, name: `${id}.jpg`, error: new MatteboxError(code, details) });

  test('stand together where the same is to be done about them, most of them first', () => {
    const groups = groupsOf([failed('a', 'empty-image'), failed('b', 'out-of-memory'), failed('c', 'out-of-memory')]);
    assert.deepEqual(groups.map(({ photos }) => photos.map(({ id }) => id)), [['b', 'c'], ['a']]);
    for (const { what, advice } of groups) assert.ok(what.length > 0 && advice.length > 0);
  });
});

describe('being told when all are done', () => {
  /** A browser that answers so when it is asked, and notes what it is asked and told. */
  function bench({ permission = 'default', answer = 'granted', isSeen = false, isRefusing = false } = {}) {
    const [asked, told] = [[], []];
    class Notification {
      static permission = permission;
      static requestPermission() {
        asked.push('permission');
        Notification.permission = answer;
        return Promise.resolve(answer);
      }
      constructor(title, { body }) {
        if (isRefusing) throw new TypeError('Illegal constructor');
        told.push([title, body]);
      }
      addEventListener() {}
    }
    const showNotification = (title, { body }) => Promise.resolve(told.push(['worker', title, body]));
    const telling = new TellWhenDone({ notification: Notification, isSeen: () => isSeen, registration: () => Promise.resolve({ showNotification }) });
    return { telling, asked, told };
  }

  test('asks for nothing by itself, and tells nothing', () => {
    const { telling, asked, told } = bench();
    telling.done(3, 0);
    assert.deepEqual([asked, told, telling.standing], [[], [], 'possible']);
  });

  test('is asked for by a press, and told once', async () => {
    const { telling, asked, told } = bench();
    await telling.ask();
    assert.deepEqual([asked, telling.standing], [['permission'], 'promised']);
    telling.done(58, 2);
    telling.done(58, 2);
    assert.deepEqual(told, [['Your photos are done', '58 photos are done. 2 failed.']]);
    assert.equal(telling.standing, 'possible');
  });

  test('is taken back by another press', async () => {
    const { telling, told } = bench({ permission: 'granted' });
    await telling.ask();
    await telling.ask();
    telling.done(1, 0);
    assert.deepEqual([told, telling.standing], [[], 'possible']);
  });

  test('is refused in words, and not offered again', async () => {
    const { telling, told } = bench({ answer: 'denied' });
    assert.match(await telling.ask(), /does not allow this page to notify you/u);
    telling.done(1, 0);
    assert.deepEqual([told, telling.standing], [[], 'refused']);
  });

  test('tells nobody who is looking', async () => {
    const { telling, told } = bench({ isSeen: true });
    await telling.ask();
    telling.done(1, 0);
    assert.deepEqual(told, []);
  });

  test('goes by the service worker where only that may', async () => {
    const { telling, told } = bench({ isRefusing: true });
    await telling.ask();
    telling.done(1, 0);
    await settle();
    assert.deepEqual(told, [['worker', 'Your photos are done', '1 photo is done.']]);
  });

  test('is not there where a browser knows no notifications', () => assert.equal(new TellWhenDone({ notification: undefined }).standing, 'none'));
});
