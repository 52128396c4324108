import assert from 'node:assert/strict';
import { test } from 'node:test';

import { widened } from '../../client/runtime/widen.js';
import { bytesOf, golden } from './golden.js';

const { halves, singles } = golden('widened');
const bufferOf = (text) => bytesOf(text).slice().buffer;

test('kernels in halves become the singles that numpy makes of them, in the file that onnx writes of those', () => {
  assert.deepEqual(Buffer.from(widened(bufferOf(halves))), Buffer.from(bytesOf(singles)));
});

test('a model without them stays as it is', () => {
  const file = bufferOf(singles);
  assert.equal(widened(file).buffer, file);
});

test('what is no model, or is cut off, is left for the runtime to refuse', () => {
  const whole = bytesOf(halves);
  for (const bytes of [new Uint8Array(0), Uint8Array.of(0xff, 0xff), Uint8Array.of(0x3f), whole.slice(0, -20), whole.slice(0, 40)]) {
    assert.deepEqual(widened(bytes.slice().buffer), bytes);
  }
});
