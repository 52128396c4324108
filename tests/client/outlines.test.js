import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { drawn, flooded, numbers } from './drawn-mattes.js';

const { piecesOf } = await import('../../client/document/derive/edits/parts.js');

/** Whether the middle of a pixel is inside closed polygons, by the even-odd rule. */
function isInside(outline, x, y) {
  let crossings = 0;
  for (let start = 0, i = 0; i < outline.length; i += 2) {
    if (i > start && outline[i] === outline[start] && outline[i + 1] === outline[start + 1]) { start = i + 2; continue; }
    const [ax, ay, bx, by] = outline.subarray(i, i + 4);
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) crossings++;
  }
  return crossings % 2 === 1;
}

describe('outlines', () => {
  test('of small pieces are exact, with their holes', () => {
    const { matte, size } = drawn(
      '######   #    ######',
      '#    #  # #   # #  #',
      '# ## # #   #  #  # #',
      '#    #  # #   ######',
      '######   # #        ',
    );
    const { names } = flooded(matte, size);
    const { pieces, outlines } = piecesOf(matte, matte, size);
    for (const [k, { at }] of pieces.entries()) {
      const name = names[at.y * size.width + at.x];
      for (let i = 0; i < matte.length; i++) {
        const [x, y] = [i % size.width, Math.floor(i / size.width)];
        assert.equal(isInside(outlines[k], x + 0.5, y + 0.5), names[i] === name, `piece ${k} at ${x},${y}`);
      }
    }
  });

  test('of large ones have some hundred points, and leave the true one by little', () => {
    const next = numbers(7);
    const size = { width: 900, height: 700 };
    const teeth = Array.from({ length: 150 }, () => next() * 30);
    const matte = Uint16Array.from({ length: size.width * size.height }, (_, i) => {
      const [dx, dy] = [(i % size.width) - 450, Math.floor(i / size.width) - 350];
      const away = Math.hypot(dx, dy);
      return away < 250 + teeth[Math.floor((Math.atan2(dy, dx) + Math.PI) * 23.8)] && away > 90 ? 65535 : 0;
    });
    const { pieces, outlines: [outline] } = piecesOf(matte, matte, size);
    assert.equal(pieces.length, 1);
    assert.ok(outline.length / 2 <= 410, `${outline.length / 2} points`);
    let wrong = 0;
    for (let i = 0; i < matte.length; i += 7) if (isInside(outline, (i % size.width) + 0.5, Math.floor(i / size.width) + 0.5) !== matte[i] > 0) wrong += 7;
    assert.ok(wrong < 0.03 * pieces[0].area, `${wrong} pixels of ${pieces[0].area}`);
    assert.ok(!isInside(outline, 450.5, 350.5), 'its hole is one');
  });
});
