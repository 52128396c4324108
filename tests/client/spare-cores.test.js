import assert from 'node:assert/strict';
import { test } from 'node:test';

import { sparesCores } from '../../client/page/spare-cores.js';

const gpu = { backend: 'webgpu', threads: 1 };
const cpu = (threads) => ({ backend: 'wasm', threads });

for (const [name, step, device, isSpare] of [
  ['not on two cores, whatever runs there', cpu(2), { hardwareConcurrency: 2 }, false],
  ['not on two cores beside a GPU', gpu, { hardwareConcurrency: 2 }, false],
  ['beside a GPU from three cores on', gpu, { hardwareConcurrency: 3 }, true],
  ['not where the model takes all cores but one', cpu(4), { hardwareConcurrency: 5 }, false],
  ['where it leaves two', cpu(4), { hardwareConcurrency: 6 }, true],
  ['not with little memory', cpu(4), { hardwareConcurrency: 8, deviceMemory: 4 }, false],
  ['not before it is known what runs', undefined, { hardwareConcurrency: 16 }, false],
]) test(`files are made beside the model: ${name}`, () => assert.equal(sparesCores(step, device), isSpare));
