/**
 * The graphs of one model, by which its task runs: brought up when they are needed, kept up as far as memory allows.
 *
 * @typedef {import('../shared/protocol.js').Deliverable} Deliverable
 * @typedef {import('../runtime/session.js').Session} Session
 * @typedef {import('../runtime/session.js').Tensors} Tensors
 * @typedef {import('../runtime/session-pool.js').SessionPool<Session>} Pool
 *
 * @typedef {{ role: string, name: string, bytes: ArrayBuffer }} Read a file, verified
 *
 * @typedef {object} Host what a worker brings a model up with
 * @property {Pick<import('../runtime/ort.js').Runtime, 'createSession'>} runtime
 * @property {Pool} pool
 * @property {boolean} isGpu
 * @property {boolean} [isLazy] a photo waits whose first result is shown at once: what that does not need is brought up when it is needed
 * @property {(file: Deliverable) => Promise<ArrayBuffer>} read verified bytes. One part's are read at a time: the runtime has a copy
 *   of its own by the time the next one is read
 * @property {(picture: Blob) => Promise<import('../image/read/decode.js').Pixels>} open a picture that a model is given besides photos
 */
import { assertInterface, run } from '../runtime/session.js';

/** @template {import('../shared/protocol.js').ModelPart} P */
export class Parts {
  #host;
  #createMs = 0;
  /** Files that are read before they are needed. @type {Map<P, Promise<Read[]>>} */
  #coming = new Map();

  /**
   * @param {readonly P[]} parts as the catalog has them
   * @param {Host} host
   */
  constructor(parts, host) {
    this.all = parts;
    this.#host = host;
  }

  get isGpu() {
    return this.#host.isGpu;
  }

  /** @returns {number} ms that parts have taken to be brought up since this was asked last */
  takeCreateMs() {
    const ms = this.#createMs;
    this.#createMs = 0;
    return ms;
  }

  /**
   * Have a part up, so that what is wrong with it shows now.
   * @param {P} part
   * @throws {import('../shared/errors.js').MatteboxError} `session-failed`, `model-interface` naming the part's model, and what `read` throws
   */
  open(part) {
    return this.#host.pool.use(this.#wanted(part), () => {});
  }

  /** Read the files of what is still to be brought up, while nothing else is done: all of its bytes are held until then. */
  expect() {
    for (const part of this.all) {
      if (this.#coming.has(part) || this.#host.pool.keys.includes(keyOf(part))) continue;
      const coming = this.#read(part);
      // What is wrong with them is told when they are needed.
      coming.catch(() => {});
      this.#coming.set(part, coming);
    }
  }

  /**
   * @param {P} part brought up if it is not
   * @param {Tensors} inputs
   * @returns {ReturnType<typeof run>}
   * @throws {import('../shared/errors.js').MatteboxError} `out-of-memory`, `runtime-failed`, what the GPU gives, and those of `open`
   */
  run(part, inputs) {
    return this.#host.pool.use(this.#wanted(part), (session) => run(session, inputs));
  }

  /**
   * Each part on its canary; on a GPU twice, which compiles its shaders in the first run: only the second tells how fast it is.
   * @param {(part: P) => Promise<number>} runCanary gives the graph's own time in ms, and throws for a result that is wrong
   * @returns {Promise<import('./index.js').Check>}
   */
  async check(runCanary) {
    const sums = { canary: 0, first: 0, run: 0 };
    for (const part of this.all) {
      const started = performance.now();
      const first = await runCanary(part);
      sums.first += first;
      sums.run += this.isGpu ? await runCanary(part) : first;
      sums.canary += performance.now() - started;
    }
    return sums;
  }

  /** Free all of them. */
  dispose() {
    return this.#host.pool.drop(this.all.map(keyOf));
  }

  /** @param {P} part */
  #wanted(part) {
    return { key: keyOf(part), bytes: weightsOf([part]), create: () => this.#create(part) };
  }

  /** @param {P} part @returns {Promise<Read[]>} */
  #read({ files }) {
    return Promise.all(files.map(async (file) => ({ role: file.role, name: file.name, bytes: await this.#host.read(file) })));
  }

  /** @param {P} part */
  async #create(part) {
    const started = performance.now();
    const { runtime } = this.#host;
    const coming = this.#coming.get(part) ?? this.#read(part);
    this.#coming.delete(part);
    const session = await runtime.createSession(part.model, await coming, part.dimensions);
    assertInterface(session, part);
    this.#createMs += performance.now() - started;
    return session;
  }
}

/**
 * @param {readonly import('../shared/protocol.js').ModelPart[]} parts
 * @returns {number} bytes that their sessions hold while none runs: of a graph that several of them run, each has its own
 */
export function weightsOf(parts) {
  return parts.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The same graph at another size is another session. @param {import('../shared/protocol.js').ModelPart} part */
const keyOf = ({ model, dimensions }) => `${model} ${JSON.stringify(dimensions)}`;
