import { vendorFile } from './vendor.js';

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { MatteboxError } from '../../client/shared/errors.js';
import { upright } from '../../client/image/read/heads/head.js';
import { look } from '../../client/image/read/inspect.js';
import { decodeJxl, loadJxl } from '../../client/image/read/jxl.js';
import { blobOf } from './files.js';
import { bytesOf, difference, golden } from './golden.js';

const JXLS = golden('jxls').map((entry) => ({ ...entry, bytes: bytesOf(entry.file), rgba: bytesOf(entry.rgba) }));
/** Alpha is exact; colours are what two versions of libjxl, and two colour engines, round differently. */
const MAX = 5;

test('without its codec it says so', async () => {
  await assert.rejects(decodeJxl(JXLS[0].bytes, JXLS[0]), { code: 'runtime-failed' });
});

describe('a JPEG XL as libjxl decodes it', async () => {
  const wasm = vendorFile('jsquash-jxl/jxl_dec.wasm');
  for (const { what, bytes, width, height, rgba } of JXLS) {
    test(what, async () => {
      await loadJxl(wasm);
      const { type, head } = await look(blobOf(bytes));
      assert.equal(type, 'JPEG XL');
      assert.deepEqual(upright(head), { width, height });
      const pixels = await decodeJxl(bytes, head);
      assert.deepEqual([pixels.width, pixels.height], [width, height]);
      const { mean, max } = difference(pixels.data, rgba);
      assert.ok(mean < 0.6 && max <= MAX, `mean ${mean}, max ${max}`);
      const alpha = (data) => data.filter((_, i) => i % 4 === 3);
      assert.deepEqual([...alpha(pixels.data)], [...alpha(rgba)]);
    });
  }
  test('a damaged one is a typed error', async () => {
    await loadJxl(wasm);
    for (const bytes of [JXLS[0].bytes.slice(0, 60), JXLS[2].bytes.map((byte, i) => (i > 20 ? byte ^ 0x55 : byte))]) {
      await assert.rejects(decodeJxl(bytes, JXLS[0]), (error) => error instanceof MatteboxError && error.code === 'corrupt-image');
    }
  });
  test('one that is too large for libjxl’s memory is not tried', async () => {
    await assert.rejects(decodeJxl(JXLS[0].bytes, { width: 20_000, height: 4_000 }), { code: 'out-of-memory' });
  });
});

test('a head that is damaged is a typed error, and soon', async () => {
  const damage = fc.record({ file: fc.constantFrom(...JXLS), changes: fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 8 }), length: fc.nat(400) });
  await fc.assert(
    fc.asyncProperty(damage, async ({ file, changes, length }) => {
      const bytes = file.bytes.slice(0, length);
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      await look(blobOf(bytes)).catch((thrown) => assert.ok(thrown instanceof MatteboxError, String(thrown?.stack)));
    }),
    { numRuns: 800 },
  );
});
