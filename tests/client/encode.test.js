import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import zlib from 'node:zlib';

import { readPng } from './read-png.js';
import { vendorFile } from './vendor.js';

// Whether the pictures are what they were is for Pillow to say (tests/browser/test_outputs.py); here are the containers.
const { encode, loadCodec } = await import('../../client/image/write/encode.js');
const { embedInJpeg } = await import('../../client/image/write/embed-jpeg.js');

const PHOTOS = new URL('../fixtures/photos/', import.meta.url);
/** Longer than one segment of a JPEG holds, and of an odd length. */
const PROFILE = Uint8Array.from({ length: 70_001 }, (_, i) => (i * i) >> 7);
const METADATA = { profile: PROFILE, copyright: '© Ada 2026', artist: 'Ada' };
/** Exif by the letter of TIFF 6.0: little-endian, Artist, Copyright. */
const EXIF = Buffer.concat([
  Buffer.from('49492a00 08000000 0200 3b01 0200 04000000 41646100 9882 0200 0c000000 26000000 00000000'.replaceAll(' ', ''), 'hex'),
  Buffer.from('© Ada 2026\0'),
]);

function picture(width, height, isOpaque = false) {
  let state = 3;
  const data = new Uint8ClampedArray(width * height * 4).map((_, i) => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24) | (isOpaque && i % 4 === 3 ? 255 : 0));
  return { data, width, height };
}

const bytesOf = async (blob) => Buffer.from(await blob.arrayBuffer());
const codecs = { webp: 'jsquash-webp/webp_enc_simd.wasm', avif: 'jsquash-avif/avif_enc.wasm' };

test('without its codec no picture is written, but PNG needs none', async () => {
  await assert.rejects(encode(picture(2, 2), { type: 'image/webp' }), { code: 'internal' });
  await assert.rejects(loadCodec('webp', Buffer.from('no wasm')), ({ code, details }) => code === 'runtime-failed' && details.part === 'webp');
  assert.equal((await encode(picture(2, 2), {})).type, 'image/png');
});

describe('with codecs', () => {
  before(() => Promise.all(Object.entries(codecs).map(([name, path]) => loadCodec(name, vendorFile(path)))));

  test('PNG is exact, under alpha 0 too, and says that it is sRGB', async () => {
    for (const [width, height] of [[1, 1], [1, 9], [9, 1], [33, 17]]) {
      const pixels = picture(width, height);
      pixels.data[3] = 0;
      const blob = await encode(pixels);
      const { chunks, ...read } = readPng(await bytesOf(blob));
      assert.deepEqual([blob.type, read.width, read.height, read.channels], ['image/png', width, height, 4]);
      assert.deepEqual(read.data, Uint8Array.from(pixels.data));
      assert.deepEqual([...new Set(chunks.map(({ type }) => type))], ['IHDR', 'sRGB', 'IDAT', 'IEND']);
    }
  });

  test('a PNG keeps a profile instead, and credits', async () => {
    const { chunks } = readPng(await bytesOf(await encode(picture(5, 4), {}, METADATA)));
    assert.deepEqual([...new Set(chunks.map(({ type }) => type))], ['IHDR', 'iCCP', 'eXIf', 'IDAT', 'IEND']);
    const [name, method] = [chunks[1].data.subarray(0, 12).toString('latin1'), chunks[1].data[12]];
    assert.deepEqual([name, method], ['ICC profile\0', 0]);
    assert.deepEqual(Uint8Array.from(zlib.inflateSync(chunks[1].data.subarray(13))), PROFILE);
    assert.deepEqual(Buffer.from(chunks[2].data), EXIF);
  });

  test('the next picture is not disturbed by the last', async () => {
    const [large, small] = [picture(300, 200), picture(3, 2)];
    for (const pixels of [large, small, large]) assert.deepEqual(readPng(await bytesOf(await encode(pixels))).data, Uint8Array.from(pixels.data));
  });

  for (const quality of ['lossless', 80]) {
    for (const isOpaque of [false, true]) {
      test(`WebP, ${quality}, ${isOpaque ? 'opaque' : 'transparent'}: chunks in order and their flags`, async () => {
        const pixels = picture(35, 18, isOpaque);
        const plain = riff(await bytesOf(await encode(pixels, { type: 'image/webp', quality })));
        assert.ok(plain.every(({ name }) => !['ICCP', 'EXIF', 'XMP '].includes(name)));
        const chunks = riff(await bytesOf(await encode(pixels, { type: 'image/webp', quality }, METADATA)));
        const image = quality === 'lossless' ? ['VP8L'] : [...(isOpaque ? [] : ['ALPH']), 'VP8 '];
        assert.deepEqual(chunks.map(({ name }) => name), ['VP8X', 'ICCP', ...image, 'EXIF']);
        assert.deepEqual([...chunks[0].data], [0x28 | (isOpaque ? 0 : 0x10), 0, 0, 0, 34, 0, 0, 17, 0, 0]);
        assert.deepEqual(Uint8Array.from(chunks[1].data), PROFILE);
        assert.deepEqual(Buffer.from(chunks.at(-1).data), EXIF);
        assert.deepEqual(chunks.filter(({ name }) => image.includes(name)).map(({ data }) => data), plain.filter(({ name }) => image.includes(name)).map(({ data }) => data));
      });
    }
  }

  test('an AVIF holds both, and nothing of them without being told', async () => {
    const plain = await bytesOf(await encode(picture(16, 16), { type: 'image/avif' }));
    assert.equal(plain.toString('latin1', 4, 12), 'ftypavif');
    assert.ok(!plain.includes('Exif') && !plain.includes('colrprof'));
    const file = await bytesOf(await encode(picture(16, 16), { type: 'image/avif' }, METADATA));
    assert.ok(file.includes(PROFILE));
    assert.ok(file.subarray(-EXIF.length).equals(EXIF));
    const kept = await bytesOf(await encode(picture(16, 16), { type: 'image/avif' }, { ...METADATA, profile: null }));
    assert.ok(kept.includes('Exif') && !kept.includes('colrprof'));
  });

  test('a WebP longer than the format allows is refused', async () => {
    await assert.rejects(encode(picture(16384, 1), { type: 'image/webp' }), { code: 'encode-failed', details: { type: 'image/webp', width: 16384, height: 1, reason: 'too-long', limit: 16383, reduced: { width: 16383, height: 1 } } });
    assert.equal((await encode(picture(16383, 1), { type: 'image/webp' })).type, 'image/webp');
  });

  test('what a codec cannot do is a typed error, and the next picture is written', async () => {
    await assert.rejects(encode({ data: new Uint8ClampedArray(4), width: 0, height: 0 }, { type: 'image/webp' }), { code: 'encode-failed' });
    await assert.rejects(encode({ data: new Uint8ClampedArray(4), width: 60_000, height: 60_000 }), { code: 'encode-failed' });
    assert.equal((await encode(picture(2, 2))).type, 'image/png');
  });
});

describe('JPEG', () => {
  const photo = readFileSync(new URL('flower.jpg', PHOTOS));
  // What a browser might write beside the picture, in the order of the segments.
  const told = Buffer.concat([photo.subarray(0, 2), segment(0xe1, 'Exif\0\0GPS'), segment(0xe2, 'ICC_PROFILE\0\x01\x01sRGB'), segment(0xfe, 'comment'), photo.subarray(2)]);
  const embedded = async (metadata) => markers(await bytesOf(new Blob(await embedInJpeg(new Blob([told]), metadata))));
  const scan = markers(photo).find(({ marker }) => marker === 0xda).rest;

  test('what is not the picture goes', async () => {
    const found = await embedded(null);
    assert.ok(found.every(({ marker }) => marker === 0xe0 || marker < 0xe0));
    assert.deepEqual(found.at(-1).rest, scan);
  });

  test('profile and credits come in segments', async () => {
    const found = await embedded(METADATA);
    const [exif] = found.filter(({ marker }) => marker === 0xe1);
    assert.deepEqual(exif.data, Buffer.concat([Buffer.from('Exif\0\0'), EXIF]));
    const parts = found.filter(({ marker }) => marker === 0xe2).map(({ data }) => data);
    assert.deepEqual(parts.map((data) => [data.toString('latin1', 0, 12), data[12], data[13], data.length - 14]), [['ICC_PROFILE\0', 1, 2, 65519], ['ICC_PROFILE\0', 2, 2, 70_001 - 65519]]);
    assert.deepEqual(Uint8Array.from(Buffer.concat(parts.map((data) => data.subarray(14)))), PROFILE);
    assert.deepEqual(found.at(-1).rest, scan);
  });

  test('a file of nothing is an error, not an endless walk', async () => {
    await assert.rejects(embedInJpeg(new Blob([]), null));
  });
});

function segment(marker, text) {
  const data = Buffer.from(text, 'latin1');
  return Buffer.concat([Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255]), data]);
}

/** The segments of a JPEG; the last is the scan with all that follows. */
function markers(file) {
  const found = [];
  for (let at = 2; ; ) {
    assert.equal(file[at], 0xff);
    const end = at + 2 + file.readUInt16BE(at + 2);
    const marker = file[at + 1];
    found.push({ marker, data: file.subarray(at + 4, end), rest: marker === 0xda ? file.subarray(end) : null });
    if (marker === 0xda) return found;
    at = end;
  }
}

/** The chunks of a RIFF file, whose lengths must add up. */
function riff(file) {
  assert.deepEqual([file.toString('latin1', 0, 4), file.readUInt32LE(4), file.toString('latin1', 8, 12)], ['RIFF', file.length - 8, 'WEBP']);
  const found = [];
  let at = 12;
  while (at < file.length) {
    const length = file.readUInt32LE(at + 4);
    found.push({ name: file.toString('latin1', at, at + 4), data: file.subarray(at + 8, at + 8 + length) });
    at += 8 + length + (length % 2);
  }
  assert.equal(at, file.length);
  return found;
}
