/**
 * The page's side of selecting by points and boxes: which model there is, what it needs, photos that are open, and prompts, of which the
 * latest counts.
 *
 * @typedef {import('../shared/protocol.js').Catalog} Catalog
 * @typedef {import('../shared/protocol.js').Model} Model
 * @typedef {import('../shared/protocol.js').Pipeline} Pipeline
 * @typedef {import('../shared/protocol.js').Progress} Progress
 * @typedef {import('../shared/protocol-segment.js').SegmentPhoto} SegmentPhoto
 * @typedef {import('../shared/protocol-segment.js').SegmentPrompt} SegmentPrompt
 * @typedef {import('../shared/protocol-segment.js').SegmentAnswer} SegmentAnswer
 * @typedef {import('./live-segmenter.js').LiveSegmenter} LiveSegmenter
 * @typedef {{ id: string, title: string, bytes: number, isStored: boolean }} SegmentOffer `bytes` to be downloaded before it can be used
 * @typedef {{ model: string, code: string, detail: Record<string, unknown> }} Refusal why a model that is installed is not offered here
 */
import { parts } from '../shared/catalog.js';
import { MatteboxError } from '../shared/errors.js';
import { Lane, orCancelled } from '../jobs/lane.js';
import { deviceMemory } from './environment.js';
import { hasRoom } from './expected.js';
import { blankReport } from './report.js';
import { Router } from './router.js';

/** @type {import('./engine.js').Choice} */
const CHOICE = { backend: 'auto' };

export class Segmenter {
  #lane = new Lane();
  #supplies;
  #router;
  /** @type {Map<string, SegmentPhoto>} those that are open, by handle */
  #photos = new Map();
  /** Of a prompt whose turn has not come. @type {AbortController | null} */
  #waiting = null;
  /** @type {Refusal[]} of what is installed, as it was judged last */
  #refusals = [];

  /**
   * @param {object} given
   * @param {string} given.site the site's root, absolute
   * @param {import('./supplies.js').Supplies} given.supplies
   * @param {import('./run-history.js').RunHistory} given.history
   * @param {Pick<import('./gpu-check.js').GpuCheck, 'findings'>} given.gpuCheck
   * @param {import('./room.js').Room} given.room
   */
  constructor({ site, supplies, history, gpuCheck, room }) {
    this.#supplies = supplies;
    this.#router = new Router(site, supplies, history, {
      gpuCheck,
      open: async (start, watch, report) => (await import('./live-segmenter.js')).LiveSegmenter.start(start, watch, report),
    });
    room.join(this.#router);
  }

  /** Why models that are installed are not offered on this device; empty before `offered`. */
  get refusals() {
    return this.#refusals;
  }

  /**
   * @returns {Promise<SegmentOffer | null>} the quickest model that is installed and that this device can run
   * @throws {MatteboxError} the catalog's
   */
  async offered() {
    const found = await this.#choose();
    if (!found) return null;
    const { catalog, pipeline, build } = found;
    const held = await this.#supplies.held(catalog, parts(catalog, pipeline, build).map(({ file }) => file));
    const bytes = held.reduce((sum, { remaining }) => sum + remaining, 0);
    return { id: pipeline.id, title: pipeline.title, bytes, isStored: held.every(({ whole }) => whole) };
  }

  /**
   * Have a photo seen, so that it can be asked about. What the model needs is fetched if it is not here.
   * @param {SegmentPhoto} photo
   * @param {{ signal?: AbortSignal, onProgress?: (event: Progress) => void }} [watch] aborting ends its worker: the next photo gets a fresh one
   * @throws {MatteboxError} `unknown-model` where none is offered; else as a cutout
   */
  async open(photo, { signal, onProgress = () => {} } = {}) {
    this.#photos.set(photo.handle, photo);
    try {
      await this.#run(signal, onProgress, (session, watch, report) => session.see(photo, watch, report));
    } catch (thrown) {
      this.#photos.delete(photo.handle);
      throw thrown;
    }
  }

  /**
   * @param {string} handle of an open photo
   * @param {SegmentPrompt} prompt a newer one overtakes it as long as its turn has not come
   * @param {{ signal?: AbortSignal }} [watch]
   * @returns {Promise<SegmentAnswer>}
   * @throws {MatteboxError} `cancelled`, with `details.reason` "overtaken" for one that was; else as a cutout
   */
  async ask(handle, prompt, { signal } = {}) {
    const photo = this.#photos.get(handle);
    if (!photo) throw new MatteboxError('internal', { cause: 'a prompt for a photo that is not open' });
    this.#waiting?.abort();
    const mine = new AbortController();
    this.#waiting = mine;
    const answer = this.#run(mine.signal, () => {}, async (session, watch, report) => {
      const first = await session.ask(handle, prompt);
      if (first) return first;
      // Another worker than the one that saw it, or too many photos since.
      await session.see(photo, watch, report);
      const second = await session.ask(handle, prompt);
      if (!second) throw new MatteboxError('internal', { cause: 'a photo is not kept' });
      return second;
    }, () => { if (this.#waiting === mine) this.#waiting = null; });
    answer.catch(() => {});
    try {
      return await orCancelled(answer, signal);
    } catch (thrown) {
      if (signal?.aborted) mine.abort();
      else if (mine.signal.aborted) throw new MatteboxError('cancelled', { reason: 'overtaken' });
      throw thrown;
    }
  }

  /** @param {string} handle whose photo is not asked about any more */
  close(handle) {
    if (!this.#photos.delete(handle)) return;
    const session = /** @type {LiveSegmenter | null} */ (this.#router.session);
    // A worker that is gone keeps nothing.
    void session?.forget(handle).catch(() => {});
  }

  /**
   * @template T
   * @param {AbortSignal | undefined} signal
   * @param {(event: Progress) => void} onProgress
   * @param {(session: LiveSegmenter, watch: import('./engine.js').Watch, report: import('../shared/protocol.js').Report) => Promise<T>} work
   * @param {() => void} [begun] called when its turn has come; from then on `signal` is the work's own business
   * @returns {Promise<T>}
   */
  #run(signal, onProgress, work, begun) {
    return this.#lane.enter(signal, async () => {
      begun?.();
      const watch = { signal: begun ? undefined : signal, onProgress };
      const found = await orCancelled(this.#choose(), watch.signal);
      if (!found) throw new MatteboxError('unknown-model', { model: 'segment', available: [], refused: this.#refusals });
      const report = blankReport();
      return this.#router.run(found.catalog, found.model, CHOICE, watch, report, (session) => work(/** @type {LiveSegmenter} */ (session), watch, report));
    });
  }

  /** @returns {Promise<{ catalog: Catalog, pipeline: Pipeline, model: Model, build: import('../shared/protocol.js').Build } | null>} */
  async #choose() {
    const catalog = await this.#supplies.catalog();
    this.#refusals = [];
    for (const pipeline of catalog.pipelines.filter(({ task }) => task === 'segment').toSorted((a, b) => a.gflop - b.gflop)) {
      // What routing asks of a model, a pipeline has too.
      const model = /** @type {Model} */ (/** @type {unknown} */ (pipeline));
      const { attempts: [first], reason, verdict } = await this.#router.route(model, CHOICE);
      const { memory_mib: need } = pipeline.requirements;
      const memory = deviceMemory();
      if (first && hasRoom(need, memory)) return { catalog, pipeline, model, build: first.build };
      this.#refusals.push({ model: pipeline.id, ...(first ? { code: 'memory', detail: { need: 2 * need, have: memory === undefined ? null : memory * 1024 } } : { code: reason, detail: verdict?.detail ?? {} }) });
    }
    return null;
  }
}
