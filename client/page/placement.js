import { sentences } from '../messages/format.js';
import { recallPreference, rememberPreference } from './preference.js';
import { RunsOn } from '../ui/runs-on.js';
import { cannot, questionWords, refused, runsOn, whyOf } from '../ui/routing-words.js';

/** @typedef {Awaited<ReturnType<typeof import('../api.js').route>>} Route */
/** @typedef {import('./preference.js').Preference} Preference */
/** @typedef {{ source: 'choice' | 'address' | 'earlier', route: Route, cpuMs: number | null }} Question */
/**
 * @typedef {object} Hooks
 * @property {() => void} onChange something else is asked for: what has to be downloaded may differ
 * @property {() => void} onSettled it is known whether photos may run
 */

/**
 * What photos are to run on: what was chosen here or is asked for by the address, what the engine makes of it, and the question
 * before a GPU that is slower than the CPU.
 *
 * Invariant: such a GPU is used only after a yes that was given for that very adapter.
 */
export class Placement {
  #engine;
  #secure;
  #screen;
  #hooks;
  #address;
  /** What the next visit will know. */
  #remembered = recallPreference();
  /** What holds now; an answer to the address holds for the visit only. */
  #kept = this.#remembered;
  #model = '';
  /** What would run now, null while that is not known. @type {Route | null} */
  #route = null;
  /** What would run if the GPU was asked for, looked up when somebody may want to know. @type {Route | null} */
  #gpu = null;
  /** @type {Question | null} */
  #question = null;
  /** Counts looks and choices, so that one that was overtaken by another is dropped. */
  #looks = 0;
  #choices = 0;
  #isLooking = false;
  #view;

  /**
   * @param {typeof import('../api.js')} engine
   * @param {{ backend?: Preference['backend'], threads?: number }} address what it asks for holds for the visit
   * @param {{ announcer: import('../ui/announcer.js').Announcer, notices: import('../ui/notices.js').Notices }} screen
   * @param {Hooks} hooks
   */
  constructor(engine, { backend, threads }, screen, hooks) {
    this.#engine = engine;
    this.#secure = engine.environment().secure;
    this.#screen = screen;
    this.#hooks = hooks;
    this.#address = { backend, threads };
    this.#view = new RunsOn({
      onOpen: () => void this.#lookAtGpu(),
      onBackend: (choice) => void this.#choose(choice),
      onThreads: (count) => this.#apply({ threads: count }),
      onAnswer: (isYes) => this.#answer(isYes),
    });
  }

  /** @returns {{ backend: Preference['backend'], threads?: number }} what a photo is to be worked on with */
  get options() {
    const threads = this.#address.threads ?? this.#kept.threads;
    return { backend: this.#address.backend ?? this.#kept.backend, ...(threads === undefined ? {} : { threads }) };
  }

  /** @returns {boolean} whether photos have to wait for an answer */
  get isUndecided() {
    return this.#isForced && (this.#isLooking || (this.#question !== null && this.#question.source !== 'choice'));
  }

  get #isForced() {
    return this.options.backend === 'webgpu';
  }

  /** @returns {boolean} whether the GPU will be used because a person said so */
  get isGpu() {
    return this.#isForced && this.#route?.attempts[0]?.backend === 'webgpu';
  }

  /** @returns {boolean} and is slower than the CPU */
  get isSlow() {
    return this.isGpu && this.#route?.verdict?.verdict === 'degraded';
  }

  /**
   * Look at what would run now.
   * @param {string} [model] id, when another one is chosen
   */
  async look(model = this.#model) {
    if (model !== this.#model) this.#forgetModel();
    this.#model = model;
    this.#looks += 1;
    const looks = this.#looks;
    this.#isLooking = true;
    this.#show();
    const route = await this.#ask(this.options);
    if (looks !== this.#looks) return;
    this.#isLooking = false;
    this.#route = route;
    if (this.#isForced && route) await this.#checkForced(route);
    if (looks !== this.#looks) return;
    if (this.#view.isOpen) void this.#lookAtGpu();
    this.#show();
    this.#hooks.onSettled();
  }

  /** Photos wait for the answer: put the question where the person is. */
  ask() {
    this.#view.focusQuestion();
  }

  /** @param {{ backend: string | null }} report of a run, which something may have been learned from */
  ran({ backend }) {
    if (backend !== null && backend !== this.#route?.attempts[0]?.backend) void this.look();
  }

  /** A photo that takes too long on the GPU is to be worked on by the CPU. */
  useCpu() {
    this.#apply({ backend: 'wasm' }, this.#remembered.backend === 'webgpu');
  }

  #forgetModel() {
    this.#route = null;
    this.#gpu = null;
    this.#question = null;
    this.#choices += 1;
  }

  /** @param {Route} route that was asked for */
  async #checkForced(route) {
    this.#question = null;
    if (route.attempts[0]?.backend !== 'webgpu') {
      if (this.#address.backend === 'webgpu') this.#screen.notices.show('address-backend', 'warning', refused(whyOf(route, this.#secure)));
    } else if (this.#isToBeAsked(route)) {
      this.#question = await this.#questionOf(this.#address.backend === 'webgpu' ? 'address' : 'earlier', route);
    }
  }

  /** @param {Route} route */
  #isToBeAsked({ verdict, findings }) {
    return verdict?.verdict === 'degraded' && this.#kept.agreed !== findings?.key;
  }

  /**
   * @param {Question['source']} source
   * @param {Route} route
   * @returns {Promise<Question>}
   */
  async #questionOf(source, route) {
    const cpu = await this.#ask({ ...this.options, backend: 'wasm' });
    return { source, route, cpuMs: cpu?.expectedMs ?? null };
  }

  /** @param {Preference['backend']} backend */
  async #choose(backend) {
    this.#choices += 1;
    const choices = this.#choices;
    this.#question = null;
    if (backend !== 'webgpu') {
      this.#apply({ backend });
      return;
    }
    const route = await this.#ask({ ...this.options, backend });
    if (choices !== this.#choices) return;
    this.#gpu = route;
    if (route && route.attempts[0]?.backend !== 'webgpu') {
      this.#show();
      this.#view.say(cannot(whyOf(route, this.#secure)));
    } else if (route && this.#isToBeAsked(route)) {
      const question = await this.#questionOf('choice', route);
      if (choices !== this.#choices) return;
      this.#question = question;
      this.#show();
      this.#screen.announcer.say(sentences(...Object.values(this.#words(question))));
    } else {
      this.#apply({ backend });
    }
  }

  /** @param {boolean} isYes */
  #answer(isYes) {
    if (!this.#question) return;
    const { source, route } = this.#question;
    this.#question = null;
    if (isYes) this.#apply({ backend: 'webgpu', agreed: route.findings?.key ?? '' });
    else if (source === 'choice') this.#show();
    else this.#apply({ backend: 'auto' });
  }

  /**
   * @param {Partial<Preference>} choice
   * @param {boolean} [isRemembered] for the next visit; what answers the address is not
   */
  #apply(choice, isRemembered = !('backend' in choice && this.#address.backend)) {
    this.#kept = { ...this.#kept, ...choice };
    if ('backend' in choice) this.#address.backend = undefined;
    if (isRemembered) {
      this.#remembered = { ...this.#remembered, ...choice };
      rememberPreference(this.#remembered);
    }
    this.#hooks.onChange();
    void this.look();
  }

  async #lookAtGpu() {
    const model = this.#model;
    const route = await this.#ask({ ...this.options, backend: 'webgpu' });
    if (model !== this.#model) return;
    this.#gpu = route;
    this.#show();
  }

  /**
   * @param {{ backend: Preference['backend'], threads?: number }} options
   * @returns {Promise<Route | null>} null when it is not known; the offer fails for the same reason, and tells it
   */
  async #ask(options) {
    try {
      return await this.#engine.route({ model: this.#model, ...options });
    } catch {
      return null;
    }
  }

  /** @param {Question} question */
  #words({ source, route, cpuMs }) {
    return questionWords(source, whyOf({ ...route, reason: route.verdict?.reason ?? '' }, this.#secure), route.expectedMs, cpuMs);
  }

  #show() {
    const { backend, threads } = this.options;
    const route = this.#isLooking ? null : this.#route;
    const place = route?.attempts[0] ?? null;
    this.#view.show({
      asked: backend,
      backend: this.#question ? 'webgpu' : backend,
      threads: threads ?? null,
      environment: this.#engine.environment(),
      address: this.#address,
      place,
      line: place && route ? runsOn(place, whyOf(route, this.#secure)) : '',
      gpu: this.#gpu && { isOffered: this.#gpu.attempts[0]?.backend === 'webgpu', verdict: this.#gpu.verdict, why: whyOf(this.#gpu, this.#secure) },
      question: this.#question && this.#words(this.#question),
    });
  }
}
