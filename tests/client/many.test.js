import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { look } from '../../client/image/read/inspect.js';
import { noteWords } from '../../client/ui/note-words.js';
import { blobOf } from './files.js';
import { bytesOf, golden } from './golden.js';

const FILES = golden('many').map((entry) => ({ ...entry, bytes: bytesOf(entry.file) }));
const noted = async (...parts) => (await look(blobOf(...parts))).head.notes;

describe('a file with several pictures says so, and how many', () => {
  for (const { what, bytes, count, kind } of FILES) {
    test(what, async () => assert.deepEqual(await noted(bytes), count > 1 ? [{ code: 'first-of-many', detail: { count, kind } }] : []));
  }
});

test('a film behind a photo is no part of it', async () => {
  const { bytes } = FILES.find(({ what }) => what === 'HEIC, one');
  const moving = FILES.find(({ what }) => what === 'AVIF, moving').bytes;
  assert.deepEqual(await noted(bytes, moving), []);
});

test('a TIFF whose pages go in a circle is counted once', async () => {
  const { bytes } = FILES.find(({ what }) => what === 'TIFF, pages');
  const file = Buffer.from(bytes);
  const first = file.readUInt32LE(4);
  const next = first + 2 + file.readUInt16LE(first) * 12;
  file.writeUInt32LE(first, next);
  assert.deepEqual(await noted(file), []);
});

test('the sentences are whole', () => {
  for (const kind of ['frames', 'pages', 'pictures']) {
    assert.match(noteWords({ code: 'first-of-many', detail: { count: 1200, kind } }), /^Only .* 1,200\.$/);
    assert.match(noteWords({ code: 'first-of-many', detail: { kind } }), /^Only .* several\.$/);
  }
  for (const [detail, words] of [[{ missing: 0 }, /whole picture is there\.$/], [{ missing: 0, kind: 'detail' }, /fine detail/], [{ missing: 0.12 }, /12%/], [{ missing: 0.004 }, /less than 1%/]]) {
    assert.match(noteWords({ code: 'incomplete', detail }), words);
  }
});
