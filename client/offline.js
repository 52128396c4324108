/**
 * The page's hand towards the service worker, which keeps the page's files on this device and tells what it has.
 *
 * @typedef {object} Shell
 * @property {string} version of the release that opens next
 * @property {boolean} isWhole whether it opens without a network
 * @property {import('./protocol.js').Catalog | null} catalog that it brings
 */

/** A worker that is being started answers within a second; one that is broken never does. */
const PATIENCE_MS = 8000;
/** A page that stays open looks for a new release when it is looked at again, but not more often. */
const LOOK_EVERY_MS = 5 * 60_000;

export class Offline {
  /** @type {ServiceWorkerRegistration | null} */
  #registration = null;
  #container;
  #release;
  #onChange;
  #looked = -Infinity;

  /**
   * @param {object} options
   * @param {string} options.release of this page, empty where nothing is to be kept
   * @param {() => void} options.onChange what `shell` tells may be different now
   * @param {ServiceWorkerContainer} [options.container] absent in insecure contexts
   */
  constructor({ release, onChange, container = globalThis.navigator.serviceWorker }) {
    this.#release = release;
    this.#onChange = onChange;
    this.#container = container;
  }

  /** Never rejects: a browser may refuse, as private windows do, and the page then works with a network only. */
  async start() {
    if (!this.#container || !this.#release) return;
    const site = new URL('../../', import.meta.url);
    const registration = await this.#container.register(new URL('sw.js', site), { scope: site.href, updateViaCache: 'none' }).catch(() => null);
    if (!registration) return;
    this.#registration = registration;
    this.#container.addEventListener('controllerchange', this.#onChange);
    document.addEventListener('visibilitychange', () => this.#look());
    addEventListener('online', () => this.#look());
    await this.#container.ready;
    this.#onChange();
    this.#look();
  }

  /** @returns {Promise<Shell | null>} null where nothing is kept */
  shell() {
    return this.#ask('state', { release: this.#release });
  }

  /** @returns {Promise<boolean | null>} whether the server answers; null when that cannot be told */
  reach() {
    return this.#ask('reach', {});
  }

  /** See whether there is a new release. A failed look leaves everything as it is. */
  #look() {
    if (document.hidden || performance.now() - this.#looked < LOOK_EVERY_MS) return;
    this.#looked = performance.now();
    void this.#registration?.update().catch(() => { this.#looked = -Infinity; });
  }

  /**
   * @param {string} question
   * @param {object} told
   * @returns {Promise<any>} null without an answer
   */
  #ask(question, told) {
    const worker = this.#registration?.active;
    if (!worker) return Promise.resolve(null);
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
      setTimeout(resolve, PATIENCE_MS, null);
    });
    worker.postMessage({ ask: question, ...told }, [port2]);
    return answer.finally(() => port1.close());
  }
}
