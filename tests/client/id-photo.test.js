import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { cropOf, fitOf, ID_FORMATS, idFormat, PAPERS } from '../../client/finish/id-formats.js';
import { checkOutput } from '../../client/finish/output-options.js';
import { DEFAULTS, wanted } from '../../client/finish/output-settings.js';
import { checkSheet, shared, sheetName, sheetOf } from '../../client/finish/print-sheet.js';
import { frameOf } from '../../client/image/compose/layout.js';
import { placingOf } from '../../client/image/compose/placing.js';
import { drawSheet } from '../../client/image/compose/sheet.js';
import { findSubject } from '../../client/image/compose/subject.js';
import { inReach, moved, told, zoomed } from '../../client/review/crop.js';
import { frameAround, headIn, inParts, inPixels, lacks } from '../../client/shared/head-frame.js';
import { golden } from './golden.js';

const expected = golden('id-photo');
const PHOTO = { width: 3000, height: 4000 };
const NONE = { top: null, right: null, bottom: null, left: null };
const near = (actual, wantedValue, within, about) => assert.ok(Math.abs(actual - wantedValue) <= within, `${about}: ${actual}, not ${wantedValue}`);

/** A matte of shapes, each a claim about x and y. */
const draw = ({ width, height }, ...shapes) => Uint16Array.from({ length: width * height }, (_, i) => (shapes.some((shape) => shape((i % width) + 0.5, Math.floor(i / width) + 0.5)) ? 65535 : 0));
const ellipse = (cx, cy, rx, ry) => (x, y) => ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1;
const box = (left, top, right, bottom) => (x, y) => x >= left && x < right && y >= top && y < bottom;

describe('the frame around a head', () => {
  test('is the window that puts crown and chin where each format wants them', () => {
    assert.deepEqual(new Set(expected.crops.map(({ format }) => format)), new Set(ID_FORMATS.map(({ id }) => id)));
    for (const { format, density, head, frame, dpi } of expected.crops) {
      const found = frameOf(/** @type {any} */ (null), { ...cropOf(idFormat(format), density), head }, PHOTO);
      const about = `${format} at ${density}`;
      for (const [i, side] of ['x', 'y', 'width', 'height', 'toWidth', 'toHeight'].entries()) near(found[side], frame[i], i > 3 ? 0 : 0.01, `${about}, ${side}`);
      assert.equal(lacks(found, PHOTO, NONE, { width: found.toWidth, density }).dpi, dpi, about);
    }
  });

  test('and its head tell each other, in pixels and in parts of the photo', () => {
    const fit = fitOf(idFormat('2x2'));
    const head = { x: 0.4, top: 0.1, height: 0.3 };
    const back = inParts(headIn(frameAround(inPixels(head, PHOTO), fit), fit), PHOTO);
    for (const side of ['x', 'top', 'height']) near(back[side], head[side], 1e-12, side);
  });

  test('leaves heads within what is published, and eyes where they are asked for', () => {
    for (const format of ID_FORMATS) {
      const { fill, above } = fitOf(format);
      const [tall, top] = [fill * format.height, above * format.height];
      assert.ok(tall > format.head[0] && tall < format.head[1], format.id);
      if (format.crown) assert.ok(top >= format.crown[0] && top <= format.crown[1], format.id);
      const eyes = format.height - top - tall / 2;
      if (format.eyes) assert.ok(eyes >= format.eyes[0] && eyes <= format.eyes[1], format.id);
      assert.ok(top > 0 && top + tall < format.height, format.id);
    }
  });

  test('lies at the subject\'s highest row where nobody placed it', () => {
    const size = { width: 600, height: 800 };
    const matte = draw(size, ellipse(300, 128, 50, 68), box(276, 150, 324, 260), ellipse(300, 300, 140, 60), box(160, 300, 440, 800));
    const subject = findSubject(matte, size.width, size.height);
    const crop = cropOf(idFormat('35x45'), 300);
    const frame = frameOf(subject, crop, size);
    const rows = Array.from({ length: size.height }, (_, y) => matte.subarray(y * size.width, (y + 1) * size.width).some((alpha) => alpha > 32768));
    near(frame.y + frame.height * crop.above, rows.indexOf(true), subject.cell, 'crown');
    near(frame.x + frame.width / 2, 300, 2, 'middle');
    const { placing, notes } = placingOf(subject, { crop, density: 300 }, size, size);
    near(placing.head.top * size.height, rows.indexOf(true), subject.cell, 'told crown');
    assert.equal(placing.isFound, true);
    assert.deepEqual([placing.touches.top, placing.touches.left, placing.touches.right], [null, null, null]);
    assert.deepEqual(placing.touches.bottom.map((part) => Math.round(part * 600)), [160, 440]);
    assert.deepEqual(notes, [{ code: 'prints-coarsely', detail: { count: Math.round((frame.width / crop.width) * 300) } }]);
    // The same of a photo that was made small for the screen: its pixels at full size count.
    assert.deepEqual(placingOf(subject, { crop, density: 300 }, size, { width: 6000, height: 8000 }).notes, []);
  });
});

describe('what a photo lacks', () => {
  const print = { width: 413, density: 300 };
  const all = { top: [0, 1], right: [0, 1], bottom: [0, 1], left: [0, 1] };
  const ends = (frame, touches = all) => lacks(frame, PHOTO, touches, print).ends;

  test('is told where it ends and cuts the subject off', () => {
    assert.deepEqual(ends({ x: 100, y: 100, width: 700, height: 900 }), []);
    assert.deepEqual(ends({ x: -50, y: 100, width: 700, height: 900 }), ['side']);
    assert.deepEqual(ends({ x: 2500, y: -50, width: 700, height: 900 }), ['top', 'side']);
    assert.deepEqual(ends({ x: 100, y: 3500, width: 700, height: 900 }), ['bottom']);
  });

  test('is nothing where only the background ends, or elsewhere', () => {
    assert.deepEqual(ends({ x: -50, y: -50, width: 700, height: 9000 }, NONE), []);
    assert.deepEqual(ends({ x: -50, y: 100, width: 700, height: 900 }, { ...NONE, left: [0.6, 1] }), []);
  });

  test('is sharpness where an inch of the print has fewer pixels than asked for', () => {
    const coarse = (width) => lacks({ x: 0, y: 0, width, height: 10 }, PHOTO, NONE, print);
    assert.deepEqual([coarse(248).dpi, coarse(248).isCoarse], [180, true]);
    assert.deepEqual([coarse(413).dpi, coarse(413).isCoarse, coarse(900).isCoarse], [300, false, false]);
  });
});

describe('a person moves the frame', () => {
  const frame = { x: 1000, y: 1000, width: 700, height: 900 };

  test('by parts of it, and around a point that stays', () => {
    assert.deepEqual(moved(frame, 0.1, -0.1), { ...frame, x: 1070, y: 910 });
    const closer = zoomed(frame, 2, { x: 1, y: 0 });
    assert.deepEqual(closer, { x: 1350, y: 1000, width: 350, height: 450 });
  });

  test('not out of the photo, nor to a few pixels or a speck', () => {
    const far = inReach({ ...frame, x: -9000 }, PHOTO);
    assert.equal(far.x + far.width / 2, 0);
    assert.equal(inReach(zoomed(frame, 1000), PHOTO).width, 100);
    assert.equal(inReach(zoomed(frame, 1 / 1000), PHOTO).width, 16_000);
  });

  test('and is told what the head then measures in print', () => {
    const format = idFormat('35x45');
    const fit = fitOf(format);
    const head = { x: 1500, top: 800, height: 1200 };
    const suggested = frameAround(head, fit);
    assert.deepEqual(told(suggested, head, format), { tall: 34, size: 'fits', top: 3.7, aside: 0 });
    assert.equal(told(zoomed(suggested, 0.9), head, format).size, 'small');
    assert.equal(told(zoomed(suggested, 1.1), head, format).size, 'large');
    assert.equal(told(moved(suggested, 0.1, 0), head, format).aside, -3.5);
  });
});

describe('a print sheet', () => {
  test('holds as many copies as fit, in the middle, at the places that were found by trying', () => {
    for (const { paper, format, density, photo: [width, height], size, places } of expected.sheets) {
      const sheet = sheetOf(paper, { width, height }, density);
      const about = `${format} on ${paper} at ${density}`;
      assert.deepEqual([sheet.width, sheet.height], size, about);
      assert.deepEqual(sheet.places.map(({ x, y }) => [x, y]), places, about);
    }
    const counts = Object.fromEntries(expected.sheets.filter(({ density, format }) => density === 300 && format === '35x45').map(({ paper, places }) => [paper, places.length]));
    assert.deepEqual(counts, { '10x15': 8, '4x6': 8, a4: 32 });
  });

  test('marks the sides of every copy from edge to edge, and no copy', () => {
    for (const { paper, density, photo: [width, height], places, marked } of expected.sheets.filter((one) => one.density === 300)) {
      const { places: at, ...sheet } = sheetOf(paper, { width, height }, density);
      const photo = { width, height, data: new Uint8ClampedArray(width * height * 4).fill(7).map((value, i) => (i % 4 === 3 ? 255 : value)) };
      const { data } = drawSheet({ ...sheet, photo: { width, height }, copies: at.map((place) => ({ ...place, of: 0 })) }, [photo]);
      const seen = new Map();
      for (const value of new Uint32Array(data.buffer)) seen.set(value, (seen.get(value) ?? 0) + 1);
      const copies = places.length * width * height;
      assert.deepEqual([seen.get(0xff070707), seen.get(0xffa0a0a0), seen.size], [copies, marked, 3]);
    }
  });

  test('is shared evenly, and of more photos than it holds there are several', () => {
    assert.deepEqual(shared(1, 4), [[0, 0, 0, 0]]);
    assert.deepEqual(shared(3, 8), [[0, 0, 0, 1, 1, 1, 2, 2]]);
    assert.deepEqual(shared(5, 2), [[0, 1], [2, 3], [4]]);
  });

  test('shows paper where a photo is transparent, and takes none of another size', () => {
    const plan = { width: 4, height: 1, density: 300, lines: [], photo: { width: 2, height: 1 }, copies: [{ x: 1, y: 0, of: 0 }] };
    const photo = { width: 2, height: 1, data: Uint8ClampedArray.of(100, 0, 255, 51, 9, 9, 9, 0) };
    assert.deepEqual([...drawSheet(plan, [photo]).data], [255, 255, 255, 255, 224, 204, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255]);
    assert.throws(() => drawSheet(plan, [{ ...photo, width: 1, height: 2 }]), { code: 'bad-option' });
  });

  test('says what is wrong with what is asked of it', () => {
    const good = { paper: /** @type {const} */ ('10x15'), width: 413, height: 531, density: 300 };
    assert.doesNotThrow(() => checkSheet([new Blob()], good));
    for (const [option, photos, change] of [['photos', [], {}], ['photos', null, {}], ['paper', [1], { paper: 'a3' }], ['paper', [1], { paper: 'toString' }], ['density', [1], { density: 0 }], ['width', [1], { width: 1.5 }], ['height', [1], { height: 9000 }], ['paper', [1], { width: 1650, height: 1200 }]]) {
      assert.throws(() => checkSheet(photos, { ...good, ...change }), ({ code, details }) => code === 'bad-option' && details.option === option, option);
    }
    assert.deepEqual(Object.keys(PAPERS), ['10x15', '4x6', 'a4']);
    assert.equal(sheetName('a.b.jpg'), 'a.b-sheet.jpg');
  });
});

test('where a head is may be asked for, in parts of the photo', () => {
  const crop = cropOf(idFormat('35x45'), 300);
  assert.doesNotThrow(() => checkOutput({ crop: { ...crop, head: { x: 0.5, top: -0.1, height: 0.4 } } }));
  assert.throws(() => checkOutput({ crop: { ...crop, head: { x: 0.5, top: 0.1, height: 0 } } }), { code: 'bad-option' });
  assert.throws(() => checkOutput({ crop: { ...crop, head: /** @type {any} */ ({ x: 0.5, top: 0.1 }) } }), { code: 'bad-option' });
  assert.throws(() => checkOutput({ crop: { ...crop, above: 2 } }), { code: 'bad-option' });
});

test('a sheet beside the file makes the file no other; where the head is does, of an ID photo alone', () => {
  const settings = { ...DEFAULTS, size: 'id-photo' };
  const head = { x: 0.5, top: 0.1, height: 0.4 };
  assert.equal(wanted({ ...settings, sheet: 'a4' }, null).fileKey, wanted(settings, null).fileKey);
  assert.notEqual(wanted(settings, null, head).fileKey, wanted(settings, null).fileKey);
  assert.equal(wanted(DEFAULTS, null, head).fileKey, wanted(DEFAULTS, null).fileKey);
  assert.deepEqual(wanted(settings, null, head).output.crop.head, head);
});
