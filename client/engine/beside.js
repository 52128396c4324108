/**
 * What runs beside the model that cuts out, each in a worker of its own, loaded when something asks for it.
 *
 * @typedef {import('./segmenter.js').Segmenter} Segmenter
 */
import { engine } from './calls.js';
import { Segmenter as Selecting } from './segmenter.js';
import { room } from './shared-room.js';

const { router, ...given } = engine.own;

/** What selects by points and boxes. */
export const segmenter = new Selecting({ ...given, gpuCheck: router, room });
