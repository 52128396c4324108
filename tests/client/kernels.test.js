import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { boxMean } from '../../client/image/matte/box.js';
import { eachRowOfBlocks } from '../../client/image/scale/blocks.js';
import { BYTES } from '../../client/image/scale/kernels.js';
import { averaged, resizeToPlanes } from '../../client/image/scale/resample.js';
import { assembled } from './assemble.js';
import { plainBox, plainMeans, plainPlanes } from './plain-kernels.js';

/** Noise with hard edges in it, so that kernels overshoot at both ends. */
function photo(width, height) {
  const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => {
    const noise = (Math.imul(i + 7, 2654435761) >>> 11) & 255;
    return (i >> 5) % 3 === 0 ? noise : noise & 1 ? 255 : 0;
  });
  return { data, width, height };
}

test('their bytes are those of their source', async () => assert.equal(BYTES, await assembled('kernels.wat')));

describe('to the bit, they compute what plain loops do', () => {
  for (const [width, height, toWidth, toHeight] of [[1, 1, 1, 1], [3, 2, 5, 4], [97, 61, 33, 30], [64, 64, 64, 64], [130, 41, 19, 64], [40, 33, 7, 1]]) {
    test(`${width} x ${height} to ${toWidth} x ${toHeight}`, () => {
      const from = averaged(photo(width, height), toWidth, toHeight);
      assert.deepEqual(resizeToPlanes(from, toWidth, toHeight), plainPlanes(from, toWidth, toHeight));
    });
  }

  for (const [width, height, radius] of [[1, 1, 1], [5, 3, 4], [7, 9, 20], [50, 37, 6], [64, 8, 2]]) {
    test(`${width} x ${height} over windows of ${radius} on each side`, () => {
      const plane = Float32Array.from(photo(width, height).data.subarray(0, width * height), (level) => level / 255);
      // Again, in memory that has been used.
      for (let i = 0; i < 2; i++) assert.deepEqual(boxMean(width, height, radius)(plane.slice()), plainBox(plane, width, height, radius));
    });
  }

  // The last: more rows than are summed at once, all white.
  for (const [width, height, across, down] of [[1, 1, 1, 1], [10, 7, 3, 2], [33, 9, 4, 9], [5, 700, 2, 600]]) {
    test(`${width} x ${height} in blocks of ${across} x ${down}`, () => {
      const from = photo(width, height);
      if (down > 500) from.data.fill(255);
      const means = [];
      eachRowOfBlocks(from, across, down, (row, rows, sums, mean) => {
        const last = width - (Math.ceil(width / across) - 1) * across;
        means.push(...mean(1 / (rows * across), 1 / (rows * last)));
        const first = from.data.subarray(row * down * width * 4);
        let red = 0;
        for (let y = 0; y < rows; y++) for (let x = 0; x < Math.min(across, width); x++) red += first[(y * width + x) * 4];
        assert.equal(sums[0], red);
      });
      assert.deepEqual(Uint8Array.from(means), plainMeans(from, across, down));
    });
  }
});
