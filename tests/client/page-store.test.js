import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Store } from '../../client/page/store.js';
import { photos, ready } from './page-states.js';

test('an effect hears of the event with the state after and before it', () => {
  const store = new Store(ready());
  const before = store.state;
  const heard = [];
  store.connect([(...told) => heard.push(told)]);
  store.dispatch(photos(2));
  assert.deepEqual(heard, [[photos(2), store.state, before]]);
  assert.equal(store.state.photos.waiting, 2);
});

test('what an effect causes comes after all have heard of the event, in order', () => {
  const store = new Store(ready());
  const heard = [];
  store.connect([
    ({ type }) => {
      if (type === 'photos') {
        store.dispatch({ type: 'measured' });
        store.dispatch({ type: 'refresh' });
      }
    },
    ({ type }, { photos: { waiting }, isLooking }) => heard.push([type, waiting, isLooking]),
  ]);
  store.dispatch(photos(1));
  assert.deepEqual(heard, [['photos', 1, false], ['measured', 1, true], ['refresh', 1, true]]);
});

test('an effect that throws does not stop what comes later', () => {
  const store = new Store(ready());
  let isBroken = true;
  store.connect([() => { if (isBroken) throw new Error('a bug'); }]);
  assert.throws(() => store.dispatch(photos(1)), /a bug/);
  isBroken = false;
  store.dispatch(photos(2));
  assert.equal(store.state.photos.waiting, 2);
});
