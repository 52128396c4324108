import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { decodesAhead } from '../../client/engine/decode-ahead.js';
import { blankReport } from '../../client/engine/report.js';
import { site } from './site.js';
import { until } from './worker-pair.js';

const MP = (millions) => ({ width: 1000, height: millions * 1000 });
const ON_CPU = (threads) => ({ backend: 'wasm', threads });
const ON_GPU = { backend: 'webgpu', threads: 1 };

describe('the next photo is decoded while the model runs', () => {
  /** @type {[string, Parameters<typeof decodesAhead>, boolean][]} */
  const table = [
    ['on a GPU, which leaves a core idle', [ON_GPU, { cores: 2, memory: 8 }, MP(12)], true],
    ['not on two cores that the model has both of', [ON_CPU(2), { cores: 2, memory: 8 }, MP(12)], false],
    ['on four, of which it has three', [ON_CPU(3), { cores: 4, memory: 8 }, MP(12)], true],
    ['not on one', [ON_GPU, { cores: 1, memory: 8 }, MP(1)], false],
    ['as large as 33 megapixels on 8 GB', [ON_GPU, { cores: 4, memory: 8 }, MP(33)], true],
    ['and no larger', [ON_GPU, { cores: 4, memory: 8 }, MP(34)], false],
    ['half of that where a browser does not tell of its memory', [ON_GPU, { cores: 4 }, MP(17)], false],
    ['not where only decoding tells how large it is', [ON_GPU, { cores: 4, memory: 8 }, { width: null, height: null }], false],
  ];
  for (const [name, args, isDue] of table) test(name, () => assert.equal(decodesAhead(...args), isDue));
});

const SIZE = { width: 3, height: 2 };
const MS = { decode: 1, pre: 2, run: 30, post: 4, compose: 0, encode: 5 };
const pixels = () => ({ data: new Uint8ClampedArray(24), ...SIZE });

/** Two photos, one after the other, on a device of four cores. */
async function two(t, { open = async () => ({ pixels: pixels(), own: null, notes: [], original: null }), threads = 2, second = (blob) => blob } = {}) {
  const draft = async ({ source }, { progress }) => {
    progress({ stage: 'running' });
    await until(() => made.argsOf('inference open').length > 0 || threads === 4);
    return { matte: null, original: null, layered: { base: { pixels: pixels() }, layers: null }, preview: { image: source, frame: SIZE, result: SIZE, applied: {}, notes: [] }, size: SIZE, notes: [], heap: 1, create: 0, ms: MS };
  };
  const made = site(t, { inference: { draft, open, hold: async () => {} }, page: { navigator: { hardwareConcurrency: 4, deviceMemory: 8, gpu: {} } } });
  const [first, next] = ['one', 'two'].map((text) => new Blob([text]));
  const work = (blob, more) => made.engine.draft({ blob, output: {}, reduce: false, longest: 100, ...more }, { backend: 'wasm', threads }, { onProgress() {} }, blankReport());
  await work(first, { next: () => ({ blob: next, reduce: false }) });
  await work(second(next));
  return made.argsOf('inference draft').map(({ opened }) => opened?.pixels.width ?? null);
}

describe('what is decoded', () => {
  test('comes to the model with its photo', async (t) => assert.deepEqual(await two(t), [null, 3]));
  test('is of no use to another photo', async (t) => assert.deepEqual(await two(t, { second: () => new Blob(['three']) }), [null, null]));
  test('is nothing where it cannot be had: the photo tells why, in its turn', async (t) => assert.deepEqual(await two(t, { open: () => Promise.reject(new Error('no')) }), [null, null]));
  test('is nothing where no core is idle', async (t) => assert.deepEqual(await two(t, { threads: 4 }), [null, null]));
});
