import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import zlib from 'node:zlib';
import fc from 'fast-check';

import { decodeMatte, encodeMatte } from '../../client/image/write/encode.js';
import { readPng } from './read-png.js';

/** Noise by a linear congruential generator: the same in every run. */
function noise(length, seed = 1) {
  let state = seed;
  return Uint16Array.from({ length }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 16);
}

const SIZES = [[1, 1], [1, 7], [7, 1], [2, 2], [255, 3], [256, 2], [257, 129], [1, 3000], [3000, 1], [600, 700]];

/** A matte as real ones are: flat with a soft edge here and there. */
const mattes = fc
  .record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 40 }), seed: fc.integer(), isFlat: fc.boolean() })
  .map(({ width, height, seed, isFlat }) => ({ width, height, values: noise(width * height, seed).map((value) => (isFlat && value % 5 ? 65535 * (value & 1) : value)) }));

/** A PNG from its parts, by Node's zlib. */
function png({ width = 2, height = 2, depth = 8, fields = [0, 0, 0, 0], raw, idat = zlib.deflateSync(raw), before = [] }) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, ...fields], 8);
  const chunks = [['IHDR', header], ...before, ['IDAT', idat], ['IEND', Buffer.alloc(0)]].map(([type, data]) => {
    const checked = Buffer.concat([Buffer.from(type), data]);
    const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    crc.writeUInt32BE(zlib.crc32(checked));
    return Buffer.concat([length, checked, crc]);
  });
  return new Blob([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks]);
}

describe('what is written', () => {
  for (const [width, height] of SIZES) {
    for (const depth of [8, 16]) {
      test(`${width} x ${height}, ${depth} bits`, async () => {
        const values = noise(width * height, width + height);
        const blob = await encodeMatte(values, width, height, depth);
        const found = readPng(new Uint8Array(await blob.arrayBuffer()), depth);
        assert.deepEqual([blob.type, found.width, found.height, found.channels], ['image/png', width, height, 1]);
        // Rounded by integers: a matte's 257 levels are one of a byte.
        const expected = depth === 16 ? values : values.map((value) => Math.round(value / 257));
        assert.deepEqual(Uint16Array.from(found.samples), expected);
      });
    }
  }

  test('a real matte takes fewer bytes than its pixels, a flat one next to none', async () => {
    const file = readFileSync(new URL('../fixtures/mattes/coffee.png', import.meta.url));
    const { width, height, data } = readPng(file);
    const written = await encodeMatte(Uint16Array.from(data, (value) => value * 257), width, height);
    assert.deepEqual(readPng(new Uint8Array(await written.arrayBuffer())).data, data);
    assert.ok(written.size < file.length * 1.5, `${written.size} bytes, ${file.length} where every filter may be tried`);
    const flat = await encodeMatte(new Uint16Array(600 * 400).fill(65535), 600, 400, 16);
    assert.ok(flat.size < 2400, `${flat.size} bytes for 240,000 equal pixels`);
  });
});

describe('what is read', () => {
  test('16 bits come back as they were', async () => {
    await fc.assert(
      fc.asyncProperty(mattes, async ({ width, height, values }) => {
        assert.deepEqual(await decodeMatte(await encodeMatte(values, width, height, 16)), { values, width, height });
      }),
    );
  });

  test('8 bits come back as the nearest of 256 levels, and stay there', async () => {
    await fc.assert(
      fc.asyncProperty(mattes, async ({ width, height, values }) => {
        const first = (await decodeMatte(await encodeMatte(values, width, height, 8))).values;
        values.forEach((value, i) => assert.ok(first[i] % 257 === 0 && Math.abs(first[i] - value) <= 128));
        assert.deepEqual((await decodeMatte(await encodeMatte(first, width, height, 8))).values, first);
      }),
    );
  });

  test('larger than one portion', async () => {
    const values = noise(1000 * 700);
    assert.deepEqual((await decodeMatte(await encodeMatte(values, 1000, 700, 16))).values, values);
  });

  // Every filter in turn, by the letter of the specification (9.2) over random rows.
  for (const depth of [8, 16]) {
    test(`all five filters, ${depth} bits`, async () => {
      const [width, height, size] = [37, 20, depth / 8];
      const stride = width * size;
      const samples = Buffer.from(noise(stride * height, 5).map((value) => value >> 3));
      const at = (x, y) => (x < 0 || y < 0 ? 0 : samples[y * stride + x]);
      const predictors = [
        () => 0,
        (a) => a,
        (_, b) => b,
        (a, b) => Math.floor((a + b) / 2),
        (a, b, c) => [a, b, c].map((value, order) => ({ value, order, far: Math.abs(a + b - c - value) })).sort((p, q) => p.far - q.far || p.order - q.order)[0].value,
      ];
      const raw = Buffer.alloc((stride + 1) * height);
      for (let y = 0; y < height; y++) {
        raw[y * (stride + 1)] = (y + 1) % 5;
        for (let x = 0; x < stride; x++) raw[y * (stride + 1) + 1 + x] = at(x, y) - predictors[(y + 1) % 5](at(x - size, y), at(x, y - 1), at(x - size, y - 1));
      }
      const { values } = await decodeMatte(png({ width, height, depth, raw, before: [['tEXt', Buffer.from('Title\0matte')]] }));
      const expected = Uint16Array.from({ length: width * height }, (_, i) => (size === 2 ? samples.readUInt16BE(i * 2) : samples[i] * 257));
      assert.deepEqual(values, expected);
    });
  }
});

describe('what is refused', () => {
  const raw = Buffer.from([0, 1, 2, 0, 3, 4]);
  const good = () => png({ raw });
  const cut = async (length) => (await good()).slice(0, length);
  const cases = {
    'an empty file': () => new Blob([]),
    text: () => new Blob(['This is no picture at all, whatever it is called.']),
    'a file that ends in its data': () => cut(50),
    'a file without an end': () => cut(60),
    colour: () => png({ fields: [2, 0, 0, 0], raw: Buffer.alloc(14) }),
    'a palette': () => png({ fields: [3, 0, 0, 0], raw }),
    'grey with alpha': () => png({ fields: [4, 0, 0, 0], raw }),
    interlacing: () => png({ fields: [0, 0, 0, 1], raw }),
    '4 bits': () => png({ depth: 4, raw }),
    'no width': () => png({ width: 0, raw }),
    'a sixth filter': () => png({ raw: Buffer.from([5, 1, 2, 0, 3, 4]) }),
    'too few data': () => png({ raw: raw.subarray(0, 5) }),
    'too many data': () => png({ raw: Buffer.concat([raw, raw]) }),
    'data that are not deflate': () => png({ idat: Buffer.from([1, 2, 3, 4, 5, 6]) }),
    'data with a wrong checksum': () => png({ idat: zlib.deflateSync(raw).map((byte, i, all) => (i === all.length - 1 ? byte ^ 1 : byte)) }),
    'a header of 16 gigapixels': () => png({ width: 1 << 17, height: 1 << 17, raw }),
  };
  for (const [what, make] of Object.entries(cases)) {
    test(what, async () => {
      await assert.rejects(decodeMatte(await make()), { code: 'corrupt-image' });
    });
  }

  test('but not the file that these are made from', async () => {
    assert.deepEqual((await decodeMatte(good())).values, Uint16Array.of(257, 514, 771, 1028));
  });
});
