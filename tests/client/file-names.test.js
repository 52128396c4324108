import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { DEFAULT_PATTERN, fileName, LONGEST_PATTERN, safeFolder, safeName, uniqueName, usablePattern } from '../../client/finish/file-names.js';
import { recallPattern, rememberPattern } from '../../client/finish/name-preference.js';

const FACTS = { name: 'cat.jpg', number: 3, total: 12, modified: new Date(2024, 4, 31, 23, 30).getTime(), size: { width: 800, height: 600 }, type: 'image/png', content: 'cutout' };
const named = (name, facts = {}) => fileName(DEFAULT_PATTERN, { ...FACTS, name, ...facts });
const by = (pattern, facts = {}) => fileName(pattern, { ...FACTS, ...facts });
const bytes = (text) => new TextEncoder().encode(text).length;

test('files that lie together have names that every system tells apart', () => {
  const taken = new Set();
  const names = ['cat.png', 'Cat.png', 'cat.png', 'cat (2).png', 'caf\u00e9.png', 'cafe\u0301.png', 'noext', 'noext', 'v1.2/noext', 'v1.2/noext'].map((name) => uniqueName(name, taken));
  assert.deepEqual(names, ['cat.png', 'Cat (2).png', 'cat (3).png', 'cat (2) (2).png', 'caf\u00e9.png', 'cafe\u0301 (2).png', 'noext', 'noext (2)', 'v1.2/noext', 'v1.2/noext (2)']);
});

describe('without a pattern of its own', () => {
  test('a cutout is named after its photo', () => {
    const names = ['cat.jpg', 'IMG.2024.HEIC', 'no-extension', '.hidden', ''].map((name) => named(name));
    assert.deepEqual(names, ['cat-cutout.png', 'IMG.2024-cutout.png', 'no-extension-cutout.png', '.hidden-cutout.png', 'photo-cutout.png']);
  });

  test("its extension is that of the file, whatever the photo's was", () => {
    assert.equal(named('cat.jpg', { type: 'image/jpeg' }), 'cat-cutout.jpg');
    assert.equal(named('cat.heic', { type: 'image/avif' }), 'cat-cutout.avif');
    assert.equal(named('cat.jpg', { content: 'matte' }), 'cat-matte.png');
  });

  test('a name that file systems would not take is made one that they do', () => {
    assert.equal(named('50% "off" #1: a/b\\c?.jpg'), '50% _off_ #1_ a_b_c_-cutout.png');
    assert.equal(named('tab\tline\nleft\u202egpj.jpg'), 'tab_line_left_gpj-cutout.png');
    assert.equal(named('👩‍🚀 café.jpg'), '👩‍🚀 café-cutout.png');
    assert.equal(named(' .jpg'), 'photo-cutout.png');
  });
});

describe('a pattern', () => {
  test('has fields, and what is none stays', () => {
    assert.equal(by('shop {number} {width}x{height} {date} {name} {kind}'), 'shop 03 800x600 2024-05-31 cat cutout.png');
    assert.equal(by('{number}', { number: 7, total: 1200 }), '0007.png');
    assert.equal(by('{constructor} {NAME} {', {}), '{constructor} {NAME} {.png');
    assert.equal(by('{name}{name}'), 'catcat.png');
  });

  test('of a size that is not known yet leaves it out', () => assert.equal(by('{name} {width}', { size: null }), 'cat.png'));

  test('that would leave nothing is none', () => {
    assert.equal(by('   '), 'cat-cutout.png');
    assert.equal(by('...'), 'photo.png');
    assert.equal(by('{width}', { size: null }), 'photo.png');
    assert.equal(usablePattern(null), DEFAULT_PATTERN);
    assert.equal(usablePattern('x'.repeat(999)).length, LONGEST_PATTERN);
  });

  test('is remembered, and the usual one is not', () => {
    const kept = new Map();
    const open = () => ({ getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) });
    assert.equal(recallPattern(open), DEFAULT_PATTERN);
    rememberPattern('{number}', open);
    assert.equal(recallPattern(open), '{number}');
    rememberPattern(DEFAULT_PATTERN, open);
    assert.equal(kept.size, 0);
  });
});

describe('a name is safe on every system', () => {
  test('where Windows has devices of that name', () => {
    for (const name of ['CON', 'con.photo', 'nul', 'Com1', 'lpt9.a.b', 'COM\u00b9', 'AUX ', 'conout$']) assert.equal(safeName(name), `_${name.trim()}`, name);
    for (const name of ['CONE', 'com', 'com10', 'lpt', 'a.con', 'null']) assert.equal(safeName(name), name);
    assert.equal(by('{name}', { name: 'con.jpg' }), '_con.png');
  });

  test('without dots and spaces at its end, or spaces before it', () => assert.deepEqual([' a. .', 'b...', '.c', '. .'].map((name) => safeName(name)), ['a', 'b', '.c', 'photo']));

  test('composed, as most systems write it', () => assert.equal(safeName('cafe\u0301'), 'caf\u00e9'));

  test('no longer than systems take, in bytes, and nothing is cut in half', () => {
    for (const unit of ['x', '\u00e9', '\u732b', '\u{1f431}', '\u{1f469}\u200d\u{1f680}']) {
      const name = named(`${unit.repeat(300)}.jpg`);
      assert.ok(bytes(name) <= 210 && bytes(name) > 195 && name.endsWith('-cutout.png'), `${bytes(name)} ${name}`);
      assert.ok(bytes(by(`${unit.repeat(40)} {name}{number}`, { name: `${unit.repeat(90)}.jpg` })) <= 210);
      assert.equal(name, name.toWellFormed());
      assert.ok(!name.includes('\u200d.'));
    }
  });

  test('nor does a folder lead elsewhere', () => {
    assert.equal(safeFolder('album/../be:low/./a'), 'album/be_low/a');
    assert.equal(safeFolder('/etc//x '), 'etc/x');
    assert.equal(safeFolder(''), '');
  });
});
