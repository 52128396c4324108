import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { readPng } from './read-png.js';
import { standIn } from './stand-in.js';
import './vendor.js';

const { handleOf, newDocument, packed, revised, unpacked } = await import('../../client/document/document.js');
const { cutout } = await import('../../client/document/derive/cutout.js');
const { draft } = await import('../../client/document/derive/draft.js');
const { fileOf } = await import('../../client/document/derive/file.js');
const { Held } = await import('../../client/document/derive/held.js');
const { openPhoto } = await import('../../client/document/derive/photo.js');
const { editedBaseOf, previewOf, serves } = await import('../../client/document/derive/preview.js');

const [WIDTH, HEIGHT] = [120, 90];

/** The canvas keeps straight alpha, and what it is asked to write is its pixels. */
function page(t) {
  const made = [];
  class Canvas {
    constructor(width, height) {
      Object.assign(this, { width, height });
    }
    getContext = () => ({
      drawImage: ({ data }) => { this.data = data; },
      getImageData: () => ({ data: this.data }),
      putImageData: ({ data }) => { this.data = data; },
    });
    async convertToBlob({ type }) {
      made.push({ data: this.data.slice(), width: this.width, height: this.height });
      return new Blob([this.data], { type });
    }
  }
  class ImageData {
    constructor(data, width, height) {
      Object.assign(this, { data, width, height });
    }
  }
  standIn(t, { navigator: {}, OffscreenCanvas: Canvas, ImageData });
  return made;
}

/** What the page hands over of a drawing: pixels of its own making, some half transparent where `isOpaque` does not hold. */
function drawing(isOpaque = true) {
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    const isSubject = Math.hypot(x - 60, y - 45) < 30;
    data.set([isSubject ? 200 : 40 + (x % 7), (x * 3 + y) % 90, 60 + y, isOpaque ? 255 : 100 + (x % 150)], i * 4);
  }
  return { width: WIDTH, height: HEIGHT, data, close() {} };
}

/** A model of 40 x 30 whose disc ends softly. */
const model = () => {
  const seen = [];
  const matte = Float32Array.from({ length: 40 * 30 }, (_, i) => Math.min(1, Math.max(0, (11 - Math.hypot((i % 40) - 20, Math.floor(i / 40) - 15)) / 3)));
  return { seen, run: async (pixels) => (seen.push(pixels), { matte: matte.slice(), columns: 40, rows: 30, ms: { pre: 1, run: 2 } }) };
};
const silent = () => {};
const bytes = async (blob) => Buffer.from(await blob.arrayBuffer());
const OUTPUTS = [
  {},
  { refine: false },
  { decontaminate: false },
  { crop: { margin: 0.1 } },
  { crop: { aspect: 1, width: 64, height: 64 } },
  { background: { kind: 'colour', colour: '#3366cc' } },
  { background: { kind: 'blur', strength: 0.5 }, shadow: {} },
  { shadow: { y: 0.2 } },
  { content: 'matte' },
  { content: 'matte', depth: 16, crop: {} },
];


describe('a document', () => {
  const made = { id: 'document-1', file: new Blob(['photo']), reduce: false, matte: { values: Uint16Array.of(0, 65535), columns: 2, rows: 1 }, size: { width: 3, height: 2 } };

  test('is a value: a change is another revision, which has another handle', () => {
    const first = newDocument(made);
    const next = revised(first, { finish: { type: 'image/webp' } });
    assert.deepEqual({ ...first }, { ...made, revision: 1, edits: [], finish: null });
    assert.deepEqual({ ...next }, { ...made, revision: 2, edits: [], finish: { type: 'image/webp' } });
    assert.notEqual(handleOf(first), handleOf(next));
    assert.throws(() => { first.finish = null; }, TypeError);
  });

  test('can be written down and read back', async () => {
    const document = revised(newDocument(made), { finish: { background: { kind: 'image', image: new Blob(['picture']) } } });
    const { file, finish, matte, id, revision } = structuredClone(document);
    assert.equal(await file.text(), 'photo');
    assert.equal(await finish.background.image.text(), 'picture');
    assert.deepEqual([matte, id, revision], [document.matte, 'document-1', 2]);
  });

  test('keeps a matte in steps that no file shows', () => {
    const matte = Float32Array.from({ length: 1000 }, (_, i) => i / 999);
    unpacked(packed(matte)).forEach((value, i) => assert.ok(Math.abs(value - matte[i]) <= 0.5 / 65535 + 1e-7));
    assert.deepEqual([...packed(Float32Array.of(0, 1))], [0, 65535]);
  });
});

describe('the file of a document', () => {
  for (const isOpaque of [true, false]) {
    test(`is what a cutout gives, to the byte: ${isOpaque ? 'a photo' : 'a picture with transparency of its own'}`, async (t) => {
      page(t);
      for (const output of OUTPUTS) {
        const whole = await cutout({ source: drawing(isOpaque), output, reduce: false }, model(), silent);
        const { matte, size } = await draft({ source: drawing(isOpaque), output: {}, reduce: false, longest: 50 * 1024 }, model(), silent, null);
        const file = await fileOf(drawing(isOpaque), { edits: [], matte, size }, output);
        assert.deepEqual(await bytes(file.cutout), await bytes(whole.cutout), JSON.stringify(output));
        for (const name of ['size', 'result', 'applied', 'notes']) assert.deepEqual(file[name], whole[name], `${name} ${JSON.stringify(output)}`);
      }
    });
  }

  test('of a picture that was cut out already is its own, and no model ran', async (t) => {
    page(t);
    const source = () => Object.assign(drawing(), { data: drawing().data.map((value, i) => (i % 4 === 3 ? (i < WIDTH * 160 ? 0 : 255) : value)) });
    const first = model();
    const { matte, size, notes } = await draft({ source: source(), output: {}, reduce: false, longest: 1000 }, first, silent, null);
    assert.equal(matte, null);
    assert.equal(first.seen.length, 0);
    assert.deepEqual(notes, [{ code: 'already-cut-out', detail: {} }]);
    const file = await fileOf(source(), { edits: [], matte, size }, {});
    const { data } = readPng(await bytes(file.cutout));
    const own = source().data;
    for (let a = 3; a < data.length; a += 4) assert.equal(data[a], own[a]);
    assert.equal(file.applied.refined, false);
    const again = await draft({ source: source(), output: { ownAlpha: 'ignore' }, reduce: false, longest: 1000 }, first, silent, null);
    assert.equal(first.seen.length, 1);
    assert.ok(again.matte);
  });
});

describe('a preview', () => {
  test('of a photo that is no larger than the screen shows what the file holds', async (t) => {
    const shown = page(t);
    for (const output of OUTPUTS.filter(({ depth }) => depth !== 16)) {
      const { matte, layered: { base }, preview } = await draft({ source: drawing(), output, reduce: false, longest: 1024 }, model(), silent, null);
      const { data, width, height } = shown.at(-1);
      const file = await fileOf(drawing(), { edits: [], matte, size: base.size }, output);
      const png = readPng(await bytes(file.cutout));
      assert.deepEqual([width, height], [png.width, png.height]);
      const isGrey = output.content === 'matte';
      const expected = isGrey ? Array.from(png.data, (value) => [value, value, value, 255]).flat() : [...png.data];
      assert.equal(expected.findIndex((value, i) => value !== data[i]), -1, JSON.stringify(output));
      assert.deepEqual(preview.notes, file.notes);
      if (preview.result) assert.deepEqual(preview.result, file.result);
      assert.equal(preview.image.type, output.background || isGrey ? 'image/jpeg' : 'image/png');
      assert.deepEqual(base.size, { width: WIDTH, height: HEIGHT });
    }
  });

  test('of a coarser matte comes first, in the same frame, and leaves no trace', async (t) => {
    const shown = page(t);
    for (const output of OUTPUTS.filter(({ depth }) => depth !== 16)) {
      const photo = { source: drawing(), output, reduce: false, longest: 200 };
      const plain = await draft(photo, model(), silent, null);
      const drawnPlain = shown.at(-1);
      const coarse = { matte: new Float32Array(16).fill(1), columns: 4, rows: 4 };
      const two = { run: async (pixels, progress, early) => (await early(coarse), model().run(pixels)) };
      const events = [];
      const made = await draft({ ...photo, source: drawing(), isEarly: true }, two, (event) => events.push(event), null);
      const [early] = events.filter(({ stage }) => stage === 'preview');
      if (!output.crop) assert.deepEqual(early.preview.frame, made.preview.frame);
      assert.deepEqual(events.map(({ stage }) => stage), ['decoding', 'running', 'preview', 'encoding']);
      assert.deepEqual([made.preview.frame, made.matte], [plain.preview.frame, plain.matte]);
      assert.deepEqual(shown.at(-1), drawnPlain, JSON.stringify(output));
    }
  });

  test('of an earlier choice leaves no trace in the next one', async (t) => {
    const shown = page(t);
    const { matte, layered: { base } } = await draft({ source: drawing(), output: {}, reduce: false, longest: 1024 }, model(), silent, null);
    const kept = { base, layers: null };
    for (const output of [...OUTPUTS, ...OUTPUTS.toReversed()]) {
      await previewOf(kept, matte, output, null);
      const used = shown.at(-1);
      await previewOf({ base, layers: null }, matte, output, null);
      assert.deepEqual(used, shown.at(-1), JSON.stringify(output));
    }
  });
});

describe('what is held', () => {
  test('is let go by its age once it is more than the budget, and used it is young', () => {
    const held = new Held(100);
    held.set('a', 1, 40);
    held.set('b', 2, 40);
    assert.equal(held.get('a'), 1);
    held.set('c', 3, 40);
    assert.deepEqual(['a', 'b', 'c'].map((key) => held.get(key)), [1, null, 3]);
    assert.equal(held.bytes, 80);
  });

  test('may be one thing that is larger, alone', () => {
    const held = new Held(100);
    held.set('a', 1, 40);
    held.set('b', 2, 400);
    assert.deepEqual([held.get('a'), held.get('b'), held.bytes], [null, 2, 400]);
    held.set('b', 3, 20);
    assert.deepEqual([held.get('b'), held.bytes], [3, 20]);
    held.delete('b');
    held.delete('b');
    assert.equal(held.bytes, 0);
  });
});

/** The disc of the drawing, erased on its left and restored beside itself. */
const EDITS = [
  { kind: 'stroke', brush: 'erase', size: 30, hardness: 1, points: Float32Array.of(40, 30, 1, 40, 60, 1) },
  { kind: 'stroke', brush: 'restore', size: 12, hardness: 1, points: Float32Array.of(105, 45, 1) },
];

describe('an edited document', () => {
  test('has in its file nothing of what was erased, and the photo itself where it was restored', async (t) => {
    page(t);
    const { matte, size } = await draft({ source: drawing(), output: {}, reduce: false, longest: 1024 }, model(), silent, null);
    const plain = readPng(await bytes((await fileOf(drawing(), { edits: [], matte, size }, {})).cutout)).data;
    const edited = readPng(await bytes((await fileOf(drawing(), { edits: EDITS, matte, size }, {})).cutout)).data;
    const at = (data, x, y) => [...data.subarray((y * WIDTH + x) * 4, (y * WIDTH + x) * 4 + 4)];
    const photo = drawing().data;
    assert.equal(at(plain, 40, 45)[3], 255);
    assert.equal(at(edited, 40, 45)[3], 0);
    assert.equal(at(plain, 105, 45)[3], 0);
    assert.deepEqual(at(edited, 105, 45), at(photo, 105, 45));
    // The rest of it is as it was.
    assert.deepEqual(at(edited, 70, 45), at(plain, 70, 45));
  });

  test('is shown as its file will be, with another choice of edges, too', async (t) => {
    const shown = page(t);
    const { matte, size } = await draft({ source: drawing(), output: {}, reduce: false, longest: 1024 }, model(), silent, null);
    for (const output of [{}, { refine: false }, { background: { kind: 'colour', colour: '#102030' } }]) {
      const base = await editedBaseOf(await openPhoto(drawing(), { size }), { matte, edits: EDITS }, output, 1024);
      assert.equal(serves(base, output, 1024), true);
      assert.equal(serves(base, { refine: output.refine === false }, 1024), false, 'edits are made on the other edges then');
      await previewOf({ base, layers: null }, matte, output, null);
      const { data } = shown.at(-1);
      const file = readPng(await bytes((await fileOf(drawing(), { edits: EDITS, matte, size }, output)).cutout));
      assert.equal([...file.data].findIndex((value, i) => value !== data[i]), -1, JSON.stringify(output));
    }
  });
});
