/**
 * What the kernels compute (kernels.wat), in plain loops: they are compared to the bit.
 */
import { kernel } from '../../client/image/scale/lanczos.js';

/** RGBA to the mean of each block, alpha 0. */
export function plainMeans({ data, width, height }, across, down) {
  const out = [];
  for (let top = 0; top < height; top += down) {
    for (let left = 0; left < width; left += across) {
      const sums = [0, 0, 0];
      const [right, bottom] = [Math.min(width, left + across), Math.min(height, top + down)];
      for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) for (let c = 0; c < 3; c++) sums[c] += data[(y * width + x) * 4 + c];
      const scale = 1 / ((bottom - top) * (right - left));
      out.push(...sums.map((sum) => Math.floor(sum * scale + 0.5)), 0);
    }
  }
  return Uint8Array.from(out);
}

/** RGBA to three planes, by rows and then by columns, rounded after both; the sums of columns are rounded to singles after each row. */
export function plainPlanes({ data, width, height, extentX = width, extentY = height }, toWidth, toHeight) {
  const across = kernel(width, toWidth, extentX);
  const down = kernel(height, toHeight, extentY);
  const rows = new Uint8ClampedArray(3 * height * toWidth);
  const out = new Uint8ClampedArray(3 * toHeight * toWidth);
  for (let c = 0, to = 0; c < 3; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < toWidth; x++, to++) {
        let sum = 0;
        for (let k = 0; k < across.taps; k++) sum += across.weights[x * across.taps + k] * data[(y * width + across.first[x] + k) * 4 + c];
        rows[to] = sum;
      }
    }
  }
  for (let c = 0, to = 0; c < 3; c++) {
    for (let y = 0; y < toHeight; y++) {
      for (let x = 0; x < toWidth; x++, to++) {
        let sum = 0;
        for (let k = 0; k < down.taps; k++) {
          sum = Math.fround(sum + down.weights[y * down.taps + k] * rows[(c * height + down.first[y] + k) * toWidth + x]);
        }
        out[to] = sum;
      }
    }
  }
  return out;
}

/** Means over windows, by running sums: along rows, then along columns. */
export function plainBox(plane, width, height, radius) {
  const count = (i, length) => Math.min(i + radius, length - 1) - Math.max(i - radius, 0) + 1;
  const across = new Float32Array(plane.length);
  for (let y = 0; y < height; y++) {
    const value = (x) => (x >= 0 && x < width ? plane[y * width + x] : 0);
    let sum = 0;
    for (let x = 0; x < radius; x++) sum += value(x);
    for (let x = 0; x < width; x++) {
      sum += value(x + radius) - value(x - radius - 1);
      across[y * width + x] = sum * (1 / count(x, width));
    }
  }
  const out = new Float32Array(plane.length);
  for (let x = 0; x < width; x++) {
    const value = (y) => (y >= 0 && y < height ? across[y * width + x] : 0);
    let sum = 0;
    for (let y = 0; y < radius; y++) sum += value(y);
    for (let y = 0; y < height; y++) {
      sum = sum + value(y + radius) - value(y - radius - 1);
      out[y * width + x] = sum * (1 / count(y, height));
    }
  }
  return out;
}
