/**
 * Which backend works on a photo: judged, planned, tried in order, and learned from. A failure that another attempt may mend moves
 * on to it with the same photo; what worked stays until something better is known to work.
 *
 * @typedef {import('../shared/protocol.js').Catalog} Catalog
 * @typedef {import('../shared/protocol.js').Model} Model
 * @typedef {import('../shared/protocol.js').Attempt} Attempt
 * @typedef {import('../shared/protocol.js').Findings} Findings
 * @typedef {import('../shared/protocol.js').Report} Report
 * @typedef {import('../shared/protocol.js').Verdict} Verdict
 * @typedef {import('./live-session.js').LiveSession} LiveSession
 * @typedef {import('./plan.js').Step} Step
 * @typedef {import('./engine.js').Choice} Choice
 * @typedef {import('./engine.js').Watch} Watch
 *
 * @typedef {import('./plan.js').Plan & { verdict: Verdict | null, findings: Findings | null, expectedMs: number | null,
 *   cpuEstimateMs: number | null }} Route `expectedMs` is for one run of the first attempt's model, `cpuEstimateMs` for one on
 *   the CPU; null when nothing is known
 */
import { environment } from './environment.js';
import { parts } from '../shared/catalog.js';
import { MatteboxError } from '../shared/errors.js';
import { classify } from '../gpu/adapter.js';
import { estimateOnCpu, slowerThan } from './budget.js';
import { workOf } from './expected.js';
import { after, attemptKey, isMendable, plan, threadCount, withoutLooking } from './plan.js';
import { GpuCheck } from './gpu-check.js';
import { orCancelled } from '../jobs/lane.js';
import { fillReport } from './report.js';
import { Strikes } from './strikes.js';

export class Router {
  /** @type {{ session: LiveSession, tried: Attempt[] } | null} `tried` led to it, itself left out */
  #live = null;
  #gpuCheck;
  #open;
  #strikes;
  /** Loaded with the first run, which begins with that. @type {import('./proofs.js').Proofs} */
  #proofs = /** @type {any} */ (null);
  #site;
  #supplies;
  #history;
  usedAt = 0; // as `performance.now()`; Infinity while it works
  /** Called before a model of so many bytes is brought up, where others are up beside it (room.js). @type {((bytes: number) => void) | null} */
  makeRoom = null;

  /**
   * @param {string} site the site's root, absolute
   * @param {import('./supplies.js').Supplies} supplies
   * @param {import('./run-history.js').RunHistory} history
   * @param {{ gpuCheck?: Pick<GpuCheck, 'findings'>, open?: typeof import('./live-session.js').LiveSession.start }} [given] `open` starts a session
   */
  constructor(site, supplies, history, { gpuCheck = new GpuCheck(), open = async (...given) => (await import('./live-session.js')).LiveSession.start(...given) } = {}) {
    this.#site = site;
    this.#supplies = supplies;
    this.#history = history;
    this.#strikes = new Strikes(history);
    this.#gpuCheck = gpuCheck;
    this.#open = open;
  }

  /** @returns {LiveSession | null} what is up */
  get session() {
    return this.#live?.session.isAlive ? this.#live.session : null;
  }

  /** Let go of what is up. */
  end() {
    this.#live?.session.end();
    this.#live = null;
  }

  /** @param {string} model */
  isReady = (model) => this.session?.model.id === model;

  /**
   * What would run, and why. Downloads nothing.
   * @param {Model} model
   * @param {Choice} choice
   * @returns {Promise<Route>}
   */
  async route(model, { backend: requested, threads }) {
    const surroundings = environment();
    const { backends, requirements } = model;
    const findings = withoutLooking(requested, backends) ? null : await this.#gpuCheck.findings();
    const count = threadCount(surroundings, threads);
    const verdict = findings && classify(findings, requirements, count);
    const known = this.#strikes.known(model);
    const planned = plan({ requested, threads, environment: surroundings, backends, verdict, jspi: findings?.jspi ?? false, known });
    const cpuEstimateMs = findings?.cpu ? estimateOnCpu(workOf(model), findings.cpu.gflops, count) : null;
    const [first] = planned.attempts;
    const expectedMs = first ? this.#expected(first, known, cpuEstimateMs) : null;
    return { ...planned, verdict, findings, expectedMs, cpuEstimateMs };
  }

  /** @returns {Choice | null} with which a proof is to be given that is owed; null where there is none, or what is up would have to go for it */
  get owed() {
    const owed = this.#proofs?.owed ?? null;
    return owed && this.session && !this.isReady(owed.model) ? null : owed;
  }

  /** @throws {MatteboxError} `network` where the module cannot be had */
  async #readyProofs() {
    const { Proofs } = await import('./proofs.js').catch((thrown) => { throw MatteboxError.from(thrown, 'network', { name: 'proofs.js', source: 'script' }); });
    return this.#proofs ??= new Proofs();
  }

  /** @returns {Promise<Findings>} */
  findings() {
    return this.#gpuCheck.findings();
  }

  /** Look at the GPU anew, and forget what was learned of backends. @returns {Promise<Findings>} */
  async measure() {
    this.#history.forget();
    (await this.#readyProofs()).forget();
    this.#strikes.clear();
    return this.#gpuCheck.findings({ again: true });
  }

  /**
   * Have `work` done by the best attempt that manages it.
   * @template T
   * @param {Catalog} catalog @param {Model} model
   * @param {Choice} choice @param {Watch} watch
   * @param {Report} report filled in as things become known
   * @param {(session: LiveSession) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async run(catalog, model, choice, watch, report, work) {
    const started = performance.now();
    await this.#readyProofs();
    if (!this.isReady(model.id) && !withoutLooking(choice.backend, model.backends)) watch.onProgress({ stage: 'judging' });
    const route = await orCancelled(this.route(model, choice), watch.signal);
    report.ms.judge = performance.now() - started;
    const { reason, verdict, findings, refused } = route;
    Object.assign(report, { requested: choice.backend, reason, verdict, adapter: findings?.adapter ?? null });

    let attempts = route.attempts;
    if (attempts.length === 0) throw new MatteboxError('gpu-unavailable', { reason: 'only-backend', cause: reason, model: model.id });
    const tried = [...(await this.#keep(model, attempts[0], watch) ?? refused)];
    report.attempts = tried;
    /** @type {{ key: string, code: string }[]} */
    const failures = [];
    for (;;) {
      const [step] = attempts;
      const begun = performance.now();
      /** @param {Attempt['outcome']} outcome @param {string | null} code */
      const note = (outcome, code) => tried.push({ ...step, outcome, code, ms: performance.now() - begun });
      try {
        this.usedAt = Infinity;
        const session = await this.#session(catalog, model, route, attempts, watch, report);
        const result = await work(session);
        note('ran', null);
        this.#strikes.learn(model, failures);
        fillReport(report, catalog, choice, session);
        this.#proofs.gave(session, choice, watch, report);
        return result;
      } catch (thrown) {
        const error = MatteboxError.from(thrown);
        // A part that is brought up late may turn out damaged in the store, or gone from it. Once more, all at once.
        const isMended = watch.onPreview && await this.#supplies.mends(error, parts(catalog, model, step.build).map(({ file }) => file));
        if (!isMended && !isMendable(error.code)) throw error;
        this.end();
        if (isMended) {
          watch = { ...watch, onPreview: undefined };
          continue;
        }
        this.#proofs.failed(catalog, model, step, error);
        note('failed', error.code);
        failures.push({ key: attemptKey(step), code: error.code });
        attempts = after(attempts, error.code);
        if (attempts.length === 0) {
          if (tried.length > 1) error.details.attempts = tried;
          throw error;
        }
        watch.onProgress({ stage: 'falling-back', from: step.backend, code: error.code });
      } finally {
        this.usedAt = performance.now();
      }
    }
  }

  /**
   * The model has worked on a photo.
   * @param {LiveSession} session
   * @param {Record<import('../shared/protocol.js').PhotoStage, number>} ms
   */
  ran(session, ms) {
    const { model, step } = session;
    session.runMs = ms.run;
    const photo = Object.values(ms).reduce((sum, stage) => sum + stage, 0);
    this.#history.ran(model, attemptKey(step), { run: ms.run, photo });
  }

  /**
   * @param {Model} model
   * @param {Step} first what the plan would begin with
   * @param {Watch} watch
   * @returns {Promise<Attempt[] | null>} what led to the session that is kept, null when none is
   */
  async #keep(model, first, watch) {
    const live = this.#live;
    const fits = live?.session.isAlive && live.session.model.files[0].sha256 === model.files[0].sha256 && live.session.model.id === model.id;
    if (live && fits && attemptKey(live.session.step) === attemptKey(first)) return live.tried;
    if (live?.session.isAlive) await this.#proofs.settle(live.session, watch);
    this.end();
    return null;
  }

  /**
   * @param {Catalog} catalog
   * @param {Model} model
   * @param {Route} route
   * @param {Step[]} attempts the first of which is to be made
   * @param {Watch} watch
   * @param {Report} report
   */
  async #session(catalog, model, route, attempts, watch, report) {
    const [step] = attempts;
    if (this.#live) return this.#proofs.beforeWork(this.#live.session, watch, report);
    const known = this.#strikes.known(model);
    const isForced = route.reason === 'requested' && route.verdict?.verdict === 'degraded' && step.backend === 'webgpu';
    const isLast = isForced || after(attempts, 'timed-out').length === 0;
    const expectedMs = this.#expected(step, known, route.cpuEstimateMs);
    const start = { site: this.#site, supplies: this.#supplies, catalog, model, step, isLast, expectedMs, isLazy: watch.onPreview !== undefined, canary: this.#proofs.plan(catalog, model, step, watch.onWithdraw !== undefined) };
    this.makeRoom?.(model.bytes);
    const session = await this.#open(start, watch, report);
    const { create, canary, run } = session.facts.ms;
    Object.assign(report.ms, { create, canary });
    this.#history.started(model, attemptKey(step), session.facts.ms, session.isWhole);
    if (session.facts.canary === 'passed') this.#proofs.passed(catalog, model, step);
    this.#live = { session, tried: [...report.attempts] };
    if (step.backend === 'webgpu' && route.reason !== 'requested' && run !== null) {
      const cpu = attempts.find(({ backend }) => backend === 'wasm');
      const limit = cpu ? slowerThan(run, { runMs: known[attemptKey(cpu)]?.runMs ?? null, estimateMs: route.cpuEstimateMs }) : null;
      if (limit !== null) throw new MatteboxError('too-slow', { ms: run, limit });
    }
    return session;
  }

  /**
   * @param {Step} step
   * @param {Record<string, import('./plan.js').Known>} known
   * @param {number | null} cpuEstimateMs
   */
  #expected(step, known, cpuEstimateMs) {
    return known[attemptKey(step)]?.runMs ?? (step.backend === 'wasm' && step.threads > 1 ? cpuEstimateMs : null);
  }
}
