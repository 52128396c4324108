import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Server } from '../../client/page/effects/server.js';
import { Store } from '../../client/page/store.js';
import { photos, ready } from './page-states.js';
import { standIn } from './stand-in.js';

const RAN = { type: 'ran', report: { backend: null } };

/** A page that is loaded, whose browser counts how often the service worker is asked for. */
function page(t) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const asked = [];
  standIn(t, {
    document: { readyState: 'complete', querySelector: () => ({ getAttribute: () => 'a release' }), addEventListener() {}, hidden: false },
    addEventListener() {},
    navigator: { serviceWorker: { register: async (url) => { asked.push(String(url)); throw new Error('enough is known'); } } },
  });
  const store = new Store(ready());
  const server = new Server({ stored: async () => ({ files: [] }), reach: async () => 'here' }, store);
  store.connect([(...change) => server.follow(...change)]);
  server.start();
  return { asked, store, tick: () => t.mock.timers.tick(1000) };
}

test('a page that nobody brings a photo to is kept on this device', (t) => {
  const { asked, store, tick } = page(t);
  assert.equal(asked.length, 0);
  tick();
  assert.equal(asked.length, 1);
  store.dispatch(photos(1));
  store.dispatch(photos(0, 1));
  assert.equal(asked.length, 1);
});

test('a photo that is here first is done first', (t) => {
  const { asked, store, tick } = page(t);
  store.dispatch(photos(1));
  tick();
  assert.equal(asked.length, 0);
  store.dispatch(photos(0, 1));
  assert.equal(asked.length, 1);
});

test('of many photos, one is waited for', (t) => {
  const { asked, store, tick } = page(t);
  store.dispatch(photos(50));
  tick();
  assert.equal(asked.length, 0);
  store.dispatch(RAN);
  assert.equal(asked.length, 1);
});

test('a photo that is done before the page has settled changes nothing', (t) => {
  const { asked, store, tick } = page(t);
  store.dispatch(photos(1));
  store.dispatch(RAN);
  assert.equal(asked.length, 0);
  store.dispatch(photos(0, 1));
  tick();
  assert.equal(asked.length, 1);
});
