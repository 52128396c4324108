/**
 * WebAssembly that is written by hand, as bytes in base64: a test compares those in the client with their source, and `make kernels` writes them there.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import wabt from 'wabt';

/** Each source, and the module that holds its bytes. */
const HELD_BY = { 'matmul.wat': '../../client/gpu/matmul-cpu.js', 'kernels.wat': '../../client/image/scale/kernels.js' };

const WIDTH = 120;

/** @param {keyof typeof HELD_BY} name @returns {Promise<string>} base64 */
export async function assembled(name) {
  const module = (await wabt()).parseWat(name, readFileSync(new URL(name, import.meta.url), 'utf8'), { simd: true });
  module.validate();
  return Buffer.from(module.toBinary({}).buffer).toString('base64');
}

async function writeAll() {
  for (const [name, holder] of Object.entries(HELD_BY)) {
    const bytes = await assembled(/** @type {keyof typeof HELD_BY} */ (name));
    const lines = bytes.match(new RegExp(`.{1,${WIDTH}}`, 'g')) ?? [];
    const module = new URL(holder, import.meta.url);
    const text = readFileSync(module, 'utf8');
    writeFileSync(module, text.replace(/(export const BYTES =\n)[^;]*;/, (_, head) => `${head}${lines.map((line) => `  '${line}'`).join(' +\n')};`));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeAll();
