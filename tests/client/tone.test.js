import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { vendorFile } from './vendor.js';
import { blobOf, LIMITS } from './files.js';
import { toneMapped } from '../../client/image/read/tone.js';
import { bytesOf, difference, golden } from './golden.js';

const { decodeHdrAvif, loadAvifReader } = await import('../../client/image/read/avif-hdr.js');
const { inspect, look } = await import('../../client/image/read/inspect.js');

/** @param {Uint16Array} rgb @param {number} most the alpha of each pixel */
function deepOf(rgb, width, height, bits, most = 2 ** bits - 1) {
  const row = (y) => Uint16Array.from({ length: width * 4 }, (_, i) => (i % 4 === 3 ? most : rgb[(y * width + (i >> 2)) * 3 + (i % 4)]));
  return { row, width, height, bits };
}

describe('HDR in the range of a screen, as BT.2100, BT.2408 and BT.2390 have it', () => {
  for (const { what, transfer, bits, width, height, samples, seen } of golden('tone').samples) {
    test(what, () => {
      const rgb = new Uint16Array(bytesOf(samples).buffer);
      const data = toneMapped(deepOf(rgb, width, height, bits), { transfer, primaries: 'rec2020' });
      assert.ok(data.every((value, i) => i % 4 !== 3 || value === 255));
      const { mean, max } = difference(data.filter((_, i) => i % 4 !== 3), bytesOf(seen));
      assert.ok(mean <= 0.5 && max <= 2, `mean ${mean}, max ${max}`);
    });
  }
});

test('what a normal picture could show, stays; white is 203 cd/m²; alpha is straight', () => {
  // 58.06 % of PQ (BT.2408, table 1).
  const white = Math.round(0.5806 * 1023);
  const data = toneMapped(deepOf(Uint16Array.of(white, white, white, 0, 0, 0), 2, 1, 10, 512), { transfer: 'pq', primaries: null });
  assert.deepEqual([...data], [255, 255, 255, 128, 0, 0, 0, 128]);
});

test('HDR of AVIF is decoded here, once its reader has come', async () => {
  const files = golden('tone').files.map((entry) => ({ ...entry, blob: blobOf(bytesOf(entry.file)) }));
  await assert.rejects(async () => decodeHdrAvif(await look(files[0].blob), 1e6), { code: 'runtime-failed' });
  await loadAvifReader(vendorFile('jsquash-avif-dec/avif_dec.wasm'));
  for (const { what, blob, width, height, seen } of files) {
    assert.deepEqual((await inspect(blob, { limits: LIMITS })).codecs, ['avif-reader']);
    const pixels = await decodeHdrAvif(await look(blob), 1e6);
    assert.deepEqual([pixels.width, pixels.height], [width, height]);
    const { mean, max } = difference(pixels.data.filter((_, i) => i % 4 !== 3), bytesOf(seen));
    assert.ok(mean <= 1 && max <= 6, `${what}: mean ${mean}, max ${max}`);
  }
  await assert.rejects(async () => decodeHdrAvif(await look(files[0].blob), 100), { code: 'corrupt-image' });
});
