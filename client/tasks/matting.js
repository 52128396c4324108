/**
 * A model that is up: one session per part, run one after the other on the same photo, their mattes made one.
 *
 * @typedef {import('../shared/protocol.js').Deliverable} Deliverable
 * @typedef {import('../shared/protocol.js').Model} Model
 * @typedef {import('../shared/protocol.js').ModelPart} ModelPart
 * @typedef {import('../image/read/decode.js').Pixels} Pixels
 * @typedef {import('../runtime/ort.js').Session} Session
 */
import { averaged } from '../image/scale/resample.js';
import { toTensor } from '../image/tensor.js';
import { fuse } from './fuse.js';
import { assertInterface, infer, runCanary } from './session.js';

export class Runner {
  /** @type {{ part: ModelPart, session: Session }[]} */
  #loaded = [];
  #fusion;
  #isGpu;

  /**
   * @param {Model} model
   * @param {boolean} isGpu
   */
  constructor({ fusion }, isGpu) {
    this.#fusion = fusion;
    this.#isGpu = isGpu;
  }

  /**
   * @param {Pick<import('../runtime/ort.js').Runtime, 'createSession'>} runtime
   * @param {Model} model
   * @param {object} given
   * @param {boolean} given.isGpu
   * @param {(file: Deliverable) => Promise<ArrayBuffer>} given.read verified bytes. One part's are read at a time: the runtime has a
   *   copy of its own by the time the next one is read
   * @returns {Promise<Runner>}
   * @throws {import('../shared/errors.js').MatteboxError} `session-failed`, `model-interface` naming the part's model, and what `read` throws
   */
  static async load(runtime, model, { isGpu, read }) {
    const runner = new Runner(model, isGpu);
    for (const part of model.parts) {
      const files = await Promise.all(part.files.map(async (file) => ({ role: file.role, name: file.name, bytes: await read(file) })));
      const session = await runtime.createSession(part.model, files, part.dimensions);
      assertInterface(session, part);
      runner.#loaded.push({ part, session });
    }
    return runner;
  }

  /**
   * Every part on its canary.
   * @returns {Promise<{ canary: number, first: number, run: number }>} ms of the whole check, and of the graphs' first and latest runs
   * @throws {import('../shared/errors.js').MatteboxError} `canary-mismatch`, `bad-matte`
   */
  async check() {
    const sums = { canary: 0, first: 0, run: 0 };
    for (const { part, session } of this.#loaded) {
      const first = await runCanary(session, part);
      // A GPU compiles its shaders in the first run: only the second tells how fast it is.
      const steady = this.#isGpu ? await runCanary(session, part) : null;
      sums.canary += first.canary + (steady?.canary ?? 0);
      sums.first += first.run;
      sums.run += (steady ?? first).run;
    }
    return sums;
  }

  /**
   * @param {Pixels} pixels
   * @returns {Promise<{ matte: Float32Array, columns: number, rows: number, ms: { pre: number, run: number } }>} `rows` x `columns`, 0..1
   * @throws {import('../shared/errors.js').MatteboxError} `bad-matte`, `out-of-memory`, `runtime-failed`, and what the GPU gives
   */
  async matte(pixels) {
    const ms = { pre: 0, run: 0 };
    const mattes = /** @type {Record<ModelPart['role'], import('./fuse.js').SmallMatte>} */ ({});
    const sizes = this.#loaded.map(({ part }) => part.input.shape);
    let started = performance.now();
    // Once for all parts, which takes as long as the finest of them alone.
    const smaller = averaged(pixels, Math.max(...sizes.map(([, , , columns]) => columns)), Math.max(...sizes.map(([, , rows]) => rows)));
    ms.pre += performance.now() - started;
    for (const { part, session } of this.#loaded) {
      started = performance.now();
      const input = toTensor(smaller, part.input);
      ms.pre += performance.now() - started;
      const { matte, ms: run } = await infer(session, part, input);
      ms.run += run;
      const [, , rows, columns] = part.output.shape;
      mattes[part.role] = { matte, columns, rows };
      // A matte of one value is right for an empty photo, and what a failing GPU gives for any.
      if (this.#isGpu && matte.every((value) => value === matte[0])) await this.check();
    }
    const { detail, presence } = mattes;
    if (!this.#fusion) return { ...detail, ms };
    started = performance.now();
    const fused = fuse(this.#fusion, detail, presence);
    ms.run += performance.now() - started;
    return { ...fused, ms };
  }
}
