import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';

import { ACCEPT, isPhotoName, isSystemFile, isSystemFolder, PHOTO_TYPES } from '../../client/ui/photo-names.js';
import { listed } from '../../client/page/left-out.js';

describe('names of photos', () => {
  test('tell what can be opened, however they are written', () => {
    for (const name of ['a.jpg', 'A.JPG', 'a.b.jpeg', 'IMG 1.HIF', 'x.Tiff', 'drawing.svg', 'favicon.ico', '..jpg.png']) assert.equal(isPhotoName(name), true, name);
    for (const name of ['notes.txt', 'a.jpg.zip', 'movie.mov', 'a.jpgx', 'Photo.docx']) assert.equal(isPhotoName(name), false, name);
    for (const name of ['IMG_0001', 'jpg', '.jpg', 'a.', '', 'Scan 3. page two']) assert.equal(isPhotoName(name), null, name);
  });

  test('the chooser and the installed app offer the same ones', async () => {
    const manifest = await readFile(new URL('../../server/templates/manifest.webmanifest', import.meta.url), 'utf8');
    const handled = JSON.parse(/"accept": (\{[^{}]*\})/u.exec(manifest)[1]);
    const expected = Object.fromEntries(Object.entries(PHOTO_TYPES).map(([type, names]) => [type, names.map((name) => `.${name}`)]));
    assert.deepEqual(handled, expected);
    assert.deepEqual(ACCEPT.split(','), ['image/*', ...Object.values(expected).flat()]);
  });
});

describe('what systems put beside photos', () => {
  test('is known by its name', () => {
    const files = ['._IMG_0.png', '._.DS_Store', '.DS_Store', 'Thumbs.db', 'thumbs.DB', 'ehthumbs.db', 'desktop.ini', 'Desktop.ini', 'Icon\r', '.localized', 'SYNOFILE_THUMB_M.jpg', 'SYNOPHOTO_THUMB_XL.jpg', '.picasa.ini'];
    for (const name of files) assert.equal(isSystemFile(name), true, name);
    for (const name of ['__MACOSX', '.AppleDouble', '@eaDir', '.Spotlight-V100', '.Trashes', '.Trash-1000', '$RECYCLE.BIN']) assert.equal(isSystemFolder(name), true, name);
  });

  test('is not what only looks like it', () => {
    for (const name of ['IMG_0.png', '_MG_0001.jpg', 'Icon.png', 'icon', 'thumbs.png', 'desktop.png', '.jpg', '. _a.jpg', 'a._b.jpg']) assert.equal(isSystemFile(name), false, name);
    for (const name of ['macosx', 'eaDir', 'Trash', '2024', '.photos']) assert.equal(isSystemFolder(name), false, name);
  });
});

test('a sentence names a few of many, and no name can turn it around', () => {
  const [unread, leftOut] = ['unread', 'left-out'].map((what) => (names) => listed(what, names));
  assert.equal(unread(['']).title, '1 item could not be read.');
  assert.equal(unread(['', 'b']).title, '2 items could not be read: b and 1 more.');
  assert.equal(leftOut(['a.txt']).title, '1 file was left out: a.txt.');
  assert.equal(leftOut(['a', 'b', 'c']).title, '3 files were left out: a, b and c.');
  assert.equal(leftOut(['a', 'b', 'c', 'd', 'e']).title, '5 files were left out: a, b, c and 2 more.');
  assert.equal(leftOut([`\u202Egpj\n${'x'.repeat(300)}`]).title, `1 file was left out: gpj${'x'.repeat(36)}….`);
});
