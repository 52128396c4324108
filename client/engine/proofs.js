/**
 * Whether a model's canary is run before the first photo, after it, or not at all, and who is told where what came first turns out wrong.
 *
 * A GPU is proven before its result is shown. With WebAssembly, whose arithmetic a standard lays down, on bytes whose digest was compared,
 * the photo goes first where its caller can take back what it shows. The canary follows as soon as nothing else is to be done, and at the
 * latest before the second photo: what has been saved cannot be taken back, so it is one photo at most.
 *
 * @typedef {import('../shared/protocol.js').Catalog} Catalog
 * @typedef {import('../shared/protocol.js').Model} Model
 * @typedef {import('./plan.js').Step} Step
 * @typedef {import('./engine.js').Choice} Choice
 * @typedef {import('./engine.js').Watch} Watch
 * @typedef {import('./live-session.js').LiveSession} LiveSession
 * @typedef {import('../shared/protocol.js').Report} Report
 * @typedef {(error: MatteboxError) => void} OnWithdraw
 */
import { MatteboxError } from '../shared/errors.js';
import { CanaryMemo, slot } from './canary-memo.js';
import { blankReport } from './report.js';

/** Failures that speak against results which are there already: other ones tell of memory, time or a worker. @type {readonly string[]} */
const WRONG = ['canary-mismatch', 'bad-matte'];

export class Proofs {
  #memo;
  /** Models of which a result was wrong in this page's life, where nothing can be stored. @type {Set<string>} */
  #doubted = new Set();
  /** Results that were given without a proof, by model and way of running it. @type {Map<string, { choice: Choice & { model: string }, listeners: OnWithdraw[] }>} */
  #given = new Map();

  /** @param {CanaryMemo} [memo] */
  constructor(memo = new CanaryMemo()) {
    this.#memo = memo;
  }

  /** @returns {Choice & { model: string } | null} what was given first without a proof was asked for with it */
  get owed() {
    const [first] = this.#given.values();
    return first?.choice ?? null;
  }

  /** @param {{ model: Model, step: Step }} session @returns {boolean} whether results were given without a proof */
  #isOwed({ model, step }) {
    return this.#given.has(slot(model.id, step));
  }

  /** @param {LiveSession} session @param {Watch} watch @param {Report} report */
  async #prove(session, watch, report) {
    await session.prove(watch, report);
    this.passed(session.catalog, session.model, session.step);
  }

  /**
   * @param {Catalog} catalog
   * @param {Model} model
   * @param {Step} step
   * @param {boolean} isRevocable whether the caller can take back what it is given
   * @returns {'run' | 'later' | 'remembered'} what is to be done about the canary in a new session
   */
  plan(catalog, model, step, isRevocable) {
    if (this.#memo.has(catalog, model, step)) return 'remembered';
    const mayWait = step.backend === 'wasm' && isRevocable && !this.#isOwed({ model, step }) && !this.#doubted.has(model.id) && !this.#memo.isDoubted(catalog, model);
    return mayWait ? 'later' : 'run';
  }

  /**
   * A session that is up is about to work: what was left for later, of the model too, is done now, where it may not wait any longer.
   * @param {LiveSession} session
   * @param {Watch} watch
   * @param {Report} report
   * @returns {Promise<LiveSession>} the same
   * @throws {MatteboxError} `canary-mismatch`, and what a run throws
   */
  async beforeWork(session, watch, report) {
    if (session.facts.canary === 'later' && (!watch.onWithdraw || this.#isOwed(session))) await this.#prove(session, watch, report);
    if (!watch.onPreview) await session.complete(watch, report);
    return session;
  }

  /**
   * A session has worked.
   * @param {LiveSession} session
   * @param {Choice} choice that it was asked for with
   * @param {Watch} watch
   * @param {Report} report without a size where it got ready for a photo, and gave nothing
   */
  gave({ facts, model, step }, choice, { onWithdraw }, { size }) {
    if (facts.canary !== 'later' || !onWithdraw || !size) return;
    const key = slot(model.id, step);
    this.#given.set(key, { choice: { ...choice, model: model.id }, listeners: [...(this.#given.get(key)?.listeners ?? []), onWithdraw] });
  }

  /**
   * A session goes, and another one takes its place.
   * @param {LiveSession} session
   * @param {Watch} watch
   * @throws {MatteboxError} `cancelled`
   */
  async settle(session, watch) {
    if (!this.#isOwed(session)) return;
    try {
      await this.#prove(session, watch, blankReport());
    } catch (thrown) {
      const error = MatteboxError.from(thrown);
      if (error.code === 'cancelled') throw error;
      this.failed(session.catalog, session.model, session.step, error);
    }
  }

  /** @param {Catalog} catalog @param {Model} model @param {Step} step */
  passed(catalog, model, step) {
    this.#memo.add(catalog, model, step);
    this.#given.delete(slot(model.id, step));
  }

  /**
   * @param {Catalog} catalog
   * @param {Model} model
   * @param {Step} step
   * @param {MatteboxError} error that speaks against this way of running the model; what was given is taken back where it speaks against that too
   */
  failed(catalog, model, step, error) {
    if (step.backend !== 'wasm') return;
    this.#memo.forget(model.id);
    if (!WRONG.includes(error.code)) return;
    this.#memo.doubt(catalog, model, step);
    this.#doubted.add(model.id);
    const key = slot(model.id, step);
    const { listeners = [] } = this.#given.get(key) ?? {};
    this.#given.delete(key);
    for (const tell of listeners) tell(new MatteboxError('withdrawn', { model: model.id, reason: error.code }));
  }

  /** Forget what was proven on earlier occasions. */
  forget() {
    this.#memo.forget();
    this.#doubted.clear();
  }
}
