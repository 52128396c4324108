import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';

import './vendor.js';
import { sampleFile } from './memory-cache.js';
import { standIn } from './stand-in.js';

const { segmentLength, sha256, verifyLength, verifySegment } = await import('../../client/storage/integrity.js');

const bytes = new TextEncoder().encode('the same in every browser');
const expected = createHash('sha256').update(bytes).digest('hex');

describe('the digest is the same', () => {
  test('from the browser, where it has one', async (t) => {
    let asked = 0;
    const digest = (...args) => (asked++, crypto.subtle.digest(...args));
    const { crypto } = globalThis;
    standIn(t, { crypto: { subtle: { digest } } });
    assert.equal(await sha256(bytes), expected);
    assert.equal(asked, 1);
  });
  for (const [where, crypto] of [['an insecure context', {}], ['a browser without crypto', undefined]]) {
    test(`in ${where}`, async (t) => {
      standIn(t, { crypto });
      assert.equal(await sha256(bytes), expected);
      for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 2 ** 20 + 61]) {
        const other = Uint8Array.from({ length }, (_, i) => Math.imul(i + length, 2654435761) >>> 24);
        assert.equal(await sha256(other), createHash('sha256').update(other).digest('hex'), `${length} bytes`);
      }
    });
  }
});

test('all segments are whole but the last', () => {
  const file = { bytes: 25 };
  assert.deepEqual([0, 1, 2].map((index) => segmentLength(file, index, 10)), [10, 10, 5]);
  assert.equal(segmentLength({ bytes: 20 }, 1, 10), 10);
  assert.equal(segmentLength({ bytes: 3 }, 0, 10), 3);
});

test('a segment passes only at its own place', async () => {
  const { bytes: whole, file } = sampleFile(25, 10);
  await verifySegment(file, 1, whole.slice(10, 20), 'network');
  await assert.rejects(verifySegment(file, 0, whole.slice(10, 20), 'network'), { code: 'model-corrupt' });
  await assert.rejects(verifySegment(file, 3, whole.slice(10, 20), 'network'), { code: 'model-corrupt' });
});

for (const crypto of [globalThis.crypto, undefined]) {
  test(`a flipped bit is told with both digests, ${crypto ? 'with' : 'without'} crypto`, async (t) => {
    standIn(t, { crypto });
    const { bytes: whole, file } = sampleFile(25, 10);
    const segment = whole.slice(20);
    segment[4] ^= 1;
    const received = createHash('sha256').update(segment).digest('hex');
    await assert.rejects(verifySegment(file, 2, segment, 'store'), {
      code: 'model-corrupt',
      details: { name: file.name, segment: 2, expected: file.segments[2], received, bytes: 5, source: 'store' },
    });
  });
}

test('a wrong length is told with both lengths', () => {
  const file = { name: 'a.onnx', bytes: 12_345 };
  verifyLength(file, 12_345, 'network');
  for (const received of [0, 12_344, 12_346]) {
    assert.throws(() => verifyLength(file, received, 'network'), {
      code: 'length-mismatch',
      details: { name: 'a.onnx', expected: 12_345, received, source: 'network' },
    });
  }
  assert.throws(() => verifyLength(file, NaN, 'network'), { code: 'length-mismatch' });
});
