import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { frameOf } from '../../client/image/compose/layout.js';
import { findHead } from '../../client/image/compose/portrait.js';
import { findSubject } from '../../client/image/compose/subject.js';
import { PRESETS } from '../../client/finish/presets.js';

/** A matte of shapes, each a claim about x and y. */
function draw(width, height, ...shapes) {
  return Uint16Array.from({ length: width * height }, (_, i) => (shapes.some((shape) => shape((i % width) + 0.5, Math.floor(i / width) + 0.5)) ? 65535 : 0));
}
const ellipse = (cx, cy, rx, ry) => (x, y) => ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1;
const box = (left, top, right, bottom) => (x, y) => x >= left && x < right && y >= top && y < bottom;

describe('the subject', () => {
  test('its box is that of what can be seen, to the pixel, at any size', () => {
    for (const [width, height] of [[40, 30], [700, 500], [3001, 11], [1, 1]]) {
      const [left, top] = [Math.floor(width / 7), Math.floor(height / 5)];
      const [right, bottom] = [Math.ceil(width * 0.8), Math.ceil(height * 0.9)];
      const found = findSubject(draw(width, height, box(left, top, right, bottom)), width, height);
      assert.deepEqual(found.box, { x: left, y: top, width: right - left, height: bottom - top }, `${width} x ${height}`);
    }
  });

  test('specks and haze are no part of it; thin tips and other large parts are', () => {
    const [width, height] = [1200, 900];
    const body = box(300, 300, 700, 800);
    const speck = box(20, 15, 34, 29);
    const whisker = box(695, 400, 980, 402);
    const second = box(1000, 500, 1100, 650);
    const boxOf = (...shapes) => findSubject(draw(width, height, ...shapes), width, height).box;
    assert.deepEqual(boxOf(body, speck), { x: 300, y: 300, width: 400, height: 500 });
    assert.deepEqual(boxOf(body, whisker), { x: 300, y: 300, width: 680, height: 500 });
    assert.deepEqual(boxOf(body, second), { x: 300, y: 300, width: 800, height: 500 });
    const hazy = draw(width, height, body).map((value) => Math.max(value, 3000));
    assert.deepEqual(findSubject(hazy, width, height).box, { x: 300, y: 300, width: 400, height: 500 });
  });

  test('a matte without one has none', () => {
    assert.equal(findSubject(new Uint16Array(600), 30, 20), null);
    assert.equal(findSubject(new Uint16Array(600).fill(4000), 30, 20), null);
  });

  test('haze that is nowhere likelier a subject than not is none, however much of it there is', () => {
    const [width, height] = [300, 200];
    const haze = draw(width, height, box(50, 50, 250, 150)).map((value) => value * 0.49);
    assert.equal(findSubject(haze, width, height), null);
    haze[100 * width + 100] = 32_768;
    assert.deepEqual(findSubject(haze, width, height).box, { x: 50, y: 50, width: 200, height: 100 });
  });

  test('specks alone are none, a small thing is', () => {
    const [width, height] = [2000, 1500];
    const specks = Array.from({ length: 60 }, (_, i) => box((i * 397) % 1900, (i * 211) % 1400, ((i * 397) % 1900) + 9, ((i * 211) % 1400) + 9));
    assert.equal(findSubject(draw(width, height, ...specks), width, height), null);
    assert.deepEqual(findSubject(draw(width, height, box(900, 700, 920, 720)), width, height).box, { x: 900, y: 700, width: 20, height: 20 });
  });

  test('haze weighs nothing against a small subject', () => {
    const [width, height] = [1200, 900];
    const matte = draw(width, height, box(20, 20, 40, 40));
    const haze = draw(width, height, box(200, 100, 1100, 800));
    const found = findSubject(matte.map((value, i) => value || haze[i] * 0.3), width, height);
    assert.equal(found.cover[Math.floor(30 / found.cell) * found.columns + Math.floor(30 / found.cell)] > 0.9, true);
  });

  test('of a picture at half transparency a subject is likely at a quarter', () => {
    const half = draw(60, 40, box(10, 10, 50, 30)).map((value) => value * 0.4);
    assert.equal(findSubject(half, 60, 40), null);
    assert.deepEqual(findSubject(half, 60, 40, 128).box, { x: 10, y: 10, width: 40, height: 20 });
  });
});

describe('a frame', () => {
  const [width, height] = [400, 300];
  const subject = findSubject(draw(width, height, box(100, 50, 200, 250)), width, height);
  const frame = (crop) => frameOf(subject, crop);

  test('leaves the margin, in parts of the longer side, and is not scaled unless asked', () => {
    assert.deepEqual(frame({ margin: 0.1 }), { x: 80, y: 30, width: 140, height: 240, toWidth: 140, toHeight: 240 });
    assert.deepEqual(frame({}), frame({ margin: 0.05 }));
  });
  test('takes the shape that is asked for, around the middle of the subject, beyond the photo too', () => {
    assert.deepEqual(frame({ margin: 0, aspect: 2 }), { x: -50, y: 50, width: 400, height: 200, toWidth: 400, toHeight: 200 });
    assert.deepEqual(frame({ margin: 0.25, aspect: 1 }), { x: 0, y: 0, width: 300, height: 300, toWidth: 300, toHeight: 300 });
  });
  test('is filled as far as asked, at the size asked', () => {
    assert.deepEqual(frame({ fill: 0.8, width: 1000, height: 1000 }), { x: 25, y: 25, width: 250, height: 250, toWidth: 1000, toHeight: 1000 });
  });
  test('gets the side that was left out from its shape', () => {
    assert.deepEqual(frame({ margin: 0, width: 50 }), { x: 100, y: 50, width: 100, height: 200, toWidth: 50, toHeight: 100 });
    assert.deepEqual(frame({ margin: 0, aspect: 1, height: 31 }), { x: 50, y: 50, width: 200, height: 200, toWidth: 31, toHeight: 31 });
  });
  test('that nobody gave a size is made smaller rather than huge', () => {
    const { toWidth, toHeight } = frameOf(findSubject(draw(3000, 2, box(0, 0, 3000, 2)), 3000, 2), { margin: 1, aspect: 0.02 });
    assert.ok(toWidth * toHeight <= 2 ** 26 && Math.abs(toWidth / toHeight / 0.02 - 1) < 0.01);
  });
});

/** Head and shoulders: a head of 100 x 136 from `top` at 300, a neck of 62 below, shoulders of 280. */
const head = (top = 60) => ellipse(300, top + 68, 50, 68);
const neck = (top = 60) => box(269, top + 100, 331, top + 180);
const shoulders = (top = 60) => [ellipse(300, top + 230, 140, 60), box(160, top + 230, 440, 640)];
const size = [600, 640];
const headIn = (...shapes) => findHead(findSubject(draw(...size, ...shapes), ...size));

/** Within `tolerance` of a head's height. */
function near(found, top, height, centre, tolerance) {
  assert.ok(found, 'no head');
  const worst = Math.max(Math.abs(found.top - top), Math.abs(found.top + found.height - top - height), Math.abs(found.centre - centre)) / height;
  assert.ok(worst <= tolerance, `${JSON.stringify(found)}: ${worst} of its height off`);
}

describe('a head is found by its outline', () => {
  test('over neck and shoulders', () => near(headIn(head(), neck(), ...shoulders()), 60, 136, 300, 0.08));
  test('with long hair that hides the neck', () => near(headIn(head(), box(250, 128, 350, 300), ...shoulders()), 60, 136, 300, 0.12));
  test('with a hat, which counts as its height', () => near(headIn(box(262, 10, 338, 90), head(), neck(), ...shoulders()), 10, 186, 300, 0.12));
  test('with a hand raised above it', () => {
    const arm = [ellipse(140, 60, 22, 26), box(126, 60, 154, 300), box(126, 280, 300, 320)];
    near(headIn(head(120), neck(120), ...shoulders(120), ...arm), 120, 136, 300, 0.12);
  });
  test('of a whole body', () => {
    const body = [ellipse(300, 50, 25, 34), box(286, 70, 314, 110), ellipse(300, 125, 62, 26), box(240, 125, 360, 350), box(245, 350, 295, 620), box(305, 350, 355, 620)];
    near(headIn(...body), 16, 68, 300, 0.12);
  });
  test('the larger of two', () => {
    const child = [ellipse(520, 330, 25, 34), box(507, 350, 533, 390), ellipse(520, 405, 60, 26), box(462, 405, 578, 640)];
    near(headIn(head(), neck(), ...shoulders(), ...child), 60, 136, 300, 0.12);
  });
  test('but not without shoulders, nor in a ball or a box', () => {
    assert.equal(headIn(head(), neck()), null);
    assert.equal(headIn(ellipse(300, 300, 200, 200)), null);
    assert.equal(headIn(box(100, 100, 500, 500)), null);
  });
});

describe('an ID photo', () => {
  const crop = { anchor: 'head', width: 413, height: 531 };
  const frame = (...shapes) => frameOf(findSubject(draw(...size, ...shapes), ...size), crop, { width: size[0], height: size[1] });

  test('is filled by the head to 70 to 78 % of its height, in the middle, with the eyes where ISO/IEC 19794-5 wants them', () => {
    const { x, y, width, height, toWidth, toHeight } = frame(head(), neck(), ...shoulders());
    assert.deepEqual([toWidth, toHeight], [413, 531]);
    assert.ok(Math.abs(width / height - 413 / 531) < 1e-9);
    assert.ok(136 / height >= 0.68 && 136 / height <= 0.78, `${136 / height}`);
    assert.ok(Math.abs(x + width / 2 - 300) < 2);
    const eyes = (y + height - (60 + 68)) / height;
    assert.ok(eyes >= 0.5 && eyes <= 0.7, `${eyes}`);
  });
  test('without a head shows the subject from its top down, and ends with it', () => {
    const { x, y, width, height } = frame(box(100, 100, 500, 500));
    assert.ok(y < 100 && y + height <= 500.001, `${y}, ${height}`);
    assert.ok(Math.abs(x + width / 2 - 300) < 1 && Math.abs(width / height - 413 / 531) < 1e-9);
  });
});

test('presets have names of their own, and sizes that can be asked for', () => {
  assert.equal(new Set(PRESETS.map(({ id }) => id)).size, PRESETS.length);
  for (const { output } of PRESETS.filter(({ id }) => id !== 'id-photo')) assert.ok(Number.isInteger(output.crop.width) && Number.isInteger(output.crop.height));
  const { crop, background, type } = PRESETS.find(({ id }) => id === 'marketplace').output;
  assert.deepEqual([crop.fill, background.colour, type], [0.85, '#ffffff', 'image/jpeg']);
});
