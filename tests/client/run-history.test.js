import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { attemptKey, RunHistory } from '../../client/engine/run-history.js';

const DAY = 24 * 3600 * 1000;
const MODEL = { id: 'u2netp', files: [{ sha256: 'a'.repeat(64) }] };
const OTHER = { id: 'isnet', files: [{ sha256: 'b'.repeat(64) }, { sha256: 'c'.repeat(64) }] };
const GPU = attemptKey({ build: 'jspi', threads: 1 });
const CPU = attemptKey({ build: 'wasm', threads: 2 });
const UNKNOWN = { createMs: null, firstMs: null, runMs: null, photoMs: null, runs: 0, failure: null };

/** Storage that can be made to refuse. */
class StringStorage {
  items = new Map();
  refuses = [];

  getItem(key) {
    this.#check('getItem');
    return this.items.get(key) ?? null;
  }

  setItem(key, value) {
    this.#check('setItem');
    this.items.set(key, value);
  }

  removeItem(key) {
    this.#check('removeItem');
    this.items.delete(key);
  }

  #check(name) {
    if (this.refuses.includes(name)) throw new DOMException(name, 'QuotaExceededError');
  }
}

/** A history with its storage and a clock that can be set. */
function made({ storage = new StringStorage(), browser = 'B/1', at = 100 * DAY } = {}) {
  const clock = { at };
  return { storage, clock, history: new RunHistory({ open: () => storage, browser, now: () => clock.at }) };
}

test('the CPU is remembered by its threads, the GPU by its build', () => {
  assert.deepEqual([CPU, GPU, attemptKey({ build: 'asyncify', threads: 1 })], ['wasm×2', 'jspi', 'asyncify']);
});

describe('times', () => {
  test('of a model that never ran, nothing is known', () => {
    const { history } = made();
    assert.deepEqual(history.of(MODEL), {});
    assert.deepEqual(history.speeds(), {});
  });

  test('each is the median of its own', () => {
    const { history } = made();
    history.ran(MODEL, CPU, { create: 300, first: 1500 });
    for (const run of [1000, 5000, 1200]) history.ran(MODEL, CPU, { run, photo: run + 200 });
    history.ran(MODEL, CPU, { create: 500 });
    assert.deepEqual(history.of(MODEL), { [CPU]: { createMs: 400, firstMs: 1500, runMs: 1200, photoMs: 1400, runs: 3, failure: null } });
  });

  test('only the last nine count', () => {
    const { history } = made();
    for (let i = 0; i < 9; i++) history.ran(MODEL, CPU, { run: 9000 });
    for (let i = 0; i < 5; i++) history.ran(MODEL, CPU, { run: 1000 });
    const { runMs, runs } = history.of(MODEL)[CPU];
    assert.deepEqual({ runMs, runs }, { runMs: 1000, runs: 9 });
  });

  test('backends and models are kept apart', () => {
    const { history } = made();
    history.ran(MODEL, CPU, { run: 1000 });
    history.ran(MODEL, GPU, { run: 50 });
    history.ran(OTHER, GPU, { run: 400 });
    assert.deepEqual(Object.entries(history.of(MODEL)).map(([key, { runMs }]) => [key, runMs]), [[CPU, 1000], [GPU, 50]]);
    assert.deepEqual(Object.entries(history.of(OTHER)).map(([key, { runMs }]) => [key, runMs]), [[GPU, 400]]);
  });

  test('what is no time is not kept', () => {
    const { history } = made();
    history.ran(MODEL, CPU, { create: NaN, first: Infinity, run: -1, photo: undefined });
    assert.deepEqual(history.of(MODEL), { [CPU]: UNKNOWN });
  });

  test('a model that changes its files, the weights included, starts over', () => {
    const { history } = made();
    history.ran(OTHER, CPU, { run: 1000, photo: 1100 });
    const changed = { ...OTHER, files: [OTHER.files[0], { sha256: 'd'.repeat(64) }] };
    assert.deepEqual(history.of(changed), {});
    history.ran(changed, CPU, { run: 3000 });
    assert.equal(history.of(changed)[CPU].runMs, 3000);
    assert.deepEqual(history.of(OTHER), {});
  });

  test('a model with the name of an inherited property is as unknown as any', () => {
    const { history } = made();
    assert.deepEqual(history.of({ ...MODEL, id: 'constructor' }), {});
  });
});

describe('photo times for choosing a model', () => {
  test('are those of the way it ran last', () => {
    const { history, clock } = made();
    for (const photo of [1000, 1200, 1100]) history.ran(MODEL, CPU, { run: 900, photo });
    clock.at += 1000;
    history.ran(MODEL, GPU, { run: 90, photo: 150 });
    history.ran(OTHER, CPU, { create: 800 });
    assert.deepEqual(history.speeds(), { u2netp: { medianMs: 150, runs: 1 } });
    clock.at += 1000;
    history.ran(MODEL, CPU, { run: 900, photo: 1100 });
    assert.deepEqual(history.speeds(), { u2netp: { medianMs: 1100, runs: 4 } });
  });

  test('starting or failing is not running', () => {
    const { history, clock } = made();
    history.ran(MODEL, GPU, { run: 90, photo: 150 });
    clock.at += 1000;
    history.ran(MODEL, CPU, { run: 900, photo: 1100 });
    clock.at += 1000;
    history.ran(MODEL, GPU, { create: 100, first: 200 });
    history.failed(MODEL, GPU, 'gpu-lost');
    assert.equal(history.speeds().u2netp.medianMs, 1100);
  });
});

describe('failures', () => {
  test('are counted until a photo works; a session that only starts clears nothing', () => {
    const { history, clock } = made();
    history.failed(MODEL, GPU, 'gpu-lost');
    history.ran(MODEL, GPU, { create: 100, first: 200 });
    clock.at += 5;
    history.failed(MODEL, GPU, 'timed-out');
    assert.deepEqual(history.of(MODEL)[GPU].failure, { code: 'timed-out', at: clock.at, count: 2 });
    history.ran(MODEL, GPU, { run: 90, photo: 150 });
    assert.equal(history.of(MODEL)[GPU].failure, null);
  });

  test('are forgotten after two weeks, times are not', () => {
    const { history, clock } = made();
    history.ran(MODEL, GPU, { run: 90 });
    history.failed(MODEL, GPU, 'gpu-lost');
    clock.at += 14 * DAY - 1;
    assert.equal(history.of(MODEL)[GPU].failure.count, 1);
    clock.at += 1;
    assert.deepEqual(history.of(MODEL)[GPU], { ...UNKNOWN, runMs: 90, runs: 1 });
    history.failed(MODEL, GPU, 'gpu-lost');
    assert.equal(history.of(MODEL)[GPU].failure.count, 1);
  });

  test('of a clock that was wrong do not last for ever', () => {
    const { history, clock } = made();
    history.failed(MODEL, GPU, 'gpu-lost');
    clock.at -= 1;
    assert.equal(history.of(MODEL)[GPU].failure, null);
  });

  test('say nothing of another version of the browser; times do', () => {
    const { history, storage } = made();
    history.ran(MODEL, GPU, { run: 90 });
    history.failed(MODEL, GPU, 'canary-mismatch');
    const next = made({ storage, browser: 'B/2' }).history;
    assert.deepEqual(next.of(MODEL)[GPU], { ...UNKNOWN, runMs: 90, runs: 1 });
    next.ran(MODEL, CPU, { run: 900 });
    assert.equal(made({ storage, browser: 'B/2' }).history.of(MODEL)[GPU].failure, null);
  });
});

describe('storage', () => {
  test('carries it all to the next visit, and between tabs', () => {
    const { history, storage } = made();
    const other = made({ storage }).history;
    history.ran(MODEL, CPU, { run: 1000, photo: 1100 });
    other.ran(MODEL, CPU, { run: 2000, photo: 2100 });
    history.failed(MODEL, GPU, 'gpu-lost');
    assert.equal(history.of(MODEL)[CPU].runMs, 1500);
    assert.deepEqual(made({ storage }).history.of(MODEL), history.of(MODEL));
    assert.deepEqual(other.speeds(), { u2netp: { medianMs: 1600, runs: 2 } });
  });

  for (const [name, storage] of [
    ['absent', null],
    ['blocked', Object.assign(new StringStorage(), { refuses: ['getItem', 'setItem', 'removeItem'] })],
    ['read-only', Object.assign(new StringStorage(), { refuses: ['setItem'] })],
  ]) {
    test(`${name}: it works from memory`, () => {
      const { history, clock } = made({ storage });
      history.ran(MODEL, CPU, { run: 1000, photo: 1100 });
      history.failed(MODEL, GPU, 'gpu-lost');
      assert.equal(history.of(MODEL)[CPU].runMs, 1000);
      assert.equal(history.of(MODEL)[GPU].failure.count, 1);
      assert.equal(history.speeds().u2netp.medianMs, 1100);
      clock.at += 14 * DAY;
      assert.equal(history.of(MODEL)[GPU].failure, null);
      history.forget();
      assert.deepEqual(history.of(MODEL), {});
    });
  }

  test('full for a while: nothing of this page is lost', () => {
    const { history, storage } = made();
    history.ran(MODEL, CPU, { run: 1000 });
    storage.refuses = ['setItem'];
    history.ran(MODEL, CPU, { run: 3000 });
    assert.equal(history.of(MODEL)[CPU].runMs, 2000);
    storage.refuses = [];
    history.ran(MODEL, CPU, { run: 3000 });
    assert.equal(made({ storage }).history.of(MODEL)[CPU].runMs, 3000);
  });

  test('what is given out is a copy', () => {
    const { history } = made({ storage: null });
    history.failed(MODEL, GPU, 'gpu-lost');
    history.of(MODEL)[GPU].failure.count = 99;
    assert.equal(history.of(MODEL)[GPU].failure.count, 1);
  });

  test('forgetting starts over, for every tab', () => {
    const { history, storage } = made();
    history.ran(MODEL, CPU, { run: 1000, photo: 1100 });
    made({ storage }).history.forget();
    assert.deepEqual(history.of(MODEL), {});
    assert.deepEqual(history.speeds(), {});
    assert.equal(storage.items.size, 0);
  });

  const files = MODEL.files[0].sha256;
  const step = (more) => JSON.stringify({ browser: 'B/1', models: { u2netp: { files, steps: { [CPU]: more } } } });
  for (const [name, text, known] of [
    ['text', 'not JSON', null],
    ['null', 'null', null],
    ['a list', '[1, 2]', null],
    ['models that are none', '{"browser":"B/1","models":7}', null],
    ['a model without steps', `{"browser":"B/1","models":{"u2netp":{"files":"${files}"}}}`, null],
    ['a step that is none', step(null), null],
    ['lists that are none', step({ run: 'x', photo: { 0: 1 }, create: null }), UNKNOWN],
    ['times that are none', step({ run: [100, 'x', null, -5, 300], usedAt: 'now' }), { ...UNKNOWN, runMs: 200, runs: 2 }],
    ['too many times', step({ run: Array.from({ length: 1000 }, (_, i) => i) }), { ...UNKNOWN, runMs: 995, runs: 9 }],
    ['failures that are none', step({ failure: { code: 7, at: 'x', count: {} } }), UNKNOWN],
  ]) {
    test(`written by something else, ${name}: only what is sound is believed, and learning goes on`, () => {
      const { history, storage } = made();
      storage.setItem('mattebox-history', text);
      assert.deepEqual(history.of(MODEL), known ? { [CPU]: known } : {});
      assert.deepEqual(history.speeds(), {});
      history.ran(MODEL, GPU, { run: 90, photo: 150 });
      assert.equal(made({ storage }).history.of(MODEL)[GPU].runMs, 90);
    });
  }
});
