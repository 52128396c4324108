/**
 * What photos are to run on: what the engine makes of what was asked for, and the question before a GPU that is slower than the CPU.
 *
 * @typedef {import('../state.js').State} State
 * @typedef {import('../state.js').Route} Route
 */
import { Attempt } from '../../jobs/attempt.js';
import { sentences } from '../../messages/format.js';
import { cannot, questionWords, refused, runsOn, whyOf } from '../../ui/routing-words.js';
import { RunsOn } from '../../ui/runs-on.js';
import { questionOf } from '../gate.js';
import { rememberPreference } from '../preference.js';
import { isForced, isToBeAsked, placed } from '../state.js';

/** @param {Route} route */
const isGpu = (route) => route.attempts[0]?.backend === 'webgpu';

export class Placement {
  #engine;
  #store;
  #screen;
  #secure;
  #view;
  /** @type {Attempt | null} */
  #look = null;
  /** @type {Attempt | null} */
  #choice = null;

  /**
   * @param {Pick<typeof import('../../api.js'), 'environment' | 'route'>} engine
   * @param {import('../store.js').Store} store
   * @param {{ announcer: import('../../ui/announcer.js').Announcer, notices: import('../../ui/notices.js').Notices }} screen
   */
  constructor(engine, store, screen) {
    this.#engine = engine;
    this.#store = store;
    this.#screen = screen;
    this.#secure = engine.environment().secure;
    this.#view = new RunsOn({
      onOpen: () => this.#lookAtGpu(),
      onBackend: (backend) => store.dispatch({ type: 'choose-backend', backend }),
      onThreads: (threads) => store.dispatch({ type: 'choose-threads', threads }),
      onAnswer: (isYes) => store.dispatch({ type: 'answer-gpu', isYes }),
    });
  }

  /** @param {import('../store.js').Event} event @param {State} state @param {State} previous */
  follow(event, state, previous) {
    if (state.remembered !== previous.remembered) rememberPreference(state.remembered);
    if (state.looks !== previous.looks) this.#lookUp(state);
    if (state.model !== previous.model || event.type === 'choose-backend') this.#choice?.giveUp();
    if (event.type === 'choose-backend' && event.backend === 'webgpu') this.#chooseGpu(state);
    if (event.type === 'route') this.#tell(state);
    if (state.model) this.#show(state);
    if (event.type === 'ask-gpu') this.#screen.announcer.say(sentences(...Object.values(this.#words(event))));
    const isPut = questionOf(state) === 'gpu';
    if (isPut && (event.type === 'arrived' || questionOf(previous) !== 'gpu')) this.#view.focusQuestion();
  }

  /** What would run now, and, before a GPU that is slower, what a photo would take on the CPU. @param {State} state */
  #lookUp(state) {
    this.#look = new Attempt(this.#look);
    const options = placed(state);
    void this.#look.run(async () => {
      const route = await this.#ask(state, options);
      const isAsked = isForced(state) && route && isGpu(route) && isToBeAsked(state, route);
      return { route, cpuMs: isAsked ? await this.#cpuMs(state) : null };
    }, { onDone: (found) => this.#store.dispatch({ type: 'route', ...found }) });
  }

  /** The GPU is taken once it is known what it can do. @param {State} state */
  #chooseGpu(state) {
    this.#choice = new Attempt(this.#choice);
    void this.#choice.run(async () => {
      const route = await this.#ask(state, { ...placed(state), backend: 'webgpu' });
      return { route, cpuMs: route && isGpu(route) && isToBeAsked(state, route) ? await this.#cpuMs(state) : null };
    }, {
      onDone: ({ route, cpuMs }) => {
        const { dispatch } = this.#store;
        if (route && !isGpu(route)) {
          dispatch({ type: 'gpu', route });
          this.#view.say(cannot(whyOf(route, this.#secure)));
        } else if (route && isToBeAsked(state, route)) {
          dispatch({ type: 'ask-gpu', route, cpuMs });
        } else {
          dispatch({ type: 'take-gpu', route });
        }
      },
    });
  }

  #lookAtGpu() {
    const { state } = this.#store;
    void this.#ask(state, { ...placed(state), backend: 'webgpu' }).then((route) => {
      if (state.model === this.#store.state.model) this.#store.dispatch({ type: 'gpu', route });
    });
  }

  /** @param {State} state */
  #tell(state) {
    const { route, address } = state;
    if (route && !isGpu(route) && address.backend === 'webgpu') this.#screen.notices.show('address-backend', 'warning', refused(whyOf(route, this.#secure)));
    if (this.#view.isOpen) this.#lookAtGpu();
  }

  /** @param {State} state */
  async #cpuMs(state) {
    const route = await this.#ask(state, { ...placed(state), backend: 'wasm' });
    return route?.expectedMs ?? null;
  }

  /**
   * @param {State} state
   * @param {ReturnType<typeof placed>} options
   * @returns {Promise<Route | null>} null when it is not known; the offer fails for the same reason, and tells it
   */
  #ask({ model }, options) {
    return this.#engine.route({ model, ...options }).catch(() => null);
  }

  /** @param {Omit<import('../state.js').GpuQuestion, 'source'> & { source?: import('../state.js').GpuQuestion['source'] }} question */
  #words({ source = 'choice', route, cpuMs }) {
    return questionWords(source, whyOf({ ...route, reason: route.verdict?.reason ?? '' }, this.#secure), route.expectedMs, cpuMs);
  }

  /** @param {State} state */
  #show(state) {
    const { address, gpu, question } = state;
    const { backend, threads } = placed(state);
    const route = state.isLooking ? null : state.route;
    const place = route?.attempts[0] ?? null;
    this.#view.show({
      asked: backend,
      backend: question ? 'webgpu' : backend,
      threads: threads ?? null,
      environment: this.#engine.environment(),
      address,
      place,
      line: place && route ? runsOn(place, whyOf(route, this.#secure)) : '',
      gpu: gpu && { isOffered: isGpu(gpu), verdict: gpu.verdict, why: whyOf(gpu, this.#secure) },
      question: question && this.#words(question),
    });
  }
}
