import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { BOUNDS, photosIn } from '../../client/ui/folders.js';

const refusal = () => new DOMException('made up by a test', 'NotFoundError');
const file = (name, type = '') => ({ name, fullPath: `/top/${name}`, isFile: true, isDirectory: false, file: (resolve) => resolve(new File(['x'], name, { type })) });
const unreadable = (name) => ({ ...file(name), file: (_, reject) => reject(refusal()) });

/** A folder that gives its entries `each` at a time, and refuses after so many calls. */
function folder(name, entries, { each = 100, fails = Infinity } = {}) {
  const createReader = () => {
    let calls = 0;
    return {
      readEntries(resolve, reject) {
        if (calls >= fails) reject(refusal());
        else queueMicrotask(() => resolve(entries.slice(calls * each, ++calls * each)));
      },
    };
  };
  return { name, isFile: false, isDirectory: true, createReader };
}

const names = ({ files, folders: _, ...rest }) => ({ ...rest, files: files.map(({ name }) => name) });
const NOTHING = { files: [], unread: [], leftOut: [], isCut: false };

describe('the photos in a folder', () => {
  test('and in those below come in by name', async () => {
    const top = folder('top', [file('b10.jpg'), folder('deep', [file('b9.PNG'), folder('deeper', [file('a.heic')])])]);
    assert.deepEqual(names(await photosIn([top, folder('other', [file('c.tif')])])), { ...NOTHING, files: ['a.heic', 'b9.PNG', 'b10.jpg', 'c.tif'] });
  });

  test('and each tells in which', async () => {
    const at = (path) => ({ ...file(path.split('/').at(-1)), fullPath: path });
    const { files, folders } = await photosIn([folder('album', [at('/album/b.jpg'), folder('below', [at('/album/below/a.jpg')])])]);
    assert.deepEqual(files.map((one) => [one.name, folders.get(one)]), [['a.jpg', 'album/below'], ['b.jpg', 'album']]);
  });

  test('what is unreadable is named, and keeps nothing else away', async () => {
    const top = folder('top', [unreadable('b.jpg'), file('a.jpg'), folder('shut', [], { fails: 0 }), unreadable('link'), unreadable('notes.txt')]);
    assert.deepEqual(names(await photosIn([top])), { ...NOTHING, files: ['a.jpg'], unread: ['b.jpg', 'link', 'shut'], leftOut: ['notes.txt'] });
  });

  test('a folder that cannot be opened at all is named', async () => {
    const shut = { ...folder('shut', []), createReader: () => { throw refusal(); } };
    assert.deepEqual(names(await photosIn([shut])), { ...NOTHING, unread: ['shut'] });
  });

  test('a folder that fails midway gives what it gave until then', async () => {
    const entries = Array.from({ length: 10 }, (_, i) => file(`${i}.jpg`));
    assert.deepEqual(names(await photosIn([folder('half', entries, { each: 4, fails: 2 })])), { ...NOTHING, files: entries.slice(0, 8).map(({ name }) => name), unread: ['half'] });
  });

  test('what is no photo is named, but for what systems put there', async () => {
    const system = [file('._a.jpg'), file('.DS_Store'), file('Thumbs.db'), file('desktop.ini'), file('Icon\r'), folder('@eaDir', [file('a.jpg')]), folder('__MACOSX', [file('b.jpg')])];
    const top = folder('top', [...system, file('a.jpg'), file('notes.txt'), file('SCAN', 'image/tiff'), file('README')]);
    assert.deepEqual(names(await photosIn([top])), { ...NOTHING, files: ['a.jpg', 'SCAN'], leftOut: ['notes.txt', 'README'] });
  });

  test('thousands of files all come in', async () => {
    const entries = Array.from({ length: 4000 }, (_, i) => file(`${i}.jpg`));
    const { files, isCut } = await photosIn([folder('many', entries)]);
    assert.deepEqual([files.length, files.at(-1).name, isCut], [4000, '3999.jpg', false]);
  });

  test('a folder that holds itself ends', async () => {
    const entries = [file('a.jpg')];
    const circle = folder('circle', entries);
    entries.push(circle);
    const { files, unread, isCut } = await photosIn([circle]);
    assert.deepEqual([files.length, unread, isCut], [BOUNDS.deepest, ['circle'], false]);
  });

  test('folders that hold each other many times over end, and what lies near came first', async () => {
    const entries = [file('near.jpg')];
    const web = folder('web', entries);
    for (let i = 0; i < 9; i++) entries.push(web);
    const { files, isCut } = await photosIn([web], { most: 500, deepest: 32 });
    assert.equal(isCut, true);
    assert.ok(files.length > 10 && files.length < 500);
  });
});
