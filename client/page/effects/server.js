/**
 * Whether the server answers, what this page could do without it, and which release opens next.
 *
 * Invariant: nothing is said that has not just been looked up, in the service worker's shell and in the store.
 *
 * @typedef {import('../state.js').State} State
 */
import { Attempt } from '../../jobs/attempt.js';
import { isShellDue } from '../gate.js';
import { lacking, Offline } from '../offline.js';
import { offerOf } from '../state.js';

/** While the server cannot be reached and something is wanted from it. */
const TRY_EVERY_MS = 10_000;
/** Who has a photo at hand drops it at once: the page's own files, hundreds of them, are not kept before it. */
const SETTLE_MS = 400;

export class Server {
  #engine;
  #store;
  #release = document.querySelector('meta[name="mattebox-release"]')?.getAttribute('content') ?? '';
  #offline;
  #isSettled = false;
  #isKeeping = false;
  /** @type {Attempt | null} */
  #reach = null;
  /** @type {Attempt | null} */
  #look = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Pick<typeof import('../../api.js'), 'stored' | 'reach'>} engine
   * @param {import('../store.js').Store} store
   */
  constructor(engine, store) {
    this.#engine = engine;
    this.#store = store;
    this.#offline = new Offline({ release: this.#release, onChange: () => this.#renew() });
  }

  /** What the page itself needs comes first, and then a photo that is here already. */
  start() {
    const settle = () => setTimeout(() => {
      this.#isSettled = true;
      this.#keep(isShellDue(this.#store.state));
    }, SETTLE_MS);
    if (document.readyState === 'complete') settle();
    else addEventListener('load', settle, { once: true });
    for (const type of ['online', 'offline']) addEventListener(type, () => this.#tryReach());
    // Back from signing in, in another tab.
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && this.#store.state.server !== 'here') this.#tryReach();
    });
    if (offerOf(this.#store.state)) this.#renew();
  }

  /** @param {import('../store.js').Event} event @param {State} state @param {State} previous */
  follow({ type }, state, previous) {
    // With the first photo done, the others share the processor with it.
    this.#keep(type === 'ran' || isShellDue(state));
    const isMissing = (offerOf(state)?.download ?? 0) > 0;
    const wasMissing = (offerOf(previous)?.download ?? 0) > 0;
    const isNews = isMissing && (!wasMissing || state.model !== previous.model);
    if (isNews || (type === 'doubt' && state.server !== 'here')) this.#tryReach();
    if (offerOf(state) && (type === 'offers' || type === 'choose-model')) this.#lookAtShell();
  }

  /** @param {boolean} isDue */
  #keep(isDue) {
    if (!isDue || !this.#isSettled || this.#isKeeping) return;
    this.#isKeeping = true;
    void this.#offline.start();
  }

  /** The service worker is here, or another one. */
  #renew() {
    const offer = offerOf(this.#store.state);
    if (offer && offer.download > 0) this.#tryReach();
    this.#lookAtShell();
  }

  #lookAtShell() {
    this.#look = new Attempt(this.#look);
    void this.#look.run(async () => {
      const shell = await this.#offline.shell();
      const missing = shell?.catalog ? await this.#missingFrom(shell.catalog) : null;
      return shell && { isWhole: shell.isWhole, isOther: shell.version !== this.#release, missing };
    }, { onDone: (shell) => this.#store.dispatch({ type: 'shell', shell }) });
  }

  /** @param {import('../offline.js').Shell['catalog'] & {}} catalog of the release that opens next */
  async #missingFrom(catalog) {
    const { state } = this.#store;
    const runtime = offerOf(state)?.parts.find(({ role }) => role === 'runtime');
    if (!runtime) return null;
    const { files } = await this.#engine.stored().catch(() => ({ files: [] }));
    return lacking(catalog, state.model, runtime.name, files);
  }

  /** Ask until the server answers, while something is wanted from it. */
  #tryReach() {
    clearTimeout(this.#timer);
    this.#reach = new Attempt(this.#reach);
    // Where nobody can tell, it is tried.
    void this.#reach.run(() => this.#engine.reach().catch(() => /** @type {const} */ ('here')), {
      onDone: (server) => {
        if (server !== 'here') this.#timer = setTimeout(() => this.#tryReach(), TRY_EVERY_MS);
        this.#store.dispatch({ type: 'reach', server });
      },
    });
  }
}
