import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { markupKind } from '../../client/image/read/markup.js';
import { sniff } from '../../client/image/read/sniff.js';
import { FILES } from './files.js';

const kindOf = (head) => sniff(head) ?? markupKind(head);
const bytes = (...parts) => Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...part].map((character) => character.charCodeAt(0)) : [part])));
const brand = (...names) => bytes(0, 0, 0, 12 + names.length * 4, 'ftyp', names[0], 0, 0, 0, 0, ...names.slice(1));

for (const { title, type, bytes: file } of FILES) {
  test(`what Pillow writes: ${title}`, () => assert.deepEqual(kindOf(file.subarray(0, 64)), { type, isPhoto: true }));
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
    'JPEG XL': [bytes(0xff, 0x0a), bytes(0, 0, 0, 12, 'JXL ')],
    Photoshop: [bytes('8BPS', 0, 1)],
    'camera raw': [brand('crx '), bytes('FUJIFILMCCD-RAW 0201FF389501X-T1', ...Array(24).fill(0)), bytes('IIU', 0, 8, 0, 0, 0), bytes('IIRO', 8, 0, 0, 0), bytes('MMOR', 0, 0, 0, 8)],
  };
  for (const [type, files] of Object.entries(photos)) {
    test(type, () => files.forEach((file) => assert.deepEqual(kindOf(file), { type, isPhoto: true })));
  }
  const others = {
    PDF: [bytes('%PDF-1.7')],
    'JPEG 2000': [bytes(0, 0, 0, 12, 'jP  ')],
    'camera raw': [bytes('FOVb', 0, 0, 2, 0), bytes(0, 'MRM', 0, 1, 2), bytes('II', 0x1a, 0, 0, 0, 'HEAPCCDR')],
    video: [brand('isom', 'avc1'), brand('qt  '), bytes(0x1a, 0x45, 0xdf, 0xa3)],
    ZIP: [bytes('PK', 3, 4)],
    HTML: [bytes('<!doctype html><title>404'), bytes('<html>')],
  };
  for (const [type, files] of Object.entries(others)) {
    test(`no photo: ${type}`, () => files.forEach((file) => assert.deepEqual(kindOf(file), { type, isPhoto: false })));
  }
});

test('everything else is unknown', () => {
  const unknown = ['', 'a', '<svgx>', '<notsvg>', '{"a":1}', 'RIFF....WAVEfmt ', 'GIF', 'GIF88a', '\x89PNG\r\n', '\0\0\0\x10ftypabcd', 'some text'];
  for (const text of unknown) assert.equal(kindOf(bytes(text)), null, text);
});

describe('a signature needs a plausible head', () => {
  const LINE = 'BMW 3 series, price list\n';
  const texts = {
    BMP: [LINE.repeat(40), 'BM', 'BMI is a number, and no picture at all', 'BM,1;2;3\r\n'.repeat(9), 'BM\t'.repeat(20)],
    GIF: ['GIF89a, a format of 1989', 'GIF87a! The first of them all, and still with us', `GIF89a ${LINE}`, `GIF89a is a ,${LINE}`, 'GIF89a 1234; a text'],
    TIFF: [`II*\0${LINE.repeat(3)}`, `MM\0*${LINE.repeat(3)}`],
    WebP: ['A text: WEBP is a format for photos on the web'],
    HEIC: ['The ftypheic of a file says that it is a HEIC', 'See ftypavif.'],
    raw: ['IIRO is an abbreviation of something', 'FOVb, and other words', 'MMOR of a text'],
  };
  for (const [type, each] of Object.entries(texts)) {
    test(`texts are no ${type}`, () => each.forEach((text) => assert.equal(kindOf(bytes(text)), null, text)));
  }
  test('nor are numbers an icon without pictures', () => {
    for (const rest of [[0, 0], [1, 0, 65, 66, 67, 68], [...Array(30).fill(65)], [2, 0, 16, 16, 0, 0, 1, 0, 32, 0, 9, 0, 0, 0, 22, 0, 0, 0]]) {
      assert.equal(kindOf(bytes(0, 0, 1, 0, ...rest, ...Array(20).fill(0))), null, String(rest));
    }
  });
  test('all headers that a BMP was ever written with', () => {
    for (const size of [12, 16, 40, 52, 56, 64, 108, 124]) {
      const file = new Uint8Array(200);
      file.set(bytes('BM'));
      file.set([54, 0, 0, 0, size], 10);
      file[size === 12 ? 24 : 28] = 24;
      assert.equal(kindOf(file)?.type, 'BMP', String(size));
    }
  });
  test('a GIF with the largest palette, with and without an extension', () => {
    for (const next of [[0x21, 0xf9, 4], [0x21, 0xff, 11], [0x2c, 0, 0]]) {
      assert.equal(kindOf(bytes('GIF89a', 1, 0, 1, 0, 0xf7, 0, 0, ...Array(768).fill(70), ...next))?.type, 'GIF');
    }
  });
});

test('a head inside a larger buffer is read from where it begins', () => {
  const larger = new Uint8Array(100).fill(0xff);
  for (const { type, bytes: file } of FILES) {
    larger.set(file.subarray(0, 80), 7);
    assert.equal(kindOf(larger.subarray(7, 87))?.type, type);
  }
});

test('a comment that never ends takes no time', () => {
  const started = performance.now();
  kindOf(bytes('<!--'.repeat(1024)));
  kindOf(bytes(' '.repeat(4096)));
  kindOf(bytes('<!DOCTYPE ['.repeat(370)));
  assert.ok(performance.now() - started < 500);
});
