import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { fileOf } from '../../client/document/derive/file.js';
import { apply, EDITS, ERASE, farthest, HEIGHT, matteOf, opened, photoOf, pictured, shown, SIZE, sourceOf, WHOLE, WIDTH } from './edit-document.js';
import { random } from './numbers.js';
import { readPng } from './read-png.js';


describe('what is seen is what the file holds', () => {
  for (const [name, output, isOpaque] of [
    ['as it is wanted most', {}, true],
    ['with the photo’s own colours', { decontaminate: false }, true],
    ['with what is cut away', { hidden: 'keep' }, true],
    ['with edges that are not followed', { refine: false }, true],
    ['of a photo that is transparent itself', {}, false],
  ]) {
    test(name, async (t) => {
      const session = await opened(t, { output, isOpaque });
      const next = random(1);
      // Strokes and a piece; edges softened and moved, too; all that there is.
      for (const count of isOpaque && Object.keys(output).length === 0 ? [0, 3, 4, EDITS.length] : [4, EDITS.length]) {
        for (const edit of EDITS.slice(session.edits.length, count)) apply(session, edit, next);
        const { cutout } = await fileOf(sourceOf(t, isOpaque), { matte: matteOf(), size: SIZE, edits: session.edits }, output);
        const file = readPng(Buffer.from(await cutout.arrayBuffer()), 8);
        const seen = pictured(session);
        for (let i = 3; i < file.data.length; i += 4) assert.equal(seen.data[i], file.data[i], `alpha after ${count} edits`);
        const haze = ({ data }) => shown({ data: data.map((value, i) => (data[i | 3] > 3 ? value : 0)) });
        assert.equal(farthest(haze(seen), haze(file)), 0, `colours after ${count} edits`);
        // Of what no eye finds, to a level on any ground.
        assert.ok(farthest(shown(seen), shown(file)) <= 1);
        const box = { x: 25, y: 67, width: 87, height: 40 };
        const part = pictured(session, box);
        for (let y = 0; y < box.height; y++) {
          const start = ((box.y + y) * WIDTH + box.x) * 4;
          const row = { data: seen.data.slice(start, start + box.width * 4) };
          assert.deepEqual(shown({ data: part.data.slice(y * box.width * 4, (y + 1) * box.width * 4) }), shown(row));
        }
      }
    });
  }
});

describe('light matched to a picture', () => {
  for (const matchLight of [true, false]) {
    test(`is seen as the file holds it: ${matchLight}`, async (t) => {
      const output = { background: { kind: 'image', image: { ...sourceOf(t, true), data: photoOf(true).map((value, i) => (i % 4 === 3 ? 255 : 120 + value / 2)) } }, matchLight, hidden: 'keep' };
      const session = await opened(t, { output });
      const { cutout } = await fileOf(sourceOf(t, true), { matte: matteOf(), size: SIZE, edits: [] }, output);
      const file = readPng(Buffer.from(await cutout.arrayBuffer()), 8);
      const [seen, ground] = [pictured(session), await session.ground(1000)];
      const over = seen.data.map((value, i) => (value * seen.data[i | 3] + ground.data[i] * (255 - seen.data[i | 3])) / 255);
      const colours = (data) => data.map((value, i) => (i % 4 === 3 ? 0 : value));
      assert.ok(farthest(colours(over), colours(file.data)) <= 1);
      const plain = pictured(await opened(t, { output: { ...output, matchLight: false } }));
      assert.equal(farthest(plain.data, seen.data) > 3, matchLight);
    });
  }
});

describe('levels', () => {
  test('are means over blocks, colours weighed by alpha', async (t) => {
    const session = await opened(t, { edits: [ERASE] });
    const full = pictured(session).data;
    const grey = pictured(session, WHOLE, 0, 'matte').data;
    for (const level of [1, 2, 3, 5]) {
      const side = 2 ** level;
      const small = pictured(session, WHOLE, level);
      const dark = pictured(session, WHOLE, level, 'matte');
      assert.deepEqual([small.width, small.height], [Math.ceil(WIDTH / side), Math.ceil(HEIGHT / side)]);
      for (let i = 0; i < small.width * small.height; i++) {
        const [sums, count, mean] = [[0, 0, 0], { alpha: 0, all: 0 }, { matte: 0 }];
        const [left, top] = [(i % small.width) * side, Math.floor(i / small.width) * side];
        for (let y = top; y < Math.min(HEIGHT, top + side); y++) {
          for (let x = left; x < Math.min(WIDTH, left + side); x++) {
            const at = (y * WIDTH + x) * 4;
            sums.forEach((_, c) => { sums[c] += full[at + c] * full[at + 3]; });
            count.alpha += full[at + 3];
            count.all += 1;
            mean.matte += grey[at];
          }
        }
        assert.ok(Math.abs(small.data[i * 4 + 3] - count.alpha / count.all) <= 0.51);
        assert.ok(Math.abs(dark.data[i * 4] - mean.matte / count.all) <= 1);
        if (count.alpha > 0) sums.forEach((sum, c) => assert.ok(Math.abs(small.data[i * 4 + c] - sum / count.alpha) <= 0.51));
      }
    }
  });

  test('of a part lie on the level’s pixels, but for the photo’s edge', async (t) => {
    const session = await opened(t);
    const { box, pixels } = session.picture({ x: 91, y: 45, width: 100, height: 95 }, 3, 'cutout');
    assert.deepEqual(box, { x: 88, y: 40, width: 104, height: 100 });
    const whole = pictured(session, WHOLE, 3);
    for (let y = 0; y < pixels.height; y++) {
      const start = ((5 + y) * whole.width + 11) * 4;
      assert.deepEqual(pixels.data.slice(y * pixels.width * 4, (y + 1) * pixels.width * 4), whole.data.slice(start, start + pixels.width * 4));
    }
  });

  test('of the photo are its own pixels, opaque', async (t) => {
    const session = await opened(t, { edits: [ERASE] });
    assert.deepEqual(pictured(session, WHOLE, 0, 'photo').data, photoOf(true));
    const clear = await opened(t, { isOpaque: false });
    const { data } = pictured(clear, WHOLE, 0, 'photo');
    const own = photoOf(false);
    for (let i = 0; i < data.length; i++) {
      const expected = i % 4 === 3 ? 255 : 255 + ((own[i] - 255) * own[i | 3]) / 255;
      assert.ok(Math.abs(data[i] - expected) <= 0.51);
    }
    assert.deepEqual(clear.facts, { size: SIZE, hasAlpha: true });
  });
});

test('the background is painted as a file has it', async (t) => {
  const colour = { kind: 'gradient', from: '#000000', to: '#ffffff', angle: 90 };
  const session = await opened(t, { output: { background: colour } });
  const ground = await session.ground(150);
  assert.deepEqual([ground.width, ground.height], [150, 105]);
  for (let x = 0; x < 150; x++) assert.ok(Math.abs(ground.data[x * 4] - ((x + 0.5) / 150) * 255) <= 1);
  assert.equal(await (await opened(t)).ground(150), null);
});
