import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { fileOf } from '../../client/engine/photo-input.js';

const BYTES = Uint8Array.of(1, 2, 3, 250);
const read = async (value) => new Uint8Array(await (await fileOf('blob', value)).arrayBuffer());

function detached() {
  const view = BYTES.slice();
  structuredClone(view, { transfer: [view.buffer] });
  return view;
}

// Pixels need a browser: tests/browser/test_outputs.py.
describe('bytes are taken as a file', () => {
  const shared = new Uint8Array(new SharedArrayBuffer(4));
  shared.set(BYTES);
  const cases = {
    'an ArrayBuffer': BYTES.slice().buffer,
    'a typed array': BYTES,
    'a part of an array': Uint8Array.of(9, ...BYTES, 9).subarray(1, 5),
    'a DataView': new DataView(BYTES.slice().buffer),
    'wider numbers': new Uint16Array(BYTES.slice().buffer),
    'memory that is shared': shared,
    'a Response': new Response(BYTES),
  };
  for (const [name, value] of Object.entries(cases)) test(name, async () => assert.deepEqual(await read(value), BYTES));

  test('what is changed afterwards does not change the file', async () => {
    const bytes = BYTES.slice();
    const file = await fileOf('blob', bytes);
    bytes.fill(0);
    assert.deepEqual(new Uint8Array(await file.arrayBuffer()), BYTES);
  });
});

describe('everything else is refused by name', () => {
  const used = new Response(BYTES);
  void used.arrayBuffer();
  const locked = new Response(BYTES);
  locked.body?.getReader();
  /** @type {[unknown, RegExp][]} */
  const cases = [
    [undefined, /^undefined$/], [null, /^null$/], [7, /^number$/], ['cat.jpg', /^string$/], [[BYTES], /^Array$/], [{}, /^Object$/],
    [Promise.resolve(BYTES), /^Promise$/], [new URL('about:blank'), /^URL$/],
    [used, /read-already/], [locked, /read-already/], [Response.error(), /not-for-pages/], [new Response('no', { status: 404 }), /status/],
    [detached().buffer, /^ArrayBuffer transferred$/], [detached(), /^Uint8Array transferred$/],
    [{ [Symbol.toStringTag]: 'HTMLImageElement', complete: false }, / loading$/],
    [{ [Symbol.toStringTag]: 'Response' }, /unreadable|status/], [{ [Symbol.toStringTag]: 'ImageBitmap', width: 1, height: 1 }, /unreadable/],
    [{ [Symbol.toStringTag]: 'toString' }, /^toString$/],
  ];
  for (const [value, name] of cases) {
    test(String(name), async () => {
      await assert.rejects(fileOf('photo', value), ({ code, details }) => code === 'bad-option' && details.option === 'photo' && name.test([details.value, details.reason].filter(Boolean).join(' ')));
    });
  }

  test('pixels where only a file will do', async () => {
    await assert.rejects(fileOf('matte', { [Symbol.toStringTag]: 'ImageData' }, { pixels: false }), { code: 'bad-option' });
  });
});
