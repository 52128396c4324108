/**
 * Matting: a photo in, a small matte out. The parts run one after the other on the same photo, and their mattes are made one.
 *
 * @typedef {import('../shared/protocol.js').Model} Model
 * @typedef {import('../shared/catalog-entry.js').MattingPart} MattingPart
 * @typedef {import('../image/read/decode.js').Pixels} Pixels
 * @typedef {import('./fuse.js').SmallMatte} SmallMatte
 * @typedef {SmallMatte & { apart?: number, ms: { pre: number, run: number, create: number } }} Matted `apart`: how much its parts differ (fuse.js), where there are
 *   several; `create`: parts that were brought up only now
 * @typedef {import('./index.js').Task<Pixels, Matted> & { expect: () => void }} MattingTask
 */
import { MatteboxError } from '../shared/errors.js';
import { isFirst } from '../shared/first-part.js';
import { onDemand } from '../shared/on-demand.js';
import { toMatte } from '../image/matte/matte.js';
import { averaged } from '../image/scale/resample.js';
import { normalise, toTensor } from '../image/tensor.js';
import { assertCanary } from '../runtime/canary.js';
import { canaryPlanes, samplesOf } from './matting-canary.js';
import { Parts } from './parts.js';

const fusing = onDemand(() => import('./fuse.js'), 'fuse.js');

/**
 * Every part is up before the first photo, or the one that is shown first, and stays so as far as memory allows.
 * @param {Model} model
 * @param {import('./parts.js').Host} host
 * @returns {Promise<Matting>}
 * @throws {MatteboxError} `session-failed`, `model-interface` naming the part's model, and what `host.read` throws
 */
export async function load({ parts, fusion }, host) {
  const opened = new Parts(parts, host);
  for (const part of parts) if (!host.isLazy || !fusion || isFirst(part)) await opened.open(part);
  opened.takeCreateMs();
  return new Matting(opened, fusion);
}

/** @implements {MattingTask} */
class Matting {
  #parts;
  #fusion;

  /**
   * @param {Parts<MattingPart>} parts
   * @param {Model['fusion']} fusion
   */
  constructor(parts, fusion) {
    this.#parts = parts;
    this.#fusion = fusion;
  }

  /**
   * @returns {Promise<import('./index.js').Check>}
   * @throws {MatteboxError} `canary-mismatch`, `bad-matte`
   */
  check() {
    return this.#parts.check(async (part) => {
      const [, , height, width] = part.inputs[0].shape;
      const { ms, ...matte } = await this.#infer(part, normalise(canaryPlanes(width, height, part.canary.seed), part.inputs[0]));
      assertCanary(samplesOf(matte, part.canary.grid), part);
      return ms;
    });
  }

  /**
   * @param {Pixels} pixels
   * @param {(step: import('./index.js').Step) => void} [progress] in parts
   * @param {(matte: SmallMatte) => Promise<void>} [early] where there are several parts, is given the first one's matte, which tells what is there,
   *   as soon as it is known; the others wait for it
   * @returns {Promise<Matted>} `rows` x `columns`, 0..1
   * @throws {MatteboxError} `bad-matte`, `out-of-memory`, `runtime-failed`, and what the GPU gives
   */
  async run(pixels, progress = () => {}, early = undefined) {
    const { all, isGpu } = this.#parts;
    const isEarly = early !== undefined && this.#fusion !== null;
    const inTurn = isEarly ? all.toSorted((a, b) => Number(isFirst(b)) - Number(isFirst(a))) : all;
    const ms = { pre: 0, run: 0, create: 0 };
    const mattes = /** @type {Record<MattingPart['role'], SmallMatte>} */ ({});
    const sizes = all.map(({ inputs: [{ shape }] }) => shape);
    let started = performance.now();
    // Once for all parts, which takes as long as the finest of them alone.
    const smaller = averaged(pixels, Math.max(...sizes.map(([, , , columns]) => columns)), Math.max(...sizes.map(([, , rows]) => rows)));
    ms.pre += performance.now() - started;
    for (const [done, part] of inTurn.entries()) {
      progress({ done, of: all.length });
      started = performance.now();
      const input = toTensor(smaller, part.inputs[0]);
      ms.pre += performance.now() - started;
      const { ms: run, ...made } = await this.#infer(part, input);
      ms.run += run;
      mattes[part.role] = made;
      // A matte of one value is right for an empty photo, and what a failing GPU gives for any.
      if (isGpu && made.matte.every((value) => value === made.matte[0])) await this.check();
      if (isEarly && isFirst(part)) await early(made);
    }
    ms.create = this.#parts.takeCreateMs();
    const { detail, presence } = mattes;
    if (!this.#fusion) return { ...detail, ms };
    started = performance.now();
    const fused = (await fusing()).fuse(this.#fusion, detail, presence);
    ms.run += performance.now() - started;
    return { ...fused, ms };
  }

  /** Parts that are not up have their files read, while nobody waits. */
  expect() {
    this.#parts.expect();
  }

  /** @throws {MatteboxError} `session-failed`, `model-interface` naming the part's model, and what `host.read` throws */
  async open() {
    for (const part of this.#parts.all) await this.#parts.open(part);
  }

  dispose() {
    return this.#parts.dispose();
  }

  /**
   * @param {MattingPart} part
   * @param {Float32Array} data of its input's shape
   * @returns {Promise<SmallMatte & { ms: number }>} and the graph's own time
   * @throws {MatteboxError} `bad-matte`
   */
  async #infer(part, data) {
    const { inputs: [input], outputs: [output] } = part;
    const { outputs, ms } = await this.#parts.run(part, { [input.name]: { type: 'float32', dims: input.shape, data } });
    const { data: raw, dims } = outputs[output.name];
    if (String(dims) !== String(output.shape)) {
      throw new MatteboxError('bad-matte', { reason: 'shape', expected: output.shape, found: dims });
    }
    const [, , rows, columns] = output.shape;
    return { matte: toMatte(/** @type {Float32Array} */ (raw), output), columns, rows, ms };
  }
}
