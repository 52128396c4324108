/**
 * Numbers as the tensors that a graph takes and gives, whose types differ between exports of the same model. Pure.
 *
 * @typedef {import('../../shared/catalog-entry.js').TensorSpec} TensorSpec
 * @typedef {import('../../runtime/session.js').Tensor} Tensor
 */
import { fromHalves, toHalves } from '../../runtime/float16.js';
import { MatteboxError } from '../../shared/errors.js';

/** How numbers become elements of each type. */
const ELEMENTS = {
  float32: (/** @type {Float32Array} */ numbers) => numbers,
  float16: toHalves,
  int32: (/** @type {Float32Array} */ numbers) => Int32Array.from(numbers),
  int64: (/** @type {Float32Array} */ numbers) => BigInt64Array.from(numbers, BigInt),
};

/**
 * @param {TensorSpec} spec
 * @param {Float32Array} numbers whole ones where the type is, below 2 ** 24
 * @param {readonly number[]} dims
 * @returns {Tensor}
 */
export const tensor = ({ dtype }, numbers, dims) => /** @type {Tensor} */ ({ type: dtype, dims, data: ELEMENTS[dtype](numbers) });

/**
 * @param {Tensor} tensor of floats
 * @returns {Float32Array}
 */
export const numbersOf = ({ type, data }) => (type === 'float16' ? fromHalves(/** @type {Uint16Array} */ (data)) : /** @type {Float32Array} */ (data));

/**
 * @param {{ model: string, [side: string]: any }} part
 * @param {'inputs' | 'outputs'} side
 * @param {string} use
 * @returns {import('../../shared/catalog-entry.js').UsedTensor} what the part takes, or gives, for that use
 * @throws {MatteboxError} `model-interface` where there is none
 */
export function usedFor(part, side, use) {
  /** @type {import('../../shared/catalog-entry.js').UsedTensor[]} */
  const there = part[side];
  const found = there.find((one) => one.use === use);
  if (!found) throw new MatteboxError('model-interface', { model: part.model, what: side, expected: use, found: there.map((one) => one.use) });
  return found;
}
