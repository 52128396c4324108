/**
 * What runs beside the model that cuts out, each in a worker of its own, loaded when something asks for it.
 *
 * @typedef {import('./segmenter.js').Segmenter} Segmenter
 */
import { engine } from './calls.js';
import { Room } from './room.js';
import { Segmenter as Selecting } from './segmenter.js';

const { router, ...given } = engine.own;

/** Shared by all models that are up. */
const room = new Room();
room.join(router);

/** What selects by points and boxes. */
export const segmenter = new Selecting({ ...given, gpuCheck: router, room });
