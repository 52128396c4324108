import { vendorFile } from './vendor.js';

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { upright } from '../../client/image/read/heads/head.js';
import { inspect, look } from '../../client/image/read/inspect.js';
import { decodeByMagick, loadMagick } from '../../client/image/read/magick.js';
import { orient } from '../../client/image/read/orient.js';
import { decodeTiff } from '../../client/image/read/tiff.js';
import { assertTypedErrors } from './damage.js';
import { blobOf, LIMITS } from './files.js';
import { bytesOf, difference, golden } from './golden.js';

const TIFFS = golden('tiffs').map((entry) => ({ ...entry, bytes: bytesOf(entry.file), rgba: bytesOf(entry.rgba) }));
/** Levels. Lab of 8 bit is coarse, and two libraries upsample colour differences of half the size in two ways. */
const LIMIT = (what) => (/Lab|YCbCr/.test(what) ? 4 : 1);

test('without its codec it says so', async () => {
  const { head } = await look(blobOf(TIFFS[0].bytes));
  await assert.rejects(decodeByMagick(TIFFS[0].bytes, head, null), { code: 'runtime-failed' });
});

describe('a TIFF of a rarer kind', async () => {
  for (const { what, own, bytes, width, height, rgba } of TIFFS) {
    test(what, async () => {
      await loadMagick(vendorFile('magick-wasm/x86/magick.wasm'));
      const { head, bytes: source } = await look(blobOf(bytes));
      assert.deepEqual([upright(head), head.isForLibtiff], [{ width, height }, !own]);
      const { codecs } = await inspect(blobOf(bytes), { limits: LIMITS });
      assert.deepEqual(codecs, own ? [] : ['magick']);
      const { pixels, isConverted } = own ? await decodeTiff(source, null) : await decodeByMagick(bytes, head, null);
      assert.ok(isConverted);
      const { mean, max } = difference(orient(pixels, head.orientation).data, rgba);
      assert.ok(max <= LIMIT(what), `mean ${mean}, max ${max}`);
    });
  }
});

test('damaged files are typed errors', async () => {
  await loadMagick(vendorFile('magick-wasm/x86/magick.wasm'));
  await assertTypedErrors(TIFFS, { within: 4000, changes: 6, cut: 300, numRuns: 300 }, async (bytes) => {
    const { type, head, bytes: source } = await look(blobOf(bytes));
    if (type !== 'TIFF' || head.width * head.height > 1e5) return;
    await (head.isForLibtiff ? decodeByMagick(bytes, head, null) : decodeTiff(source, null));
  });
});
