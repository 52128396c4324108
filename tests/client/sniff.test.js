import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { sniff } from '../../client/image/sniff.js';
import { FILES } from './files.js';

const bytes = (...parts) => Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...part].map((character) => character.charCodeAt(0)) : [part])));
const brand = (...names) => bytes(0, 0, 0, 12 + names.length * 4, 'ftyp', names[0], 0, 0, 0, 0, ...names.slice(1));

for (const { title, type, bytes: file } of FILES) {
  test(`what Pillow writes: ${title}`, () => assert.deepEqual(sniff(file.subarray(0, 64)), { type, isPhoto: true }));
}

describe('told by the signature', () => {
  const photos = {
    GIF: [bytes('GIF87a'), bytes('GIF89a')],
    TIFF: [bytes('II*', 0, 8), bytes('MM', 0, '*')],
    ICO: [bytes(0, 0, 1, 0, 1, 0)],
    AVIF: [brand('avif'), brand('avis'), brand('mif1', 'mif1', 'avif', 'miaf')],
    HEIC: [brand('heic'), brand('heix'), brand('hevc'), brand('mif1', 'mif1', 'heic'), brand('mif1'), brand('msf1', 'msf1', 'hevc')],
    SVG: [
      bytes('<svg/>'),
      bytes('\n <svg xmlns="http://www.w3.org/2000/svg">'),
      bytes(0xef, 0xbb, 0xbf, '<?xml version="1.0"?><!-- <html> --><!DOCTYPE svg PUBLIC "a" "b" [<!ENTITY a "b">]><svg:svg '),
      bytes(0xff, 0xfe, ...'<svg>'.split('').flatMap((character) => [character, 0])),
    ],
  };
  for (const [type, files] of Object.entries(photos)) {
    test(type, () => files.forEach((file) => assert.deepEqual(sniff(file), { type, isPhoto: true })));
  }
  const others = {
    PDF: [bytes('%PDF-1.7')],
    Photoshop: [bytes('8BPS', 0, 1)],
    BigTIFF: [bytes('II+', 0)],
    'JPEG XL': [bytes(0xff, 0x0a), bytes(0, 0, 0, 12, 'JXL ')],
    'JPEG 2000': [bytes(0, 0, 0, 12, 'jP  ')],
    'camera raw': [brand('crx ')],
    video: [brand('isom', 'avc1'), brand('qt  '), bytes(0x1a, 0x45, 0xdf, 0xa3)],
    ZIP: [bytes('PK', 3, 4)],
    HTML: [bytes('<!doctype html><title>404'), bytes('<html>')],
  };
  for (const [type, files] of Object.entries(others)) {
    test(`no photo: ${type}`, () => files.forEach((file) => assert.deepEqual(sniff(file), { type, isPhoto: false })));
  }
});

test('everything else is unknown', () => {
  const unknown = ['', 'a', '<svgx>', '<notsvg>', '{"a":1}', 'RIFF....WAVEfmt ', 'GIF', 'GIF88a', '\x89PNG\r\n', '\0\0\0\x10ftypabcd', 'some text'];
  for (const text of unknown) assert.equal(sniff(bytes(text)), null, text);
});

test('a head inside a larger buffer is read from where it begins', () => {
  const larger = new Uint8Array(100).fill(0xff);
  for (const { type, bytes: file } of FILES) {
    larger.set(file.subarray(0, 80), 7);
    assert.equal(sniff(larger.subarray(7, 87))?.type, type);
  }
});

test('a comment that never ends takes no time', () => {
  const started = performance.now();
  sniff(bytes('<!--'.repeat(1024)));
  sniff(bytes(' '.repeat(4096)));
  sniff(bytes('<!DOCTYPE ['.repeat(370)));
  assert.ok(performance.now() - started < 500);
});
