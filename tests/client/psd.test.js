import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Bytes } from '../../client/image/read/bytes.js';
import { readAnyProfile } from '../../client/image/read/icc.js';
import { inspect, look } from '../../client/image/read/inspect.js';
import { decodePsd } from '../../client/image/read/psd.js';
import { assertTypedErrors } from './damage.js';
import { blobOf, LIMITS } from './files.js';
import { bytesOf, difference, golden } from './golden.js';

const PSDS = golden('psds').map((entry) => ({ ...entry, bytes: bytesOf(entry.file), rgba: bytesOf(entry.rgba) }));
const psd = (name) => PSDS.find(({ what }) => what === name).bytes;
/** Levels: a half of one is what 8 bit loses, Lab more, and white that is taken out of what is nearly clear. */
const LIMIT = (what) => (/Lab/.test(what) ? 4 : /inks|P3/.test(what) ? 2 : 1);

describe('the flattened picture of a Photoshop file', () => {
  for (const { what, bytes, width, height, rgba } of PSDS) {
    test(what, async () => {
      const seen = await look(blobOf(bytes));
      assert.equal(seen.type, 'Photoshop');
      assert.deepEqual([seen.head.width, seen.head.height], [width, height]);
      const { pixels, isConverted } = await decodePsd(seen.bytes, await readAnyProfile(seen));
      assert.ok(isConverted);
      const { mean, max } = difference(pixels.data, rgba);
      assert.ok(max <= LIMIT(what), `mean ${mean}, max ${max}`);
    });
  }
});

describe('what cannot be opened says why', () => {
  /** A change to a header, or an image resource put into it. */
  const changed = (change, resources = []) => {
    const bytes = psd('8 bit, raw').slice();
    change(new DataView(bytes.buffer));
    return resources.length ? Uint8Array.from([...bytes.slice(0, 30), 0, 0, 0, resources.length, ...resources, ...bytes.slice(34)]) : bytes;
  };
  const codes = (text) => [...text].map((character) => character.charCodeAt(0));
  test('without a flattened picture', async () => {
    const version = [...codes('8BIM'), 1057 >> 8, 1057 & 255, 0, 0, 0, 0, 0, 6, 0, 0, 0, 1, 0, 0];
    await assert.rejects(look(blobOf(changed(() => {}, version))), (error) => {
      assert.deepEqual([error.code, error.details.variant], ['unsupported-image', 'no-composite']);
      return true;
    });
    const kept = await look(blobOf(changed(() => {}, version.with(16, 1))));
    assert.equal(kept.type, 'Photoshop');
  });
  test('printing plates', () => assert.rejects(look(blobOf(changed((view) => view.setUint16(24, 7)))), { code: 'unsupported-image', details: { type: 'Photoshop', variant: 'plates' } }));
  test('no size', () => assert.rejects(look(blobOf(changed((view) => view.setUint32(14, 0)))), { code: 'corrupt-image' }));
  test('more than can be handled', () => assert.rejects(inspect(blobOf(changed((view) => view.setUint32(18, 299_999) || view.setUint32(14, 299_999))), { limits: LIMITS }), { code: 'image-too-large' }));
  test('an end that is missing', async () => {
    for (const name of ['8 bit, raw', '8 bit, runs', '8 bit, zip', 'PSB']) {
      await assert.rejects(decodePsd(new Bytes(blobOf(psd(name).slice(0, -60))), null), { code: 'corrupt-image' }, name);
    }
  });
});

test('damaged files are typed errors', async () => {
  await assertTypedErrors(PSDS, { within: 1200, changes: 8, cut: 600, numRuns: 800 }, async (bytes) => {
    const { type, head, bytes: source } = await look(blobOf(bytes));
    if (type === 'Photoshop' && head.width * head.height < 1e6) await decodePsd(source, null);
  });
});
