import { vendorFile } from './vendor.js';

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { MatteboxError } from '../../client/shared/errors.js';
import { upright } from '../../client/image/read/heads/head.js';
import { inspect, look } from '../../client/image/read/inspect.js';
import { decodeByMagick, loadMagick } from '../../client/image/read/magick.js';
import { orient } from '../../client/image/read/orient.js';
import { decodeTiff } from '../../client/image/read/tiff.js';
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
  const damage = fc.record({ file: fc.constantFrom(...TIFFS), changes: fc.array(fc.tuple(fc.nat(4000), fc.nat(255)), { minLength: 1, maxLength: 6 }), cut: fc.nat(300) });
  await fc.assert(
    fc.asyncProperty(damage, async ({ file, changes, cut }) => {
      const bytes = file.bytes.slice(0, file.bytes.length - cut);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      try {
        const { type, head, bytes: source } = await look(blobOf(bytes));
        if (type !== 'TIFF' || head.width * head.height > 1e5) return;
        await (head.isForLibtiff ? decodeByMagick(bytes, head, null) : decodeTiff(source, null));
      } catch (thrown) {
        assert.ok(thrown instanceof MatteboxError, String(thrown?.stack));
      }
    }),
    { numRuns: 300 },
  );
});
