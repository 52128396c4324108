import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { readPng } from './read-png.js';
import { standIn } from './stand-in.js';
import './vendor.js';

const { cutout } = await import('../../client/document/derive/cutout.js');
const { finishAgain } = await import('../../client/document/derive/finish-again.js');
const { PRESETS } = await import('../../client/finish/presets.js');

const [WIDTH, HEIGHT] = [120, 90];
const SIZE = WIDTH * HEIGHT;
const at = (x, y) => y * WIDTH + x;
const away = (i) => Math.hypot((i % WIDTH) - 60, Math.floor(i / WIDTH) - 45);

/** A picture as the page hands over what only it can draw; the canvas that is drawn on keeps straight alpha. */
function drawn(t, rgba) {
  const data = new Uint8ClampedArray(SIZE * 4);
  for (let i = 0; i < SIZE; i++) data.set(rgba(i), i * 4);
  const bitmap = { width: WIDTH, height: HEIGHT, close() {} };
  const context = { drawImage() {}, getImageData: () => ({ data }) };
  standIn(t, { navigator: {}, OffscreenCanvas: class { getContext = () => context; } });
  return { bitmap, data };
}

/** A model of 40 x 30 that sees what `draw` says, and notes what it is shown. */
function modelOf(draw) {
  const seen = [];
  const small = () => Float32Array.from({ length: 40 * 30 }, (_, i) => draw(i % 40, Math.floor(i / 40)));
  return { seen, run: async (pixels) => (seen.push(pixels), { matte: small(), columns: 40, rows: 30, ms: { pre: 1, run: 1 } }) };
}

const cut = (bitmap, model, output = {}) => {
  const stages = [];
  return cutout({ source: bitmap, output, reduce: false }, model, ({ stage }) => stages.push(stage)).then((made) => ({ ...made, stages }));
};
const read = async (blob, bits = 8) => readPng(Buffer.from(await blob.arrayBuffer()), bits);
const codes = ({ notes }) => notes.map(({ code }) => code);
/** A disc of one colour with a soft edge, over what a file hides below transparency. */
const disc = (colour, hidden) => (i) => {
  const alpha = Math.round(255 * Math.min(1, Math.max(0, (30 - away(i)) / 4)));
  return [...(alpha ? colour : hidden), alpha];
};


describe('a picture that is cut out already', () => {
  const hidden = [255, 0, 200];

  test('keeps its own transparency to the level, and its colours; no model runs', async (t) => {
    for (const output of [{}, { decontaminate: false }, { refine: false }]) {
      const { bitmap, data } = drawn(t, disc([10, 90, 30], hidden));
      const model = modelOf(() => 0.3);
      const made = await cut(bitmap, model, output);
      assert.equal(model.seen.length, 0);
      assert.equal(made.isKept, true);
      assert.equal(made.ms.run, 0);
      assert.deepEqual(made.stages, ['decoding', 'encoding']);
      assert.deepEqual(made.notes, [{ code: 'already-cut-out', detail: {} }]);
      assert.equal(made.applied.refined, false);
      const [file, matte] = [await read(made.cutout), await read(made.matte)];
      for (let i = 0; i < SIZE; i++) {
        const alpha = data[i * 4 + 3];
        assert.equal(file.data[i * 4 + 3], alpha);
        assert.equal(matte.data[i], alpha);
        if (alpha) assert.deepEqual([...file.data.subarray(i * 4, i * 4 + 3)], [...data.subarray(i * 4, i * 4 + 3)]);
        else if (away(i) > 42) assert.notDeepEqual([...file.data.subarray(i * 4, i * 4 + 3)], hidden, 'what the file hid is gone');
      }
    }
  });

  test('is cut out again when that is asked for, and the model sees it stand out, without what the file hides', async (t) => {
    for (const [colour, behind] of [[[0, 0, 0], 208], [[250, 250, 240], 64]]) {
      const { bitmap } = drawn(t, disc(colour, colour));
      const model = modelOf((x) => (x < 20 ? 1 : 0));
      const made = await cut(bitmap, model, { ownAlpha: 'ignore' });
      assert.equal(made.isKept, false);
      assert.deepEqual(codes(made), []);
      const [{ data }] = model.seen;
      assert.deepEqual([...data.subarray(0, 4)], [behind, behind, behind, 255]);
      assert.deepEqual([...data.subarray(at(60, 45) * 4, at(60, 45) * 4 + 4)], [...colour, 255]);
      const { data: file } = await read(made.cutout);
      assert.equal(file[at(45, 45) * 4 + 3], 255);
      assert.equal(file[at(75, 45) * 4 + 3], 0, 'the model said so');
      assert.equal(file[at(10, 45) * 4 + 3], 0, 'the file said so');
    }
  });

  test('finished again, it is what it was', async (t) => {
    const glass = (i) => (away(i) < 30 ? [40, 200, 220, 25] : [0, 0, 0, 0]);
    const { bitmap } = drawn(t, glass);
    const { matte } = await cut(bitmap, modelOf(() => 0), { depth: 16 });
    const again = await finishAgain(bitmap, matte, { crop: {} });
    assert.deepEqual(again.notes, []);
    const { width, data } = await read(again.cutout);
    assert.ok(width > 60 && width < 70);
    assert.deepEqual([...data.subarray((width * 32 + 32) * 4, (width * 32 + 32) * 4 + 4)], [40, 200, 220, 25]);
  });
});

test('half transparency of a file’s own is no doubt of the matte: its colours stay', async (t) => {
  // A red pane over the lower half of what is opaque above; all of it the subject, in front of a wall that is not.
  const { bitmap, data } = drawn(t, (i) => [200, (i * 7) % 256, 40, Math.floor(i / WIDTH) < 40 ? 255 : 60 + (i % 100)]);
  const made = await cut(bitmap, modelOf((x) => (x < 28 ? 1 : 0)));
  assert.equal(made.isKept, false);
  assert.equal(made.applied.decontaminated, true);
  const file = await read(made.cutout);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < 60; x++) {
      const i = at(x, y) * 4;
      assert.deepEqual([...file.data.subarray(i, i + 4)], [...data.subarray(i, i + 4)], `${x}, ${y}`);
    }
  }
});

describe('a photo in which nothing stands out', () => {
  const wall = (i) => [200 + (i % 5), 198, 190 + (i % 3), 255];
  const noise = (x, y) => (((x * 31 + y * 17) % 13) / 13) * 0.4;
  const frames = [{ crop: {} }, { shadow: {} }, { content: 'matte', crop: { margin: 0.1 } }, ...PRESETS.map(({ output }) => ({ crop: { anchor: 'head' }, ...output, type: 'image/png' }))];

  test('is told, and no frame is made of nothing, now or later', async (t) => {
    const { bitmap } = drawn(t, wall);
    for (const output of frames) {
      const made = await cut(bitmap, modelOf(noise), output);
      assert.deepEqual(made.notes, [{ code: 'nothing-found', detail: { kind: 'whole' } }]);
      assert.deepEqual(made.result, { width: WIDTH, height: HEIGHT }, JSON.stringify(output));
    }
    const plain = await cut(bitmap, modelOf(noise));
    assert.deepEqual(plain.notes, [{ code: 'nothing-found', detail: {} }]);
    for (const output of frames) {
      const again = await finishAgain(bitmap, plain.matte, output);
      assert.deepEqual(again.notes, [{ code: 'nothing-found', detail: { kind: 'whole' } }]);
      assert.deepEqual(again.result, { width: WIDTH, height: HEIGHT });
    }
  });

  test('and one with a subject is framed as ever', async (t) => {
    const { bitmap } = drawn(t, wall);
    const made = await cut(bitmap, modelOf((x, y) => (x > 10 && x < 20 && y > 8 && y < 20 ? 1 : 0)), { crop: {} });
    assert.deepEqual(made.notes, []);
    assert.ok(made.result.width < 60);
  });
});
