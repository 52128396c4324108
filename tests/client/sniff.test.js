import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { sniff } from '../../client/image/sniff.js';
import { bytesOf, golden } from './golden.js';

const photo = (name) => new Uint8Array(readFileSync(new URL(`../fixtures/photos/${name}`, import.meta.url)));
const ascii = (text) => [...text].map((character) => character.charCodeAt(0));
const word = (n) => [n >> 8, n & 0xff];

/** A JPEG's head: `before` the frame header, then the frame header itself. */
function jpeg(before, { marker = 0xc0, width = 640, height = 427 } = {}) {
  const frame = [0xff, marker, ...word(17), 8, ...word(height), ...word(width), 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
  return Uint8Array.from([0xff, 0xd8, ...before, ...frame]);
}

/** A marker segment with so many bytes of content. */
const segment = (marker, length, fill = 0) => [0xff, marker, ...word(length + 2), ...Array(length).fill(fill)];

describe('real photos: type, and size as stored', () => {
  const files = {
    'camera.png': ['PNG', 512, 512],
    'chelsea.png': ['PNG', 451, 300],
    'coffee.png': ['PNG', 600, 400],
    'flower.jpg': ['JPEG', 640, 427],
    'retina.jpg': ['JPEG', 1411, 1411],
    'astronaut-sideways.jpg': ['JPEG', 512, 401],
    'rocket.webp': ['WebP', 640, 427],
  };
  for (const [name, [type, width, height]] of Object.entries(files)) {
    test(name, () => assert.deepEqual(sniff(photo(name)), { type, isDecodable: true, width, height }));
  }
});

describe('what Pillow writes', () => {
  for (const [i, { type, head }] of golden('heads').entries()) {
    test(`${type}, variant ${i}`, () => {
      const size = type === 'WebP' || type === 'PNG' ? { width: 97, height: 61 } : {};
      assert.deepEqual(sniff(bytesOf(head)), { type, isDecodable: 'width' in size, ...size });
    });
  }
});

describe('a JPEG’s size stands behind', () => {
  const frames = {
    'nothing else': jpeg([]),
    'EXIF and a colour profile of the greatest length': jpeg([...segment(0xe1, 65_533, 0xff), ...segment(0xe2, 65_533), ...segment(0xfe, 0)]),
    'fill bytes': jpeg([0xff, 0xff, 0xff, ...segment(0xe0, 14), 0xff, 0xff]),
    'tables, which share the frames’ numbers': jpeg([...segment(0xc4, 28), ...segment(0xcc, 3), ...segment(0xdb, 65)]),
  };
  for (const [name, head] of Object.entries(frames)) {
    test(name, () => assert.deepEqual(sniff(head), { type: 'JPEG', isDecodable: true, width: 640, height: 427 }));
  }
  for (const marker of [0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc9, 0xcf]) {
    test(`frame header ${marker.toString(16)}`, () => assert.equal(sniff(jpeg([], { marker, width: 65_535, height: 1 })).width, 65_535));
  }
  test('a thumbnail, whose own frame is not the photo’s', () => {
    const thumbnail = [...jpeg([], { width: 160, height: 120 })];
    const exif = [0xff, 0xe1, ...word(thumbnail.length + 2), ...thumbnail];
    assert.equal(sniff(jpeg(exif)).width, 640);
  });
});

test('a picture of 4 gigapixels tells so', () => {
  const head = photo('camera.png').slice(0, 64);
  new DataView(head.buffer).setUint32(16, 65_536);
  new DataView(head.buffer).setUint32(20, 0xffff_ffff);
  assert.deepEqual(sniff(head), { type: 'PNG', isDecodable: true, width: 65_536, height: 0xffff_ffff });
});

describe('files that are told apart and not opened', () => {
  const brand = (name) => Uint8Array.of(0, 0, 0, 24, ...ascii(`ftyp${name}`), 0, 0, 0, 0);
  const files = {
    GIF: [Uint8Array.from(ascii('GIF89a')), Uint8Array.from(ascii('GIF87a'))],
    BMP: [Uint8Array.from(ascii('BM6000'))],
    TIFF: [Uint8Array.of(0x49, 0x49, 0x2a, 0, 8), Uint8Array.of(0x4d, 0x4d, 0, 0x2a, 0)],
    PDF: [Uint8Array.from(ascii('%PDF-1.7'))],
    AVIF: [brand('avif'), brand('avis')],
    HEIC: [brand('heic'), brand('heix'), brand('hevc')],
    HEIF: [brand('mif1'), brand('msf1')],
  };
  for (const [type, heads] of Object.entries(files)) {
    test(type, () => {
      for (const head of heads) assert.deepEqual(sniff(head), { type, isDecodable: false });
    });
  }
  test('everything else is unknown', () => {
    const unknown = ['', 'a', '<!doctype html>', '<svg xmlns=', '{"a":1}', 'RIFF....WAVEfmt ', '\0\0\0\x18ftypmp42', 'GIF', '\x89PNG\r\n'];
    for (const text of unknown) assert.equal(sniff(Uint8Array.from(ascii(text))), null, text);
  });
});

/** Heads of every format, short enough for each of their lengths to be tried. */
const HEADS = [
  jpeg([...segment(0xe1, 40), 0xff, 0xff, ...segment(0xc4, 28)]),
  ...golden('heads').map(({ head }) => bytesOf(head)),
];

test('a head cut anywhere has its type or none, and a size only when it is all there', () => {
  for (const head of HEADS) {
    const whole = sniff(head);
    for (let length = 0; length < head.length; length++) {
      const found = sniff(head.slice(0, length));
      if (found === null) continue;
      assert.equal(found.type, whole.type, `${length} bytes`);
      if ('width' in found) assert.deepEqual(found, whole, `${length} bytes`);
    }
  }
});

test('a head inside a larger buffer is read from where it begins', () => {
  const larger = new Uint8Array(200).fill(0xff);
  for (const head of HEADS) {
    larger.set(head, 7);
    assert.deepEqual(sniff(larger.subarray(7, 7 + head.length)), sniff(head));
  }
});

test('2,000 damaged heads never throw', () => {
  let state = 42;
  const random = (below) => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % below;
  for (let round = 0; round < 2000; round++) {
    const head = HEADS[round % HEADS.length].slice(0, 1 + random(120));
    for (let i = random(12); i >= 0; i--) head[random(head.length)] = random(7919);
    const found = sniff(head);
    assert.ok(found === null || typeof found.type === 'string', `round ${round}`);
  }
});
