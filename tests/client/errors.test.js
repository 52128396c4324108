import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import '../../client/messages/errors.js';
import { ERROR_CODES, MatteboxError, throwIfCancelled, VARIANT_CODES } from '../../client/shared/errors.js';

/** Details as the client gives them, where a sentence needs some. */
const DETAILS = {
  'bad-option': { option: 'backend', value: 'gpu', allowed: ['auto', 'wasm'] },
  'unsupported-image': { type: 'HEIC' },
  'corrupt-image': { type: 'JPEG', bytes: 12_345 },
  'image-too-large': { width: 20_000, height: 10_000, limit: 64_000_000 },
  'unknown-model': { model: 'u3net', available: ['u2netp', 'isnet'] },
  network: { name: 'u2netp.onnx' },
  'http-status': { name: 'u2netp.onnx', status: 503 },
  'length-mismatch': { name: 'u2netp.onnx', expected: 4_574_861, received: 1000 },
  'file-changed': { name: 'u2netp.onnx', expected: 'aa', received: '"bb"' },
  'range-mismatch': { name: 'u2netp.onnx', expected: 'bytes 0-9/20', received: 'bytes 0-9/21' },
  'model-corrupt': { name: 'u2netp.onnx', segment: 3, expected: 'aa', received: 'bb' },
  'browser-unsupported': { missing: 'OffscreenCanvas' },
  'storage-full': { name: 'u2netp.onnx', needed: 4_574_861 },
  'session-failed': { model: 'u2netp' },
  'model-interface': { model: 'u2netp', what: 'input shape', expected: [1, 3, 320, 320], found: [1, 3, 512, 512] },
  'canary-mismatch': { model: 'u2netp', mean: 0.2, max: 0.9, tolerance: { mean: 0.001, max: 0.02 } },
  'bad-matte': { reason: 'not-finite' },
  withdrawn: { model: 'u2netp', reason: 'canary-mismatch' },
  'gpu-failed': { kind: 'out-of-memory', cause: 'Buffer allocation failed' },
  'timed-out': { stage: 'canary', ms: 20_000 },
  'too-slow': { ms: 3040, limit: 1200 },
  'worker-crashed': { realm: 'inference' },
};

describe('every code has a sentence for what happened and one for what to do', () => {
  for (const code of ERROR_CODES) {
    test(code, () => {
      const error = new MatteboxError(code, DETAILS[code]);
      for (const sentence of [error.message, error.advice]) {
        assert.match(sentence, /^\p{L}.*\.$/su, 'a sentence: a first letter and a full stop');
        assert.doesNotMatch(sentence, /undefined|null|NaN|\[object/);
      }
      assert.ok(error instanceof Error);
      assert.deepEqual([error.name, error.code, error.details], ['MatteboxError', code, DETAILS[code] ?? {}]);
    });
    test(`${code}, without any details`, () => {
      const error = new MatteboxError(code);
      assert.ok(error.message && error.advice);
    });
  }
});

test('a model that needs a graphics card sends nobody to the processor', () => {
  const { message, advice } = new MatteboxError('gpu-unavailable', { reason: 'only-backend', cause: 'no-adapter', model: 'large' });
  assert.match(message, /needs a graphics card/);
  assert.match(advice, /^Choose another quality/);
  assert.match(new MatteboxError('gpu-unavailable', { cause: 'no adapter' }).advice, /^Choose the processor/);
});

describe('what cannot be opened is told in words', () => {
  const said = (details) => new MatteboxError('unsupported-image', details).message;
  for (const variant of VARIANT_CODES) {
    test(`a ${variant} file`, () => {
      const sentence = said({ type: 'TIFF', variant });
      assert.match(sentence, /^This TIFF file (?:cannot be opened here: it[s ].{10,}|is of a rare kind that cannot be opened here)\.$/u);
      assert.doesNotMatch(sentence, /[a-z]-[a-z]+-|compression \d|photometric/u);
    });
  }
  test('also one that only a later version knows', () => assert.match(said({ type: 'TIFF', variant: 'moebius' }), /^This TIFF file is of a rare kind that cannot be opened here/));
  test('what is another kind of file, by what people call it, and what to do', () => {
    for (const [type, words, advice] of [['PDF', /PDF document/, /Save the page/], ['video', /video/, /one of its pictures/], ['HTML', /web page/, /again/], ['camera raw', /camera raw file/, /JPEG/], ['Word', /\(Word\)/, /JPEG/]]) {
      const error = new MatteboxError('unsupported-image', { type });
      assert.match(error.message, words);
      assert.match(error.advice, advice);
    }
  });
});

test('the sentences hold the values', () => {
  const plain = ({ message, advice }) => ({ message: message.replaceAll('\u00a0', ' '), advice });
  const said = (code) => plain(new MatteboxError(code, DETAILS[code]));
  assert.match(said('length-mismatch').message, /u2netp\.onnx.*1,000 bytes.*4,574,861/);
  assert.match(said('image-too-large').message, /20,000 × 10,000.*64,000,000/);
  const long = new MatteboxError('encode-failed', { type: 'image/webp', width: 20_000, height: 3000, reason: 'too-long', limit: 16_383, reduced: { width: 16_383, height: 2457 } });
  assert.match(long.message, /WebP.*20,000 × 3,000.*16,383/);
  assert.match(long.advice, /16,383 × 2,457.*PNG/);
  assert.match(said('bad-option').message, /backend.*"gpu"/);
  assert.match(said('bad-option').advice, /auto, wasm/);
  assert.match(said('unknown-model').message, /u3net/);
  assert.match(said('unknown-model').advice, /u2netp, isnet/);
  assert.match(said('model-interface').message, /u2netp/);
  assert.match(said('timed-out').message, /20 s.*canary/);
  assert.match(said('too-slow').message, /3\.0 s.*1\.2 s/);
  assert.match(said('http-status').message, /503/);
  assert.match(said('worker-crashed').message, /inference/);
});

describe('an option of any kind can be refused', () => {
  const circle = {};
  circle.itself = circle;
  for (const value of [10n, circle, Symbol('x'), undefined, NaN, null, () => 1]) {
    test(String(typeof value), () => {
      const error = new MatteboxError('bad-option', { option: 'threads', value, allowed: ['auto'] });
      assert.match(error.message, /threads/);
    });
  }
  test('NaN is called by its name', () => {
    assert.match(new MatteboxError('bad-option', { option: 'threads', value: NaN, allowed: [] }).message, /cannot be NaN/);
  });
});

test('an error crosses a worker boundary whole', () => {
  for (const code of ERROR_CODES) {
    const error = new MatteboxError(code, DETAILS[code]);
    const arrived = MatteboxError.fromWire(structuredClone(error.toWire()));
    assert.ok(arrived instanceof MatteboxError);
    for (const field of ['name', 'code', 'message', 'advice', 'details']) assert.deepEqual(arrived[field], error[field], `${field} of ${code}`);
  }
});

describe('whatever was caught becomes one of ours', () => {
  test('one of ours stays itself', () => {
    const error = new MatteboxError('storage-full');
    assert.equal(MatteboxError.from(error, 'network', { name: 'x' }), error);
  });
  test('an Error keeps its text as cause', () => {
    const error = MatteboxError.from(new TypeError('x is null'));
    assert.deepEqual([error.code, error.details], ['internal', { cause: 'TypeError: x is null' }]);
  });
  test('with what it means where it was caught', () => {
    const error = MatteboxError.from(new RangeError('too long'), 'encode-failed', { width: 3 });
    assert.deepEqual([error.code, error.details], ['encode-failed', { width: 3, cause: 'RangeError: too long' }]);
  });
  for (const thrown of [undefined, null, 12, 'text', { a: 1 }]) {
    test(`thrown: ${JSON.stringify(thrown)}`, () => {
      const error = MatteboxError.from(thrown);
      assert.deepEqual([error.code, error.details], ['internal', { cause: String(thrown) }]);
      structuredClone(error.toWire());
    });
  }
});

test('only an aborted signal is a reason to stop', () => {
  throwIfCancelled(undefined);
  throwIfCancelled(new AbortController().signal);
  assert.throws(() => throwIfCancelled(AbortSignal.abort()), { code: 'cancelled' });
});

test('what a number may be is told', () => {
  const advice = (allowed) => new MatteboxError('bad-option', { option: 'x', value: 0, allowed }).advice;
  assert.equal(advice({ kind: 'range', least: 0, most: 1 }), 'Use a number from 0 to 1.');
  assert.equal(advice({ kind: 'whole', least: 1, most: 16_384 }), 'Use a whole number from 1 to 16,384.');
  assert.equal(advice({ kind: 'matte', width: 2000, height: 30 }), 'Use a matte of the photo’s 2,000 × 30 pixels.');
  assert.equal(advice({ kind: 'size', limit: 2000 }), 'Use a size of up to 2,000 pixels.');
});

test('a sentence is of the page: without it an error is its code', () => {
  const { describe: words } = MatteboxError;
  try {
    MatteboxError.describe = ({ code }) => ({ what: code, advice: '' });
    assert.equal(new MatteboxError('gpu-lost').message, 'gpu-lost');
  } finally {
    MatteboxError.describe = words;
  }
  assert.equal(new MatteboxError('gpu-lost').message, 'The connection to the graphics card was lost.');
});
