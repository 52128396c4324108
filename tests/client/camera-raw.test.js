import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';

import { MatteboxError } from '../../client/shared/errors.js';
import { Bytes } from '../../client/image/read/bytes.js';
import { previewOf } from '../../client/image/read/camera-raw/preview.js';
import { inspect, look } from '../../client/image/read/inspect.js';
import { readMetadata } from '../../client/image/read/metadata.js';
import { assertTypedErrors } from './damage.js';
import { blobOf, LIMITS } from './files.js';
import { bytesOf, golden } from './golden.js';

const RAWS = golden('raws').map((entry) => ({ ...entry, bytes: bytesOf(entry.file) }));
const OPENED = RAWS.filter(({ preview }) => preview);
const raw = (name) => RAWS.find(({ what }) => what === `raw.${name}`).bytes;

/** What was put in: without the Exif that may have been written before it. */
async function asPutIn(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const digest = (part) => createHash('sha256').update(part).digest('hex');
  const length = bytes[4] * 256 + bytes[5];
  return [digest(bytes), digest(Buffer.concat([bytes.subarray(0, 2), bytes.subarray(4 + length)]))];
}

describe('a raw file opens by its largest preview', () => {
  for (const { what, bytes, preview, orientation } of OPENED) {
    test(what, async () => {
      const { type, head, blob } = await look(blobOf(bytes));
      assert.equal(type, 'JPEG');
      assert.deepEqual([head.width, head.height, head.orientation], [640, 428, orientation]);
      assert.deepEqual(head.notes, [{ code: 'camera-preview', detail: {} }]);
      assert.ok((await asPutIn(blob)).includes(preview), 'the preview itself');
      const { width, codecs, drawing } = await inspect(blobOf(bytes), { limits: LIMITS });
      assert.deepEqual([width, codecs, drawing], [orientation < 5 ? 640 : 428, [], null]);
    });
  }
});

test('whose it is, is told by the raw file where its preview does not', async () => {
  for (const name of ['dng', 'cr3']) {
    const { copyright, artist } = await look(blobOf(raw(name))).then(readMetadata);
    assert.deepEqual([copyright, artist], ['(c) Ada L', 'Ada L']);
  }
});

test('a thumbnail is no preview, and a lossless JPEG of the sensor is none', async () => {
  const { bytes } = RAWS.find(({ preview }) => !preview);
  await assert.rejects(look(blobOf(bytes)), (error) => {
    assert.ok(error instanceof MatteboxError);
    assert.deepEqual([error.code, error.details.variant], ['unsupported-image', 'camera-raw']);
    return true;
  });
});

test('a raw file that was cut off before its preview says so', async () => {
  for (const { what, bytes } of OPENED.filter(({ what: name }) => /raf|cr3|pef/.test(name))) {
    await assert.rejects(look(blobOf(bytes.slice(0, bytes.length - 3000))), (error) => {
      assert.deepEqual([error.code, error.details.reason], ['corrupt-image', 'truncated'], what);
      return true;
    });
  }
});

test('damaged raw files are typed errors, and soon', async () => {
  const how = { within: 2000, changes: 10, cut: 8000, numRuns: 800 };
  await assertTypedErrors(RAWS, how, (bytes) => previewOf(new Bytes(blobOf(bytes))));
});

test('directories that lead in circles end', async () => {
  const loop = blobOf('II*\0', [8, 0, 0, 0, 1, 0, 0x4a, 1, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0, 0]);
  await assert.rejects(previewOf(new Bytes(loop)), { code: 'unsupported-image' });
});
