import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';

import { sha256Portable } from '../../client/storage/sha256.js';

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const native = (bytes) => createHash('sha256').update(bytes).digest('hex');

describe('NIST’s examples (FIPS 180-4)', () => {
  const examples = {
    abc: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    '': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq: '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  };
  for (const [text, expected] of Object.entries(examples)) {
    test(`“${text}”`, () => assert.equal(hex(sha256Portable(new TextEncoder().encode(text))), expected));
  }
  test('a million times “a”', () => {
    assert.equal(hex(sha256Portable(new Uint8Array(1_000_000).fill(0x61))), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0');
  });
});

test('every length around the block boundaries', () => {
  for (let length = 0; length <= 130; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 131 + length) & 0xff);
    assert.equal(hex(sha256Portable(bytes)), native(bytes), `${length} bytes`);
  }
});

test('a mebibyte and a bit', () => {
  const bytes = Uint8Array.from({ length: 2 ** 20 + 61 }, (_, i) => Math.imul(i, 2654435761) >>> 24);
  assert.equal(hex(sha256Portable(bytes)), native(bytes));
});

test('a part of a larger buffer, which is left as it was', () => {
  const buffer = Uint8Array.from({ length: 300 }, (_, i) => i & 0xff);
  const before = native(buffer);
  assert.equal(hex(sha256Portable(buffer.subarray(13, 213))), native(buffer.subarray(13, 213)));
  assert.equal(native(buffer), before);
});
