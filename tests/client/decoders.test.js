import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { MatteboxError } from '../../client/shared/errors.js';
import { Bytes } from '../../client/image/read/bytes.js';
import { look } from '../../client/image/read/inspect.js';
import { orient } from '../../client/image/read/orient.js';
import { assertWhole } from '../../client/image/read/png-whole.js';
import { conversionOf, toSrgb } from '../../client/image/read/profile.js';
import { decodeTiff } from '../../client/image/read/tiff.js';
import { unpackBits, unpackLzw } from '../../client/image/read/tiff-strips.js';
import { assertTypedErrors } from './damage.js';
import { blobOf, COLOURS, fileOf, TIFFS } from './files.js';
import { difference } from './golden.js';

describe('a TIFF as Pillow reads it', () => {
  for (const { what, bytes, width, height, rgba } of TIFFS) {
    test(what, async () => {
      const seen = await look(blobOf(bytes));
      const { pixels: stored } = await decodeTiff(seen.bytes);
      const pixels = orient(stored, seen.head.orientation);
      assert.deepEqual([pixels.width, pixels.height], [width, height]);
      assert.ok(difference(pixels.data, rgba).max <= 1, JSON.stringify(difference(pixels.data, rgba)));
    });
  }
});

test('a damaged TIFF is a typed error', async () => {
  await assertTypedErrors(TIFFS, { within: 4000, changes: 8, cut: 0, numRuns: 800 }, async (bytes) => {
    const { head, bytes: source } = await look(blobOf(bytes));
    if (head.width * head.height < 1e6) await decodeTiff(source);
  });
});

describe('packed bytes', () => {
  test('PackBits: the example of TIFF 6.0, section 9', () => {
    const packed = Uint8Array.of(0xfe, 0xaa, 0x02, 0x80, 0x00, 0x2a, 0xfd, 0xaa, 0x03, 0x80, 0x00, 0x2a, 0x22, 0xf7, 0xaa);
    const plain = [0xaa, 0xaa, 0xaa, 0x80, 0, 0x2a, 0xaa, 0xaa, 0xaa, 0xaa, 0x80, 0, 0x2a, 0x22, ...Array(10).fill(0xaa)];
    assert.deepEqual([...unpackBits(packed, 100)], plain);
    assert.deepEqual([...unpackBits(packed, 5)], plain.slice(0, 5));
  });
  test('LZW: the example of TIFF 6.0, section 13', () => {
    // Codes 256 7 258 8 8 258 6 6 257 of 9 bit.
    const codes = [256, 7, 258, 8, 8, 258, 6, 6, 257];
    const bits = codes.map((code) => code.toString(2).padStart(9, '0')).join('');
    const packed = Uint8Array.from(bits.padEnd(88, '0').match(/.{8}/g), (byte) => parseInt(byte, 2));
    assert.deepEqual([...unpackLzw(packed, 100)], [7, 7, 7, 8, 8, 7, 7, 6, 6]);
  });
  test('whatever they are, they end, and never exceed what is wanted', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(5000), (packed, most) => {
        for (const unpack of [unpackBits, unpackLzw]) assert.ok(unpack(packed, most).length <= most);
      }),
    );
  });
});

test('damaged profiles never throw', () => {
  fc.assert(
    fc.property(fc.constantFrom(...COLOURS), fc.array(fc.tuple(fc.nat(1000), fc.nat(255)), { maxLength: 10 }), fc.nat(700), ({ profile }, changes, cut) => {
      const bytes = profile.slice(0, profile.length - cut);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      const conversion = conversionOf(bytes);
      if (conversion) toSrgb(conversion, new Uint8Array(40).fill(99), 0, 4, new Uint8ClampedArray(40), 0, 10);
    }),
  );
});

describe('a PNG is whole', () => {
  const png = fileOf('PNG');
  test('as it was written', () => assertWhole(blobOf(png)));
  test('or it is not: shortened, or changed anywhere in its picture', async () => {
    const start = png.findIndex((_, i) => String.fromCharCode(...png.subarray(i, i + 4)) === 'IDAT');
    const changed = png.slice();
    changed[start + 20] ^= 1;
    for (const bytes of [png.slice(0, -1), png.slice(0, png.length / 2), changed]) {
      await assert.rejects(assertWhole(blobOf(bytes)), (error) => error instanceof MatteboxError && error.code === 'corrupt-image');
    }
  });
});

test('bytes are read in windows, and end where the file ends', async () => {
  const bytes = new Bytes(blobOf(Array.from({ length: 200_000 }, (_, i) => i % 251)));
  for (const [start, length, expected] of [[0, 10, 10], [65_530, 20, 20], [199_990, 100, 10], [200_000, 5, 0], [300_000, 5, 0], [-5, 3, 0], [100, 70_000, 70_000]]) {
    const view = await bytes.view(start, length);
    assert.equal(view.byteLength, expected);
    if (expected) assert.equal(view.getUint8(expected - 1), (start + expected - 1) % 251);
  }
});
