// Mattes as the client's own stages make them of what a model gave natively: the photo's whole matte, and with what was seen of a part of it.
// Reads one task a line, as JSON, and answers each with an empty line once its files are written.
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

import { packed } from '../../client/document/document.js';
import { applyLook } from '../../client/document/derive/edits/look.js';
import { fullMatte } from '../../client/document/derive/full-matte.js';

/** @param {{ path: string, columns: number, rows: number }} small 32-bit floats, 0..1 */
function smallOf({ path, columns, rows }) {
  const bytes = readFileSync(path);
  return { values: packed(new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))), columns, rows };
}

/** @param {string} path @param {Uint16Array} matte written as 8 bit */
const write = (path, matte) => writeFileSync(path, Uint8Array.from(matte, (value) => Math.round(value / 257)));

for await (const line of createInterface({ input: process.stdin })) {
  const { photo: { path, width, height }, whole, looks, out } = JSON.parse(line);
  const pixels = { data: new Uint8ClampedArray(readFileSync(path)), width, height };
  const base = fullMatte({ pixels, own: null }, smallOf(whole), true);
  write(out, base);
  for (const { small, out: file, ...look } of looks) {
    const matte = base.slice();
    applyLook(matte, pixels, { kind: 'look', ...look, matte: smallOf(small) }, null, true);
    write(file, matte);
  }
  process.stdout.write('\n');
}
