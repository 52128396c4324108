import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { write } from '../../client/image/write/png.js';
import { readPng } from './read-png.js';

const module = new WebAssembly.Module(readFileSync(new URL('../../node_modules/@jsquash/png/codec/pkg/squoosh_png_bg.wasm', import.meta.url)));

/** The IDAT chunk of the Rust crates `png` and `fdeflate` (@jsquash/png), by wasm-bindgen's conventions. */
function reference({ data, width, height }) {
  const refuse = () => { throw new Error('called'); };
  const wasm = new WebAssembly.Instance(module, { wbg: Object.fromEntries(WebAssembly.Module.imports(module).map(({ name }) => [name, refuse])) }).exports;
  const result = wasm.__wbindgen_add_to_stack_pointer(-16);
  const input = wasm.__wbindgen_malloc(data.length, 1) >>> 0;
  new Uint8Array(wasm.memory.buffer, input, data.length).set(data);
  wasm.encode(result, input, data.length, width, height, 8);
  const [at, length] = new Uint32Array(wasm.memory.buffer, result, 2);
  return Buffer.from(wasm.memory.buffer, at, length);
}

function random(seed) {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
}

/** @param {(x: number, y: number) => number[]} colour */
function picture(width, height, colour) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, at = 0; y < height; y++) for (let x = 0; x < width; x++, at += 4) data.set(colour(x, y), at);
  return { data, width, height };
}

const noise = random(7);
const coin = random(3);
const PICTURES = {
  'one pixel': picture(1, 1, () => [9, 8, 7, 255]),
  'nothing at all': picture(300, 3, () => [0, 0, 0, 0]),
  'one colour, so that runs are longer than the longest': picture(5000, 2, () => [200, 100, 50, 0]),
  'a photo': picture(701, 97, (x, y) => [x / 3 + (noise() >> 5), y + (noise() >> 5), 128 + (noise() >> 6), 255]),
  'a cutout': picture(703, 211, (x, y) => (Math.hypot(x - 350, y - 100) < 80 ? [x, y, noise() >> 4, noise()] : [12, 13, 14, 0])),
  // Of every length up to twice the longest, wherever it falls among eight bytes.
  'runs': picture(4001, 61, (x, y) => (x % (y + 3) === 0 ? [1 + y, 0, 0, 0] : [0, x % 131 === 0 ? 5 : 0, 0, 0])),
  'steps that are seldom': picture(997, 37, () => (coin() < 4 ? [noise(), 0, noise(), 255] : [0, 0, 0, 255])),
  'noise, which is stored': picture(331, 173, () => [noise(), noise(), noise(), noise()]),
  'noise of few bytes': picture(3, 2, () => [noise(), noise(), noise(), noise()]),
  'more rows than are worked on at once': picture(40, 3000, (x, y) => [x * y, y, 0, x > 20 ? 255 : 0]),
  'a row longer than that': picture(70_000, 2, (x, y) => [x >> 8, y, x & 3, 255]),
};

describe('the same file, to the byte, as the Rust crates write', () => {
  for (const [name, pixels] of Object.entries(PICTURES)) {
    test(name, async () => {
      const before = pixels.data.slice();
      const file = Buffer.concat(await write(pixels, 'lossless', null));
      const { chunks, data } = readPng(file);
      assert.deepEqual(chunks.map(({ type }) => type), ['IHDR', 'sRGB', 'IDAT', 'IEND']);
      assert.deepEqual(data, Uint8Array.from(before));
      const theirs = reference(pixels);
      // What stands between header and data is ours.
      assert.deepEqual(Buffer.concat([file.subarray(0, 33), file.subarray(33 + 13)]), theirs);
    });
  }
});
