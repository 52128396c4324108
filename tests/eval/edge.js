/**
 * Mattes before and after a person has painted over what is soft in truth: reads what `edge.py` has put into a folder, writes a line of
 * JSON for each photograph.
 *
 *     node tests/eval/edge.js FOLDER
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { maskOf } from '../../client/document/derive/edits/mask.js';
import { applyEdge } from '../../client/document/derive/edits/edge.js';
import { refineMatte } from '../../client/image/matte/refine.js';
import { strokesOver } from './painter.js';

const folder = process.argv[2];
const read = (name) => new Uint8Array(readFileSync(path.join(folder, name))).buffer;

for (const { name, width, height, columns, rows } of JSON.parse(readFileSync(path.join(folder, 'cases.json'), 'utf8'))) {
  const size = { width, height };
  const pixels = { data: new Uint8ClampedArray(read(`${name}.rgba`)), ...size };
  const truth = new Uint8Array(read(`${name}.truth`));
  const before = refineMatte(new Float32Array(read(`${name}.small`)), columns, rows, pixels);
  const after = before.slice();
  const strokes = strokesOver(truth, size);
  const isPainted = new Uint8Array(width * height);
  for (const stroke of strokes) {
    maskOf(stroke, size, { x: 0, y: 0, ...size }).forEach((value, i) => { if (value) isPainted[i] = 1; });
    applyEdge(after, pixels, stroke, null);
  }
  const places = isPainted.reduce((sum, one) => sum + one, 0);
  const error = (matte) => matte.reduce((sum, value, i) => sum + (isPainted[i] ? Math.abs(value / 65535 - truth[i] / 255) : 0), 0) / places;
  const scores = { name, strokes: strokes.length, painted: places / isPainted.length, before: error(before), after: error(after) };
  process.stdout.write(`${JSON.stringify(scores)}\n`);
}
