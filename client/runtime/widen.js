/**
 * Kernels that a graph's file holds in halves, each behind a Cast, handed to the runtime as the singles that it computes with anyway. A
 * runtime that has to cast them itself does so while it makes the graph ready, by code that is compiled for it at every visit: 2 s of
 * processor time more in the first run (docs/measurements/visits.md). The numbers are the same, and so is every result.
 *
 * Of ONNX's protobuf (onnx.proto) no more is read than that; all else is copied.
 *
 * @typedef {{ number: number, start: number, from: number, end: number }} Field `start` is where its tag is, `from` where its content is
 */
import { fromHalves } from './float16.js';

const GRAPH = 7;
const [NODE, CONSTANT] = [1, 5];
const [INPUT, OUTPUT, OPERATOR] = [1, 2, 4];
const [KIND, NAME, CONTENT] = [2, 8, 9];
const [SINGLE, HALF] = [1, 10];
/** What the model store calls a kernel in halves, after the one that is cast from it: nobody else reads it. */
const SUFFIX = '.fp16';

const [VARINT, FIXED_64, BYTES, FIXED_32] = [0, 1, 2, 5];

/** @type {Float32Array | null} */
let singles = null;

/**
 * @param {ArrayBuffer} file an ONNX model
 * @returns {Uint8Array} the same model. One without such kernels, or that cannot be read, as it is: the runtime says what is wrong with it
 */
export function widened(file) {
  const bytes = new Uint8Array(file);
  try {
    const graph = [...fieldsOf(bytes, 0, bytes.length)].find(({ number }) => number === GRAPH);
    const pieces = graph ? piecesOf(bytes, graph) : null;
    return graph && pieces ? joined(bytes, graph, pieces) : bytes;
  } catch (thrown) {
    if (thrown instanceof Unreadable) return bytes;
    throw thrown;
  }
}

class Unreadable extends Error {}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @returns {[value: number, next: number]}
 */
function varint(bytes, at) {
  let value = 0;
  for (let scale = 1; at < bytes.length; scale *= 128) {
    const byte = bytes[at];
    at += 1;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return [value, at];
  }
  throw new Unreadable();
}

/** @param {Uint8Array} bytes @param {number} wire the field's type @param {number} after its tag @returns {[size: number, from: number]} of its content */
function sizeOf(bytes, wire, after) {
  if (wire === BYTES) return varint(bytes, after);
  if (wire === VARINT) return [varint(bytes, after)[1] - after, after];
  if (wire === FIXED_64) return [8, after];
  if (wire === FIXED_32) return [4, after];
  throw new Unreadable();
}

/**
 * @param {Uint8Array} bytes
 * @param {number} start
 * @param {number} end
 * @returns {Generator<Field, void>}
 */
function* fieldsOf(bytes, start, end) {
  while (start < end) {
    const [tag, after] = varint(bytes, start);
    const [number, wire] = [Math.floor(tag / 8), tag % 8];
    const [size, from] = sizeOf(bytes, wire, after);
    if (from + size > end) throw new Unreadable();
    yield { number, start, from, end: from + size };
    start = from + size;
  }
}

/** @param {Uint8Array} bytes @param {Field} field */
const text = (bytes, { from, end }) => new TextDecoder().decode(bytes.subarray(from, end));

/**
 * @param {Uint8Array} bytes
 * @param {Field} graph
 * @returns {(Field | Wide)[] | null} what it is to consist of; null where nothing changes
 * @typedef {{ size: number, write: (to: Uint8Array, at: number) => number }} Wide
 */
function piecesOf(bytes, graph) {
  const fields = [...fieldsOf(bytes, graph.from, graph.end)];
  const halves = new Set(fields.flatMap((field) => (field.number === CONSTANT ? halvesIn(bytes, field) ?? [] : [])));
  const casts = new Set(fields.filter((field) => field.number === NODE && halves.has(castIn(bytes, field))));
  const cast = new Set([...casts].map((field) => castIn(bytes, field)));
  if (cast.size === 0) return null;
  return fields.flatMap((field) => {
    if (casts.has(field)) return [];
    const name = field.number === CONSTANT ? halvesIn(bytes, field) : null;
    return name !== null && cast.has(name) ? wide(bytes, field, name.slice(0, -SUFFIX.length)) : field;
  });
}

/** @param {Uint8Array} bytes @param {Field} constant @returns {string | null} its name, where it holds halves that are called so */
function halvesIn(bytes, constant) {
  const fields = [...fieldsOf(bytes, constant.from, constant.end)];
  const name = fields.find(({ number }) => number === NAME);
  const kind = fields.find(({ number }) => number === KIND);
  if (!name || !kind || varint(bytes, kind.from)[0] !== HALF || !fields.some(({ number }) => number === CONTENT)) return null;
  const called = text(bytes, name);
  return called.endsWith(SUFFIX) ? called : null;
}

/** @param {Uint8Array} bytes @param {Field} node @returns {string} what it casts, where it is the Cast of such a constant */
function castIn(bytes, node) {
  const fields = [...fieldsOf(bytes, node.from, node.end)];
  const of = (/** @type {number} */ wanted) => fields.filter(({ number }) => number === wanted).map((field) => text(bytes, field));
  const [[input = ''], [output], [operator]] = [of(INPUT), of(OUTPUT), of(OPERATOR)];
  return operator === 'Cast' && input === `${output}${SUFFIX}` ? input : '';
}

/** @param {Uint8Array} bytes @param {Field} constant in halves @param {string} name @returns {Wide} */
function wide(bytes, constant, name) {
  const fields = [...fieldsOf(bytes, constant.from, constant.end)];
  const kept = fields.filter(({ number }) => ![KIND, NAME, CONTENT].includes(number));
  const { from, end } = /** @type {Field} */ (fields.find(({ number }) => number === CONTENT));
  const called = new TextEncoder().encode(name);
  const head = [...kept.flatMap((field) => [...bytes.subarray(field.start, field.end)]), ...tag(KIND, VARINT), SINGLE, ...tag(NAME, BYTES), ...varintOf(called.length), ...called, ...tag(CONTENT, BYTES), ...varintOf((end - from) * 2)];
  const size = head.length + (end - from) * 2;
  const before = [...tag(CONSTANT, BYTES), ...varintOf(size)];
  return {
    size: before.length + size,
    write(to, at) {
      to.set([...before, ...head], at);
      const content = at + before.length + head.length;
      to.set(new Uint8Array(singlesOf(bytes, from, end).buffer), content);
      return content + (end - from) * 2;
    },
  };
}

/** @param {Uint8Array} bytes @param {number} from @param {number} end */
function singlesOf(bytes, from, end) {
  singles ??= fromHalves(Uint16Array.from({ length: 65536 }, (_, bits) => bits));
  // Where they lie in the file is no address that an array of halves may begin at.
  const halves = new Uint16Array(bytes.slice(from, end).buffer);
  const numbers = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) numbers[i] = singles[halves[i]];
  return numbers;
}

/** @param {Uint8Array} bytes @param {Field} graph @param {(Field | Wide)[]} pieces of it */
function joined(bytes, graph, pieces) {
  const size = pieces.reduce((sum, piece) => sum + ('size' in piece ? piece.size : piece.end - piece.start), 0);
  const before = [...tag(GRAPH, BYTES), ...varintOf(size)];
  const to = new Uint8Array(graph.start + before.length + size + bytes.length - graph.end);
  to.set(bytes.subarray(0, graph.start));
  to.set(before, graph.start);
  let at = graph.start + before.length;
  for (const piece of pieces) {
    if ('size' in piece) at = piece.write(to, at);
    else {
      to.set(bytes.subarray(piece.start, piece.end), at);
      at += piece.end - piece.start;
    }
  }
  to.set(bytes.subarray(graph.end), at);
  return to;
}

/** @param {number} number @param {number} wire */
const tag = (number, wire) => varintOf(number * 8 + wire);

/** @param {number} value @returns {number[]} as a varint */
function varintOf(value) {
  const bytes = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80);
  return [...bytes, value];
}
