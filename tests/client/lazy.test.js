import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';

const turn = () => new Promise((resolve) => { setImmediate(resolve); });
let fresh = 0;
/** @type {typeof import('../../client/page/lazy.js')} */
let lazy;
// What the first photo can do without is a fact of the page, so each test has a page of its own.
beforeEach(async () => { lazy = await import(`../../client/page/lazy.js?${fresh += 1}`); });

describe('what is loaded when it is needed', () => {
  test('is loaded once, and told of before anybody uses it', async () => {
    const told = [];
    const one = new lazy.Lazy(async () => { told.push('load'); return {}; }, () => told.push('there'));
    assert.equal(one.loaded, null);
    one.use(() => told.push('first'));
    one.use(() => told.push('second'));
    await turn();
    one.use(() => told.push('at once'));
    assert.deepEqual(told, ['load', 'there', 'first', 'second', 'at once']);
  });

  test('is tried again the next time where it could not be had', async () => {
    const told = [];
    const tries = [() => Promise.reject(new Error('no network')), async () => 'here'];
    const one = new lazy.Lazy(() => tries.shift()());
    one.use(() => told.push('used'), () => told.push('failed'));
    await turn();
    one.use((it) => told.push(it));
    await turn();
    assert.deepEqual(told, ['failed', 'here']);
  });
});

describe('what the first photo can do without', () => {
  test('is loaded once that is there, and what comes later at once', async () => {
    const told = [];
    const one = lazy.Lazy.spared(async () => { told.push('load'); return 1; });
    lazy.afterFirst(() => told.push('after'));
    await turn();
    assert.deepEqual(told, []);
    lazy.loadSpared();
    lazy.loadSpared();
    await turn();
    assert.deepEqual([told, one.loaded], [['load', 'after'], 1]);
    lazy.afterFirst(() => told.push('at once'));
    assert.deepEqual(told, ['load', 'after', 'at once']);
  });

  test('is loaded before that where somebody needs it', async () => {
    const told = [];
    const one = lazy.Lazy.spared(async () => { told.push('load'); return 1; });
    one.use(() => told.push('used'));
    await turn();
    lazy.loadSpared();
    await turn();
    assert.deepEqual(told, ['load', 'used']);
  });

  test('that cannot be had keeps nothing else from being loaded', async () => {
    const one = lazy.Lazy.spared(() => Promise.reject(new Error('no network')));
    const other = lazy.Lazy.spared(async () => 2);
    lazy.loadSpared();
    await turn();
    assert.deepEqual([one.loaded, other.loaded], [null, 2]);
  });
});

describe('while a part is loaded, no service worker takes over', () => {
  const give = (locks) => Object.defineProperty(globalThis, 'navigator', { value: { locks }, configurable: true });
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  afterEach(() => {
    delete globalThis.navigator;
    if (before) Object.defineProperty(globalThis, 'navigator', before);
  });

  test('it is loaded under a lock that parts share', async () => {
    const told = [];
    give({ request: async (name, { mode }, held) => { told.push(name, mode); await held(); told.push('let go'); } });
    new lazy.Lazy(async () => { told.push('load'); return 1; }).use((it) => told.push(it));
    await turn();
    assert.deepEqual(told, ['mattebox-loading', 'shared', 'load', 'let go', 1]);
  });

  test('a browser that refuses locks loads it, once', async () => {
    const told = [];
    give({ request: async () => { throw new DOMException('', 'SecurityError'); } });
    new lazy.Lazy(async () => { told.push('load'); return 1; }).use((it) => told.push(it));
    await turn();
    assert.deepEqual(told, ['load', 1]);
  });

  test('what cannot be had is asked for once each time', async () => {
    const told = [];
    give({ request: async (_name, _how, held) => held() });
    const one = new lazy.Lazy(async () => { told.push('load'); throw new Error('no network'); });
    one.use(() => {}, () => told.push('failed'));
    await turn();
    one.use(() => {}, () => told.push('failed'));
    await turn();
    assert.deepEqual(told, ['load', 'failed', 'load', 'failed']);
  });
});
