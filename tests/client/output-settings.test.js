import assert from 'node:assert/strict';
import { test } from 'node:test';

import { recallFinish, rememberFinish } from '../../client/finish/output-preference.js';
import { changed, DEFAULTS, isDefault, NO_LOAN, resized, wanted } from '../../client/finish/output-settings.js';
import { PRESETS } from '../../client/finish/presets.js';

const set = (change) => changed(DEFAULTS, change);
const output = (change, backdrop = null) => wanted(set(change), backdrop).output;

/** @param {string | null} [value] */
function memoryStorage(value = null) {
  return { value, getItem() { return this.value; }, setItem(_key, text) { this.value = text; } };
}

test('untouched, a photo becomes a transparent PNG of its exact size without metadata', () => {
  assert.deepEqual(output({}), { type: 'image/png', background: { kind: 'none' }, crop: null, shadow: null, keep: [], refine: true, decontaminate: true });
  assert.equal(isDefault(DEFAULTS), true);
});

test('each background asks for its own numbers and for nothing of the others', () => {
  assert.deepEqual(output({ background: 'colour', colour: '#123456' }).background, { kind: 'colour', colour: '#123456' });
  assert.deepEqual(output({ background: 'gradient', from: '#000000', to: '#ffffff', angle: 90 }).background, { kind: 'gradient', from: '#000000', to: '#ffffff', angle: 90 });
  assert.deepEqual(output({ background: 'blur', blur: 25 }).background, { kind: 'blur', strength: 0.25 });
});

test('a picture of one\'s own is no background until there is one', () => {
  const image = new Blob(['x']);
  assert.deepEqual(output({ background: 'image' }).background, { kind: 'none' });
  assert.equal(output({ background: 'image' }, { image, id: 1 }).background.image, image);
  const key = (id) => wanted(set({ background: 'image' }), { image, id }).fileKey;
  assert.notEqual(key(1), key(2));
});

test('light is matched to a picture, and to nothing else', () => {
  const asked = (change, backdrop) => 'matchLight' in output({ matchLight: true, ...change }, backdrop);
  const backdrop = { image: new Blob(['x']), id: 1 };
  assert.deepEqual([asked({ background: 'image' }, backdrop), asked({ background: 'image' }), asked({ background: 'colour' }, backdrop), asked({ background: 'image', format: 'matte' }, backdrop)], [true, false, false, false]);
  const keys = (matchLight) => { const { fileKey, previewKey } = wanted(set({ background: 'image', matchLight }), backdrop); return [fileKey, previewKey]; };
  assert.equal(keys(true).some((key, i) => key === keys(false)[i]), false);
});

test('each format asks for the quality it has', () => {
  const asked = (change) => { const { type, quality } = output(change); return [type, quality]; };
  assert.deepEqual(asked({ format: 'png' }), ['image/png', undefined]);
  assert.deepEqual(asked({ format: 'webp' }), ['image/webp', 'lossless']);
  assert.deepEqual(asked({ format: 'webp', webpLossless: false, webpQuality: 60 }), ['image/webp', 60]);
  assert.deepEqual(asked({ format: 'avif', avifQuality: 55 }), ['image/avif', 55]);
  assert.deepEqual(asked({ format: 'jpeg', jpegQuality: 80 }), ['image/jpeg', 80]);
});

test('a matte has no background, no shadow and no metadata', () => {
  assert.deepEqual(output({ format: 'matte', deep: true, background: 'blur', shadow: true, profile: true }), { type: 'image/png', content: 'matte', depth: 16, crop: null, refine: true });
});

test('a crop of one\'s own: margin, shape, and pixels that rule over the shape', () => {
  assert.deepEqual(output({ size: 'custom', margin: 10, shape: '4:5' }).crop, { margin: 0.1, aspect: 0.8, width: null, height: null });
  assert.deepEqual(output({ size: 'custom', shape: '4:5', width: 800 }).crop, { margin: 0.05, aspect: 0.8, width: 800, height: null });
  assert.deepEqual(output({ size: 'custom', shape: '4:5', width: 800, height: 600 }).crop, { margin: 0.05, aspect: null, width: 800, height: 600 });
});

test('each preset gives its own crop', () => {
  for (const { id, output: { crop } } of PRESETS.filter((preset) => preset.id !== 'id-photo')) assert.deepEqual(output({ size: id }).crop, crop, id);
});

test('a preset sets what it needs, and takes it along when it goes', () => {
  const before = set({ background: 'blur', format: 'webp' });
  const shop = resized(before, 'marketplace', NO_LOAN);
  assert.deepEqual([shop.settings.background, shop.settings.colour, shop.settings.format], ['colour', '#ffffff', 'jpeg']);
  const square = resized(shop.settings, 'square-1024', shop.loan);
  assert.deepEqual(square.settings, { ...before, size: 'square-1024' });
  const office = resized(shop.settings, 'id-photo', shop.loan);
  assert.deepEqual(resized(office.settings, 'original', office.loan).settings, before);
});

test('what a person changed after a preset stays', () => {
  const shop = resized(DEFAULTS, 'marketplace', NO_LOAN);
  const own = changed(shop.settings, { colour: '#00ff00' });
  assert.deepEqual(resized(own, 'original', shop.loan).settings, { ...own, size: 'original' });
});

test('a shadow is off, or soft and below the subject', () => {
  assert.equal(output({}).shadow, null);
  const { blur, x, y, opacity, colour } = output({ shadow: true, shadowStrength: 40 }).shadow;
  assert.deepEqual([x, opacity, colour], [0, 0.4, '#000000']);
  assert.ok(blur > 0 && blur <= 1 && y > 0 && y <= 1);
});

test('metadata is kept by name only', () => {
  assert.deepEqual(output({ profile: true }).keep, ['profile']);
  assert.deepEqual(output({ profile: true, copyright: true }).keep, ['profile', 'copyright']);
});

test('what is not visible in the file does not make another one of it', () => {
  assert.equal(wanted(set({ colour: '#ff0000', jpegQuality: 10, margin: 20, deep: true }), null).fileKey, wanted(DEFAULTS, null).fileKey);
});

test('what is in the file makes another one, and another preview only where it shows', () => {
  const before = wanted(DEFAULTS, null);
  for (const change of [{ refine: false }, { decontaminate: false }, { background: 'blur' }, { shadow: true }, { size: 'custom' }, { format: 'matte' }, { format: 'jpeg' }]) {
    const after = wanted(set(change), null);
    assert.notEqual(after.fileKey, before.fileKey, JSON.stringify(change));
    assert.notEqual(after.previewKey, before.previewKey, JSON.stringify(change));
  }
  for (const change of [{ format: 'webp' }, { format: 'avif' }, { profile: true }, { copyright: true }]) {
    const after = wanted(set(change), null);
    assert.notEqual(after.fileKey, before.fileKey, JSON.stringify(change));
    assert.equal(after.previewKey, before.previewKey, JSON.stringify(change));
  }
  const onColour = { background: 'colour', colour: '#ffffff' };
  assert.equal(wanted(set({ ...onColour, format: 'jpeg' }), null).previewKey, wanted(set(onColour), null).previewKey);
});

test('the finish is there at the next visit, but for the picture', () => {
  const memory = memoryStorage();
  const chosen = set({ background: 'colour', colour: '#00ff00', size: 'custom', width: 640, format: 'jpeg', copyright: true });
  rememberFinish(chosen, () => memory);
  assert.deepEqual(recallFinish(() => memory), chosen);
  rememberFinish({ ...chosen, background: 'image' }, () => memory);
  assert.equal(recallFinish(() => memory).background, 'none');
});

test('blocked, nothing, or not ours: the defaults, but for what can be used', () => {
  assert.deepEqual(recallFinish(() => { throw new DOMException('', 'SecurityError'); }), DEFAULTS);
  const worthless = ['', '[', 'null', '7', '"png"', '{"format":"gif","colour":"red","width":1.5,"height":99999,"margin":-1,"refine":"no","angle":null,"size":"huge","__proto__":{"format":"jpeg"},"toString":1}'];
  for (const value of worthless) assert.deepEqual(recallFinish(() => memoryStorage(value)), DEFAULTS, value);
  assert.deepEqual(recallFinish(() => memoryStorage('{"format":"avif","colour":"red"}')), set({ format: 'avif' }));
});

test('ID photos say how large they are in print, others leave it to the photo', () => {
  const densityOf = (size) => wanted(resized(DEFAULTS, size, NO_LOAN).settings, null).output.density;
  assert.deepEqual(['id-photo', 'marketplace', 'original', 'custom'].map(densityOf), [300, undefined, undefined, undefined]);
  const square = wanted({ ...DEFAULTS, size: 'id-photo', idFormat: '2x2', idDensity: 600 }, null).output;
  assert.deepEqual([square.density, square.crop.width, square.crop.height], [600, 1200, 1200]);
});
