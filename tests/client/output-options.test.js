import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkCall, checkOptions, checkOutput, writersOf } from '../../client/finish/output-options.js';

const GOOD = [
  {},
  { type: 'image/webp', quality: 'lossless' },
  { type: 'image/avif', quality: 1 },
  { content: 'matte', depth: 16 },
  { density: 300 },
  { density: null },
  { background: { kind: 'none' }, crop: null, shadow: null, keep: [], matchLight: true },
  { background: { kind: 'colour', colour: '#FFffff' } },
  { background: { kind: 'gradient', from: '#000000', to: '#ffffff', angle: 45.5 } },
  { background: { kind: 'image', image: new Blob(['x']) } },
  { background: { kind: 'blur', strength: 0 } },
  { crop: {} },
  { crop: { margin: 0, aspect: null, width: 413, height: 531, fill: null, anchor: 'head' } },
  { shadow: { blur: 0.1, x: -1, y: 1, opacity: 0.5, colour: '#123456' } },
  { keep: ['profile', 'copyright'], refine: false, decontaminate: false, ownAlpha: 'ignore', hidden: 'keep' },
];
for (const output of GOOD) test(`${JSON.stringify(output)} may be asked for`, () => checkOutput(/** @type {any} */ (output)));

/** @type {[string, unknown][]} the option that is named, and the output that asks for it */
const BAD = [
  ['output', null],
  ['output', 'image/png'],
  ['output', []],
  ['output.background', { background: 'white' }],
  ['output.crop', { crop: 512 }],
  ['output.crop', { crop: [1, 2] }],
  ['output.shadow', { shadow: true }],
  ['output.type', { type: 'image/tiff' }],
  ['output.quality', { quality: 0 }],
  ['output.quality', { quality: NaN }],
  ['output.quality', { quality: 'best' }],
  ['output.content', { content: 'mask' }],
  ['output.depth', { depth: 12 }],
  ['output.density', { density: 0 }],
  ['output.density', { density: NaN }],
  ['output.density', { density: 65_536 }],
  ['output.density', { density: '300' }],
  ['output.background.kind', { background: {} }],
  ['output.background.kind', { background: { kind: 'video' } }],
  ['output.background.colour', { background: { kind: 'colour' } }],
  ['output.background.colour', { background: { kind: 'colour', colour: 'red' } }],
  ['output.background.to', { background: { kind: 'gradient', from: '#000000', to: '#fff', angle: 0 } }],
  ['output.background.angle', { background: { kind: 'gradient', from: '#000000', to: '#ffffff', angle: Infinity } }],
  ['output.background.strength', { background: { kind: 'blur', strength: 2 } }],
  ['output.crop.margin', { crop: { margin: -0.1 } }],
  ['output.crop.width', { crop: { width: 0 } }],
  ['output.crop.height', { crop: { height: 20_000 } }],
  ['output.crop.aspect', { crop: { aspect: 0 } }],
  ['output.crop.fill', { crop: { fill: 1.1 } }],
  ['output.crop.anchor', { crop: { anchor: 'left' } }],
  ['output.shadow.opacity', { shadow: { opacity: 2 } }],
  ['output.shadow.colour', { shadow: { colour: '#00' } }],
  ['output.matchLight', { matchLight: 1 }],
  ['output.keep', { keep: 'profile' }],
  ['output.keep', { keep: ['location'] }],
  ['output.refine', { refine: 'yes' }],
  ['output.hidden', { hidden: true }],
  ['output.ownAlpha', { ownAlpha: 'use' }],
];
for (const [option, output] of BAD) {
  test(`${JSON.stringify(output)} is refused for ${option}`, () => {
    assert.throws(() => checkOutput(/** @type {any} */ (output)), (/** @type {any} */ error) => error.code === 'bad-option' && error.details.option === option && (error.details.allowed.length > 0 || error.details.allowed.least < error.details.allowed.most));
  });
}

test('nonsense is refused with the one error, whatever it is', () => {
  fc.assert(fc.property(fc.object({ key: fc.constantFrom('type', 'quality', 'background', 'kind', 'crop', 'width', 'shadow', 'keep', 'depth', 'density') }), (output) => {
    try {
      checkOutput(/** @type {any} */ (output));
    } catch (/** @type {any} */ error) {
      assert.equal(error.code, 'bad-option');
    }
  }));
});

test('a codec is asked for by what it writes: PNG is always there, JPEG is the browser’s, and a matte is a PNG', () => {
  assert.deepEqual(writersOf({}), []);
  assert.deepEqual(writersOf({ type: 'image/jpeg' }), []);
  assert.deepEqual(writersOf({ type: 'image/webp' }), ['webp']);
  assert.deepEqual(writersOf({ type: 'image/avif' }), ['avif']);
  assert.deepEqual(writersOf({ type: 'image/avif', content: 'matte' }), []);
});

for (const options of [null, 5, 'u2netp', [], () => {}, new Blob([]), new Map()]) {
  test(`a call with ${Object.prototype.toString.call(options)} for options is a typed error`, () => {
    for (const check of [checkOptions, checkCall]) {
      assert.throws(() => check(/** @type {any} */ (options)), ({ code, details }) => code === 'bad-option' && details.option === 'options');
    }
  });
}

/** @type {[string, object][]} */
const CALLS = [['backend', { backend: 'cpu' }], ['reduce', { reduce: 1 }], ['threads', { threads: 0 }], ['onProgress', { onProgress: 'log' }], ['signal', { signal: {} }]];
for (const [option, options] of CALLS) {
  test(`${option} is named as it stands in the call`, () => {
    assert.throws(() => checkCall(/** @type {any} */ (options)), ({ code, details }) => code === 'bad-option' && details.option === option);
  });
}

test('what is left out, is null where fetch allows that, or has no name here, is no mistake', () => {
  assert.deepEqual(checkCall(/** @type {any} */ ({ signal: null, colour: 'blue' }))[0], { model: undefined, backend: 'auto', threads: undefined });
});
