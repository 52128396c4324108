import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DEFAULTS, wanted } from '../../client/finish/output-settings.js';
import { startOf, startSettings } from '../../client/finish/starting-points.js';

test('a cutout is a transparent PNG of the photo\'s size', () => {
  assert.deepEqual(startSettings('cut-out'), DEFAULTS);
});

test('an ID photo is a JPEG on light grey, of 35 x 45 mm at 300 dots per inch', () => {
  const { output } = wanted(startSettings('id-photo'), null);
  assert.deepEqual([output.type, output.density, output.background], ['image/jpeg', 300, { kind: 'colour', colour: '#f0f0f0' }]);
  assert.deepEqual([output.crop.width, output.crop.height].map((side) => Math.round((side / 300) * 25.4)), [35, 45]);
});

test('a shop\'s picture is a square JPEG on pure white', () => {
  const { output } = wanted(startSettings('shop'), null);
  assert.deepEqual([output.type, output.background], ['image/jpeg', { kind: 'colour', colour: '#ffffff' }]);
  assert.equal(output.crop.width, output.crop.height);
});

test('settings say which start they are, and that they are none', () => {
  for (const start of ['cut-out', 'id-photo', 'shop']) assert.equal(startOf(startSettings(start)), start);
  assert.equal(startOf({ ...startSettings('id-photo'), colour: '#ffffff', idFormat: '50x70', idDensity: 600, sheet: 'a4' }), 'id-photo');
  assert.equal(startOf({ ...startSettings('shop'), colour: '#f0f0f0' }), null);
  assert.equal(startOf({ ...DEFAULTS, shadow: true }), null);
});
