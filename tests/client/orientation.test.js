import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { mended } from '../../client/image/read/bytes.js';
import { look } from '../../client/image/read/inspect.js';
import { crc32 } from '../../client/image/png-chunks.js';
import { blobOf, fileOf } from './files.js';

const ORIENTATION = 0x0112;
const [BYTE, ASCII, SHORT, LONG, SLONG] = [1, 2, 3, 4, 9];
const number = (value, size, little) => Array.from({ length: size }, (_, i) => (value >> (8 * (little ? i : size - 1 - i))) & 0xff);

/** An EXIF of tags: [tag, type, count, value], and those of a second directory. */
function exif(entries, { little = true, second = [] } = {}) {
  const sizes = { [BYTE]: 1, [ASCII]: 1, [SHORT]: 2, [LONG]: 4, [SLONG]: 4 };
  const directory = (tags, next) => [
    ...number(tags.length, 2, little),
    ...tags.flatMap(([tag, type, count, value]) => [...number(tag, 2, little), ...number(type, 2, little), ...number(count, 4, little), ...number(value, sizes[type], little), 0, 0, 0].slice(0, 12)),
    ...number(next, 4, little),
  ];
  const behind = 8 + 2 + entries.length * 12 + 4;
  return [...(little ? [0x49, 0x49, 42, 0] : [0x4d, 0x4d, 0, 42]), ...number(8, 4, little), ...directory(entries, second.length ? behind : 0), ...(second.length ? directory(second, 0) : [])];
}

const put = {
  JPEG(tiff) {
    const file = fileOf('JPEG');
    return [file.subarray(0, 2), [0xff, 0xe1, ...number(tiff.length + 8, 2, false), ...Buffer.from('Exif\0\0'), ...tiff], file.subarray(2)];
  },
  PNG(tiff) {
    const file = fileOf('PNG');
    const body = Uint8Array.from([...Buffer.from('eXIf'), ...tiff]);
    return [file.subarray(0, 33), number(tiff.length, 4, false), body, number(crc32(body, 0, body.length), 4, false), file.subarray(33)];
  },
  WebP(tiff) {
    // An extended file: its picture is 23 by 14.
    const picture = fileOf('WebP').subarray(12);
    const at = String.fromCharCode(...picture.subarray(0, 4)) === 'VP8X' ? 18 : 0;
    const chunks = [...Buffer.from('VP8X'), 10, 0, 0, 0, 8, 0, 0, 0, 22, 0, 0, 13, 0, 0, ...picture.subarray(at), ...Buffer.from('EXIF'), ...number(tiff.length, 4, true), ...tiff];
    return [Buffer.from('RIFF'), number(chunks.length + 4, 4, true), Buffer.from('WEBP'), chunks];
  },
};

for (const [type, file] of Object.entries(put)) {
  describe(`how a ${type} is to be turned`, () => {
    const odd = { LONG, BYTE, SLONG };
    for (const little of [true, false]) {
      for (const [name, kind] of Object.entries(odd)) {
        test(`is said by a ${name}, ${little ? 'little' : 'big'}-endian, and to browsers by a SHORT`, async () => {
          const blob = blobOf(...file(exif([[ORIENTATION, kind, 1, 6]], { little })));
          const { head } = await look(blob);
          assert.equal(head.orientation, 6);
          const made = mended(blob, head.mends);
          assert.equal(made.size, blob.size);
          const again = await look(made);
          assert.deepEqual([again.head.orientation, again.head.mends], [6, []]);
          const usual = exif([[ORIENTATION, SHORT, 1, 6]], { little });
          const bytes = new Uint8Array(await made.arrayBuffer());
          assert.ok(Buffer.from(bytes).includes(Uint8Array.from(usual)));
        });
      }
      test(`is said as usual, ${little ? 'little' : 'big'}-endian: nothing is mended`, async () => {
        const { head } = await look(blobOf(...file(exif([[0x0110, ASCII, 1, 65], [ORIENTATION, SHORT, 1, 8]], { little }))));
        assert.deepEqual([head.orientation, head.mends], [8, []]);
      });
    }
    test('is not said by its thumbnail, by more than one value, or by what does not exist', async () => {
      const none = [
        exif([[0x0110, ASCII, 1, 65]], { second: [[ORIENTATION, SHORT, 1, 6]] }),
        exif([[ORIENTATION, SHORT, 2, 6]]),
        exif([[ORIENTATION, LONG, 1, 9]]),
        exif([[ORIENTATION, ASCII, 1, 6]]),
      ];
      for (const tiff of none) {
        const blob = blobOf(...file(tiff));
        const { head } = await look(blob);
        assert.equal(head.orientation, 1);
        assert.deepEqual((await look(mended(blob, head.mends))).head.mends, []);
      }
    });
    test('is said by the first of two', async () => {
      const blob = blobOf(...file(exif([[ORIENTATION, SHORT, 1, 3], [ORIENTATION, SHORT, 1, 6]])));
      const { head } = await look(blob);
      assert.equal(head.orientation, 3);
      const { head: again } = await look(mended(blob, head.mends));
      assert.deepEqual([again.orientation, again.mends], [3, []]);
    });
  });
}

test('a PNG’s chunk keeps its checksum', async () => {
  const { assertWhole } = await import('../../client/image/read/png-whole.js');
  const blob = blobOf(...put.PNG(exif([[ORIENTATION, LONG, 1, 6]])));
  const made = mended(blob, (await look(blob)).head.mends);
  await assertWhole(made);
  const bytes = Buffer.from(await made.arrayBuffer());
  const at = bytes.indexOf('eXIf');
  const length = bytes.readUInt32BE(at - 4);
  assert.equal(crc32(bytes, at, at + 4 + length), bytes.readUInt32BE(at + 4 + length));
});
