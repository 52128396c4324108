import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { MatteboxError } from '../../client/shared/errors.js';
import { inspect, look as lookAt } from '../../client/image/read/inspect.js';
import { readMetadata } from '../../client/image/read/metadata.js';
import { blobOf, fileOf, FILES, LIMITS, TIFFS } from './files.js';

const look = (...parts) => inspect(blobOf(...parts), { limits: LIMITS });
const word = (n) => [n >> 8, n & 0xff];
const long = (n) => [n >>> 24, (n >> 16) & 0xff, ...word(n & 0xffff)];

/** A JPEG's head: `before` the frame header, the frame header itself, and a scan of nothing. */
function jpeg(before, { marker = 0xc0, precision = 8, width = 640, height = 427 } = {}) {
  const frame = [0xff, marker, ...word(17), precision, ...word(height), ...word(width), 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
  return [0xff, 0xd8, ...before, ...frame, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0xff, 0xd9];
}

/** A marker segment with so many bytes of content. */
const segment = (marker, length, fill = 0) => [0xff, marker, ...word(length + 2), ...Array(length).fill(fill)];
const png = (width, height) => [0x89, ...blobText('PNG\r\n'), 0x1a, 10, ...long(13), ...blobText('IHDR'), ...long(width), ...long(height), 8, 2, 0, 0, 0, ...long(0)];

/** A little TIFF of one directory: numbers by their tag, as LONGs. */
function tiff(tags) {
  const entries = Object.entries({ 256: 4, 257: 4, ...tags });
  const little = (n) => [n & 0xff, (n >> 8) & 0xff, (n >> 16) & 0xff, n >>> 24];
  const behind = [];
  const table = entries.flatMap(([tag, value]) => {
    const values = [value].flat();
    const at = 8 + 2 + entries.length * 12 + 4 + behind.length;
    if (values.length > 1) behind.push(...values.flatMap(little));
    return [...little(Number(tag) | 0x40000), ...little(values.length), ...little(values.length > 1 ? at : values[0])];
  });
  return [...blobText('II*\0'), ...little(8), ...little(entries.length).slice(0, 2), ...table, ...little(0), ...behind];
}

const blobText = (text) => [...text].map((character) => character.charCodeAt(0));

describe('what Pillow writes', () => {
  for (const { title, type, bytes, width, height } of FILES) {
    test(title, async () => {
      const codecs = type === 'HEIC' ? ['heif'] : [];
      assert.deepEqual(await look(bytes), { type, drawing: null, width, height, codecs });
    });
  }
  for (const { what, bytes, width, height } of TIFFS) {
    test(`TIFF, ${what}`, async () => assert.deepEqual(await look(bytes), { type: 'TIFF', drawing: null, width, height, codecs: [] }));
  }
});

test('a drawing has no size of its own, nor have the pictures of an icon', async () => {
  assert.deepEqual(await look('<svg xmlns="http://www.w3.org/2000/svg"/>'), { type: 'SVG', drawing: '<svg xmlns="http://www.w3.org/2000/svg"/>', width: null, height: null, codecs: [] });
  assert.equal((await look([0, 0, 1, 0, 1, 0])).width, null);
});

describe('a JPEG’s size stands behind', () => {
  const frames = {
    'nothing else': jpeg([]),
    'EXIF and a colour profile of the greatest length': jpeg([...segment(0xe1, 65_533, 0xff), ...segment(0xe2, 65_533), ...segment(0xfe, 0)]),
    'a megabyte of a maker’s notes': jpeg(Array(20).fill(segment(0xe7, 60_000)).flat()),
    'fill bytes, and bytes that are nothing': jpeg([0xff, 0xff, 0xff, ...segment(0xe0, 14), 0xff, 0xff, 1, 2, 3]),
    'tables, which share the frames’ numbers': jpeg([...segment(0xc4, 28), ...segment(0xcc, 3), ...segment(0xdb, 65)]),
    'a thumbnail, whose own frame is not the photo’s': jpeg([0xff, 0xe1, ...word(jpeg([]).length + 2), ...jpeg([], { width: 160, height: 120 })]),
  };
  for (const [name, head] of Object.entries(frames)) {
    test(name, async () => {
      const { width, height } = await look(head);
      assert.deepEqual([width, height], [640, 427]);
    });
  }
});

/** @param {Promise<unknown>} promise @param {string} code @param {object} [details] */
async function fails(promise, code, details = {}) {
  const error = await promise.then(() => assert.fail(`not ${code}`), (thrown) => thrown);
  assert.ok(error instanceof MatteboxError, String(error.stack));
  assert.equal(error.code, code);
  for (const [name, value] of Object.entries(details)) assert.deepEqual(error.details[name], value, name);
}

describe('what cannot be opened says why', () => {
  const variants = { '12-bit': { precision: 12, marker: 0xc1 }, lossless: { marker: 0xc3 }, arithmetic: { marker: 0xc9 }, hierarchical: { marker: 0xc5 } };
  for (const [variant, frame] of Object.entries(variants)) {
    test(`a JPEG that is ${variant}`, () => fails(look(jpeg([], frame)), 'unsupported-image', { type: 'JPEG', variant }));
  }
  test('a JPEG of another depth', () => fails(look(jpeg([], { precision: 10 })), 'unsupported-image', { variant: 'odd-depth' }));
  describe('a TIFF', () => {
    const RGB = { 258: [8, 8, 8], 259: 1, 262: 2 };
    const kinds = {
      'old-jpeg-inside': [{ 259: 6 }],
      'jpeg-2000-inside': [{ 259: 34712 }, { 259: 33003 }],
      'webp-inside': [{ 259: 50001 }],
      zstandard: [{ 259: 50000, 339: 3 }, { 259: 50000, 262: 6 }],
      lzma: [{ 259: 34925 }],
      lerc: [{ 259: 34887 }],
      jbig: [{ 259: 34661 }],
      'other-compression': [{ 259: 4242 }],
      complex: [{ 339: 6 }],
      'mixed-depth': [{ 258: [5, 6, 5] }],
      mask: [{ 262: 4 }],
      luv: [{ 262: 32845 }],
      'other-colours': [{ 262: 777 }, { 262: 9 }],
    };
    for (const [variant, all] of Object.entries(kinds)) {
      test(variant, async () => {
        for (const tags of all) await fails(look(tiff({ ...RGB, ...tags })), 'unsupported-image', { type: 'TIFF', variant });
      });
    }
  });
  test('a camera’s raw file without a preview', async () => {
    for (const tags of [{ 50706: 1 }, { 262: 32803 }, { 262: 34892 }, { 259: 65535 }]) {
      await fails(look(tiff({ 258: [8, 8, 8], 259: 1, 262: 2, ...tags })), 'unsupported-image', { type: 'camera raw', variant: 'camera-raw' });
    }
  });
  test('no file at all', () => fails(look(), 'empty-image'));
  test('a text', () => fails(look('some text'), 'unsupported-image', { type: null }));
  test('a PDF', () => fails(look('%PDF-1.7'), 'unsupported-image', { type: 'PDF' }));
  test('a size of nothing', () => fails(look(jpeg([], { width: 0 })), 'corrupt-image', { type: 'JPEG' }));
  test('a segment without length', () => fails(look([0xff, 0xd8, 0xff, 0xe1, 0, 0]), 'corrupt-image', { type: 'JPEG' }));
  test('a file that was shortened', () => fails(look(fileOf('WebP').slice(0, 60)), 'corrupt-image', { type: 'WebP', reason: 'truncated' }));
  test('a file that is gone', async () => {
    const gone = blobOf('II*\0');
    gone.slice = () => ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotFoundError')) });
    await fails(inspect(gone, { limits: LIMITS }), 'corrupt-image', { reason: 'unreadable' });
  });
});

describe('a picture that is too large', () => {
  test('is refused before it is decoded, with the size at which it can be worked on', async () => {
    await fails(look(jpeg([], { width: 16_000, height: 9_000 })), 'image-too-large', { width: 16_000, height: 9_000, limit: LIMITS.limit, reduced: { width: 10_666, height: 6_000 } });
  });
  test('is accepted when it may be reduced', async () => {
    const { width } = await inspect(blobOf(jpeg([], { width: 16_000, height: 9_000 })), { limits: LIMITS, reduce: true });
    assert.equal(width, 16_000);
  });
  test('of 4 gigapixels is never decoded', async () => {
    for (const reduce of [false, true]) {
      await fails(inspect(blobOf(png(65_536, 65_536), [0, 0, 0, 0], 'IDAT'), { limits: LIMITS, reduce }), 'image-too-large', { reduced: null });
    }
  });
  test('is counted upright', async () => {
    const sideways = fileOf('JPEG', 'all').slice();
    const at = sideways.findIndex((byte, i) => byte === 0xff && sideways[i + 1] === 0xc0);
    sideways.set([...word(9_000), ...word(16_000)], at + 5);
    await fails(look(sideways), 'image-too-large', { width: 9_000, height: 16_000 });
  });
});

describe('hostile files: nothing but typed errors, and soon', () => {
  const files = [...FILES, ...TIFFS].map(({ bytes }) => bytes).filter(({ length }) => length < 8000);
  const damage = fc.record({
    file: fc.constantFrom(...files),
    length: fc.double({ min: 0, max: 1, noNaN: true }),
    changes: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }),
  });
  const damaged = ({ file, length, changes }) => {
    const bytes = file.slice(0, Math.ceil(file.length * Math.max(length, 0.02)));
    for (const [at, value] of changes) bytes[Math.floor(at * (bytes.length - 1))] = value;
    return blobOf(bytes);
  };
  const typed = (thrown) => assert.ok(thrown instanceof MatteboxError, String(thrown?.stack ?? thrown));
  test('heads', () => fc.assert(fc.asyncProperty(damage, (made) => inspect(damaged(made), { limits: LIMITS }).then(() => {}, typed)), { numRuns: 1500 }));
  test('metadata', () => fc.assert(fc.asyncProperty(damage, (made) => lookAt(damaged(made)).then(readMetadata).then(() => {}, typed)), { numRuns: 1500 }));
});
