/**
 * The next photo, decoded in a worker of its own while the model works on the one before it, where that leaves a core idle. One at a time; where anything is in its way it is not
 * there, and the model's worker decodes the photo itself, as it does the first one.
 *
 * @typedef {import('../shared/protocol.js').Opened} Opened
 * @typedef {{ blob: Blob, reduce: boolean }} Next
 */
import { deviceMemory, environment } from './environment.js';
import { PixelLane } from './pixel-lane.js';

const IDLE_MS = 20_000;
/** Of a pixel, decoded. */
const BYTES = 4;
/** Decoded, a photo may take so much for each GB that the device says it has: 33 megapixels of 8 GB. */
const BYTES_PER_GB = 16 * 2 ** 20;
/** GB, where a browser does not tell. */
const USUAL_GB = 4;

/**
 * @param {{ backend: string, threads: number }} step what the model runs on
 * @param {{ cores: number, memory?: number }} device `memory` in GB
 * @param {{ width: number | null, height: number | null }} size of the photo as it would be decoded; null where its head does not tell
 * @returns {boolean} a core is idle, and there is room. A model on the GPU has one thread wait for it; one on the CPU that has all cores leaves none
 */
export function decodesAhead({ backend, threads }, { cores, memory = USUAL_GB }, { width, height }) {
  if (cores - (backend === 'webgpu' ? 1 : threads) < 1 || width === null || height === null) return false;
  return width * height * BYTES <= memory * BYTES_PER_GB;
}

export class DecodeAhead {
  #lane;
  /** @type {{ next: Next, opened: Promise<Opened | null> } | null} */
  #coming = null;

  /** @param {import('./supplies.js').Supplies} supplies */
  constructor(supplies) {
    this.#lane = new PixelLane(supplies, { idleMs: IDLE_MS, isEndedByAbort: true });
  }

  /**
   * @template {{ onProgress: (event: any) => void }} W
   * @param {W} watch
   * @param {import('./plan.js').Step} step
   * @param {(() => Next | null) | undefined} next which photo is worked on after this one, asked when the model begins to run
   * @returns {W} that has the next one decoded
   */
  following(watch, step, next) {
    const onProgress = (/** @type {{ stage: string }} */ event) => {
      watch.onProgress(event);
      const one = event.stage === 'running' && !this.#coming ? next?.() : null;
      if (one) this.#coming = { next: one, opened: this.#open(one, step).catch(() => null) };
    };
    return { ...watch, onProgress };
  }

  /** @param {Next} photo whose turn has come @returns {Promise<Opened | null>} the caller's from now on; null where it is to be decoded now */
  async take({ blob, reduce }) {
    const coming = this.#coming;
    this.#coming = null;
    return coming?.next.blob === blob && coming.next.reduce === reduce ? coming.opened : null;
  }

  /** @param {Next} photo @param {import('./plan.js').Step} step @returns {Promise<Opened | null>} */
  #open({ blob, reduce }, step) {
    return this.#lane.enter({ onProgress() {} }, async ({ channel, pixelWorker }, report) => {
      const size = await channel.call('inspect', { blob, reduce });
      if (!decodesAhead(step, { cores: environment().cores, memory: deviceMemory() }, size)) return null;
      const { source, transfer } = await pixelWorker.ready(blob, {}, reduce, { onProgress() {} }, report);
      return channel.call('open', { source, reduce }, { transfer });
    });
  }
}
