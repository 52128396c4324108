import { readFileSync } from 'node:fs';

/**
 * Values made by tests/fixtures/golden.py.
 * @param {string} name
 */
export function golden(name) {
  return JSON.parse(readFileSync(new URL(`../fixtures/golden/${name}.json`, import.meta.url), 'utf8'));
}

/** @param {string} text base64 */
export function bytesOf(text) {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

/**
 * RGB as the client holds pictures, RGBA. Every alpha there is occurs: none of them may reach the colours.
 * @param {Uint8Array} rgb
 * @param {number} [repeat] how often the picture is stacked on itself
 */
export function withAlpha(rgb, repeat = 1) {
  const out = new Uint8ClampedArray((rgb.length / 3) * 4 * repeat);
  for (let i = 0; i < out.length / 4; i++) {
    for (let c = 0; c < 3; c++) out[i * 4 + c] = rgb[(i * 3 + c) % rgb.length];
    out[i * 4 + 3] = (i * 37) % 256;
  }
  return out;
}

/**
 * @param {ArrayLike<number>} found
 * @param {ArrayLike<number>} expected
 * @returns {{ mean: number, max: number }} of the absolute difference
 */
export function difference(found, expected) {
  if (found.length !== expected.length) throw new Error(`${found.length} values instead of ${expected.length}`);
  let sum = 0;
  let max = 0;
  for (let i = 0; i < found.length; i++) {
    const d = Math.abs(found[i] - expected[i]);
    sum += d;
    max = Math.max(max, d);
  }
  return { mean: sum / found.length, max };
}
