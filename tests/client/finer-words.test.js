import assert from 'node:assert/strict';
import { test } from 'node:test';

import { formatAbout } from '../../client/messages/format.js';
import { finerWords } from '../../client/ui/finer-offer.js';

const MB = 1e6;
const plain = (words) => words.replaceAll('\u00a0', ' ');

test('finer edges are offered with the bytes that are left, and seconds where any are known', () => {
  /** @type {[number, number | null, boolean, string][]} */
  const table = [
    [63 * MB, 3912, true, 'Finer edges: 63.0 MB, once, then about 4 s a photo'],
    [63 * MB, null, true, 'Finer edges: 63.0 MB, once'],
    [63 * MB, 12_400, false, 'Finer edges: 63.0 MB, at each visit, then about 12 s a photo'],
    [63 * MB, null, false, 'Finer edges: 63.0 MB, at each visit'],
    [0, 640, true, 'Finer edges: about 0.6 s a photo, nothing to download'],
    [0, null, true, 'Finer edges, with nothing to download'],
  ];
  for (const [download, photoMs, kept, words] of table) assert.equal(plain(finerWords({ download, photoMs }, kept)), words);
});

test('what is counted is no more precise than counting is', () => {
  assert.deepEqual([312, 980, 1499, 19_499, 24_999, 61_300, 95_100].map((ms) => plain(formatAbout(ms))), ['0.3 s', '1 s', '1 s', '19 s', '20 s', '1 min 0 s', '1 min 40 s']);
});
