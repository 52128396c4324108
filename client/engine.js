/**
 * The page's side of a cutout: it follows the plan, attempt by attempt, each in an inference worker of its own, and has
 * one photo worked on at a time.
 *
 * @typedef {import('./protocol.js').Catalog} Catalog
 * @typedef {import('./protocol.js').Model} Model
 * @typedef {import('./protocol.js').Backend} Backend
 * @typedef {import('./protocol.js').Attempt} Attempt
 * @typedef {import('./protocol.js').Progress} Progress
 * @typedef {import('./protocol.js').Report} Report
 * @typedef {import('./protocol.js').InferenceCalls} InferenceCalls
 * @typedef {{ model?: string, backend: Backend, threads?: number }} Choice
 * @typedef {{ signal?: AbortSignal, onProgress: (event: Progress) => void }} Watch
 * @typedef {Pick<Report, 'backend' | 'reason' | 'attempts' | 'threads'>} Route
 * @typedef {{ model: Model, parts: { role: string, name: string, bytes: number, download: number, have: number, stored: boolean }[],
 *   download: number, ready: boolean }} Offer what has to be on this device for the model, how much of it is, and how many
 *   bytes on the wire are still to come
 * @typedef {{ key: string, model: string, channel: Channel<InferenceCalls>, route: Route, runMs: number }} LiveSession
 */
import { findModel, parts } from './catalog.js';
import { Channel } from './channel.js';
import { environment } from './environment.js';
import { MatteboxError } from './errors.js';
import { plan } from './inference/plan.js';
import { Line, orCancelled } from './line.js';
import { blankReport } from './report.js';
import { Supplies } from './supplies.js';

/** What another attempt, in a fresh worker with other settings, may mend. */
const WORTH_ANOTHER_ATTEMPT = ['runtime-failed', 'session-failed', 'worker-crashed', 'canary-mismatch', 'bad-matte', 'out-of-memory'];

export class Engine {
  /** @type {LiveSession | null} */
  #session = null;
  #line = new Line();
  #supplies;
  #site;

  /** @param {URL} site the site's root */
  constructor(site) {
    this.#site = site.href;
    this.#supplies = new Supplies(this.#site);
  }

  /** @returns {Promise<Catalog>} */
  catalog() {
    return this.#supplies.catalog();
  }

  /**
   * @param {string} [id]
   * @returns {Promise<Offer>}
   */
  async offer(id) {
    const catalog = await this.catalog();
    const model = findModel(catalog, id);
    const needed = parts(catalog, model);
    const held = await this.#supplies.held(catalog, needed.map(({ file }) => file));
    const ready = this.#session !== null && this.#session.channel.isAlive && this.#session.model === model.id;
    const list = needed.map(({ role, file }, i) => {
      const { have, whole } = held[i];
      return { role, name: file.name, bytes: file.bytes, download: file.download, have, stored: whole };
    });
    const download = ready ? 0 : held.reduce((sum, { remaining }) => sum + remaining, 0);
    return { model, parts: list, download, ready };
  }

  /**
   * Fetch all that a model needs, and nothing more. Not in line: photos go on being worked on meanwhile.
   * @param {string | undefined} id
   * @param {Watch} watch aborting pauses: finished segments stay, and the next call goes on from there
   * @returns {Promise<Report>}
   */
  async download(id, watch) {
    const catalog = await orCancelled(this.catalog(), watch.signal);
    const report = blankReport();
    const files = parts(catalog, findModel(catalog, id)).map(({ file }) => file);
    await this.#supplies.fetchAhead(catalog, files, watch, report);
    return report;
  }

  /** @returns {Promise<import('./protocol.js').DeliveryCalls['list']['result'] & { catalog: Catalog }>} */
  async stored() {
    const [catalog, listed] = await Promise.all([this.catalog(), this.#supplies.list()]);
    return { ...listed, catalog };
  }

  /** @param {string} [sha256] all when left out */
  forget(sha256) {
    return this.#supplies.forget(sha256);
  }

  /**
   * Have the model downloaded, checked and warmed up.
   * @param {Choice} choice
   * @param {Watch} watch
   * @returns {Promise<Report>}
   */
  preload(choice, watch) {
    return this.#inLine(watch.signal, async (report) => {
      await this.#prepare(choice, watch, report);
      return report;
    });
  }

  /**
   * @param {Blob} blob
   * @param {Choice} choice
   * @param {Watch} watch
   * @returns {Promise<{ cutout: Blob, matte: Blob, report: Report }>}
   */
  cutout(blob, choice, watch) {
    return this.#inLine(watch.signal, async (report) => {
      const session = await this.#prepare(choice, watch, report);
      const { cutout, matte, size, ms } = await this.#whileRunning(session.channel, (channel) =>
        channel.call('cutout', { blob }, {
          signal: watch.signal,
          onProgress: ({ stage }) => watch.onProgress(stage === 'running' ? { stage, expectedMs: session.runMs } : { stage }),
        }),
      );
      session.runMs = ms.run;
      report.size = size;
      Object.assign(report.ms, ms);
      return { cutout, matte, report };
    });
  }

  /**
   * @template T
   * @param {AbortSignal | undefined} signal
   * @param {(report: Report) => Promise<T>} work
   * @returns {Promise<T>}
   */
  #inLine(signal, work) {
    return this.#line.enter(signal, async () => {
      const started = performance.now();
      const report = blankReport();
      const result = await work(report);
      report.ms.total = performance.now() - started;
      return result;
    });
  }

  /**
   * @param {Choice} choice
   * @param {Watch} watch
   * @param {Report} report filled in as things become known
   */
  async #prepare({ model: id, backend: requested, threads }, watch, report) {
    const catalog = await orCancelled(this.catalog(), watch.signal);
    const model = findModel(catalog, id);
    const surroundings = environment();
    const { attempts, refused, reason } = plan({ requested, threads, environment: surroundings });
    Object.assign(report, { requested, model: { id: model.id, sha256: model.files[0].sha256 } });

    const key = [model.id, model.files[0].sha256, requested, threads].join(' ');
    if (this.#session?.key !== key || !this.#session.channel.isAlive) {
      this.#drop();
      /** @type {Attempt[]} */
      const tried = [...refused];
      for (const attempt of attempts) {
        const { backend, build } = attempt;
        try {
          const { channel, facts } = await this.#start(catalog, model, attempt.threads, watch, report);
          tried.push({ backend, build, outcome: 'ran', code: null });
          Object.assign(report.ms, { create: facts.ms.create, canary: facts.ms.canary });
          const route = { backend, reason, attempts: tried, threads: { asked: threads ?? surroundings.cores, got: facts.threads } };
          this.#session = { key, model: model.id, channel, route, runMs: facts.ms.run };
          this.#tidy(catalog);
          break;
        } catch (thrown) {
          const error = MatteboxError.from(thrown);
          tried.push({ backend, build, outcome: 'failed', code: error.code });
          if (attempt === attempts.at(-1) || !WORTH_ANOTHER_ATTEMPT.includes(error.code)) {
            if (tried.length > 1) error.details.attempts = tried;
            throw error;
          }
        }
      }
    }
    const session = /** @type {LiveSession} */ (this.#session);
    Object.assign(report, session.route);
    return session;
  }

  /**
   * One attempt in a fresh worker. A stored file that turns out damaged or gone is fetched again; when the store still
   * does not give back what it was given, everything stays in memory: some browsers' private windows forget what is
   * stored within seconds (seen in WebKitGTK's ephemeral sessions).
   * @param {Catalog} catalog
   * @param {Model} model
   * @param {number} threads
   * @param {Watch} watch
   * @param {Report} report
   */
  async #start(catalog, model, threads, watch, report) {
    const needed = parts(catalog, model).map(({ file }) => file);
    for (let round = 0; ; round++) {
      const [runtime, png, ...files] = await this.#supplies.bring(catalog, needed, round < 2, watch, report);
      watch.onProgress({ stage: 'preparing' });
      const worker = new Worker(new URL('./inference/worker.js', import.meta.url), { type: 'module', name: 'mattebox-inference' });
      /** @type {Channel<InferenceCalls>} */
      const fresh = new Channel(worker, 'inference');
      const args = { site: this.#site, threads, glue: catalog.runtime.builds.wasm.glue, runtime, png, model, files };
      const transfer = [runtime, png, ...files].flatMap(({ buffer }) => buffer ?? []);
      try {
        const facts = await this.#whileRunning(fresh, (channel) => channel.call('prepare', args, { signal: watch.signal, transfer }));
        return { channel: fresh, facts };
      } catch (thrown) {
        const error = MatteboxError.from(thrown);
        fresh.end();
        const file = needed.find(({ name }) => name === error.details.name);
        if (error.details.source !== 'store' || !file) throw error;
        await this.#supplies.distrust(file);
      }
    }
  }

  /**
   * A running model cannot be interrupted, so cancelling it means ending its worker.
   * @template T
   * @param {Channel<InferenceCalls>} channel
   * @param {(channel: Channel<InferenceCalls>) => Promise<T>} call
   */
  async #whileRunning(channel, call) {
    try {
      return await call(channel);
    } catch (thrown) {
      if (thrown instanceof MatteboxError && thrown.code === 'cancelled') {
        channel.end();
        if (this.#session?.channel === channel) this.#drop();
      }
      throw thrown;
    }
  }

  /**
   * A model of this version is up, so what earlier versions stored will not be asked for again.
   * @param {Catalog} catalog
   */
  #tidy(catalog) {
    const files = catalog.models.flatMap((model) => parts(catalog, model)).map(({ file }) => file);
    void this.#supplies.prune(files).catch(() => {});
  }

  #drop() {
    this.#session?.channel.end();
    this.#session = null;
  }
}
