/**
 * A model's look at a part of a photo: the part is cut out of the photo at its full resolution, with what is around it, so that the model
 * sees what the part is of.
 *
 * @typedef {import('../edits.js').Box} Box
 * @typedef {import('../../shared/protocol.js').ModelCalls} ModelCalls
 */
import { LIKELY } from '../../image/matte/matte.js';
import { shown } from '../../image/matte/transparency.js';
import { stopwatch } from '../../shared/stopwatch.js';
import { packed } from '../document.js';
import { partOf } from './part.js';
import { openPhoto } from './photo.js';

/** Part of the box's longer side that is seen around it, on each side: measured, see docs/measurements/look-here.md. */
export const CONTEXT = 0.2;

/**
 * @param {ModelCalls['look']['args']} look
 * @param {import('./photo.js').Model} model
 * @param {(event: ModelCalls['look']['progress']) => void} progress
 * @returns {Promise<Omit<ModelCalls['look']['result'], 'heap'>>}
 * @throws {import('../../shared/errors.js').MatteboxError} those of `openPhoto` and of the model
 */
export async function lookAt({ source, size, box }, model, progress) {
  const lap = stopwatch();
  progress({ stage: 'decoding' });
  const { pixels, own } = await openPhoto(source, { size });
  const seen = withContext(box, size);
  const part = partOf(pixels, seen);
  const decode = lap();
  progress({ stage: 'running' });
  const { matte, columns, rows, ms } = await model.run(own ? shown(part) : part);
  const isNothing = matte.every((alpha) => alpha < LIKELY);
  return { seen, matte: { values: packed(matte), columns, rows }, notes: isNothing ? [{ code: 'nothing-found', detail: {} }] : [], ms: { decode, pre: ms.pre, run: ms.run } };
}

/**
 * @param {Box} box
 * @param {{ width: number, height: number }} size of the photo
 * @returns {Box} and what is seen around it
 */
export function withContext({ x, y, width, height }, size) {
  const more = Math.round(Math.max(width, height) * CONTEXT);
  const [left, top] = [Math.max(0, x - more), Math.max(0, y - more)];
  return { x: left, y: top, width: Math.min(size.width, x + width + more) - left, height: Math.min(size.height, y + height + more) - top };
}
