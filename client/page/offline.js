/**
 * The page's hand towards the service worker, which keeps the page's files on this device and tells what it has.
 *
 * @typedef {import('../shared/protocol.js').Catalog} Catalog
 * @typedef {import('../shared/protocol.js').Deliverable} Deliverable
 * @typedef {import('../shared/protocol.js').StoredFile} StoredFile
 *
 * @typedef {object} Shell
 * @property {string} version of the release that opens next
 * @property {boolean} isWhole whether its page opens without a network
 * @property {Catalog | null} catalog that it brings
 */
import { language } from '../messages/index.js';
import { parts } from '../shared/catalog.js';
import { ownScript } from '../shared/trusted.js';

/** A worker that has to be started first answers within a second; one that is broken never does. */
const PATIENCE_MS = 8000;
/** A page that stays open looks for a new release when it is looked at again, but not more often. */
const LOOK_EVERY_MS = 5 * 60_000;

/**
 * @param {Catalog} catalog
 * @param {string} model id
 * @param {string} runtime file name of the runtime that will run it
 * @param {StoredFile[]} files what is stored
 * @returns {Deliverable[] | null} what the model lacks on this device, null where the catalog does not know it
 */
export function lacking(catalog, model, runtime, files) {
  const entry = catalog.models.find(({ id }) => id === model);
  const builds = /** @type {import('../shared/protocol.js').Build[]} */ (Object.keys(catalog.runtime.builds));
  const build = builds.find((name) => catalog.runtime.builds[name].binary.name === runtime);
  if (!entry || !build) return null;
  const here = new Set(files.filter(({ whole, have, bytes }) => whole && have >= bytes).map(({ sha256 }) => sha256));
  return parts(catalog, entry, build).map(({ file }) => file).filter(({ sha256 }) => !here.has(sha256));
}

export class Offline {
  /** @type {ServiceWorkerRegistration | null} */
  #registration = null;
  #looked = 0;
  #container;
  #release;
  #onChange;

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
    const site = new URL('../../../', import.meta.url);
    const registering = this.#container.register(ownScript(new URL('sw.js', site)), { scope: site.href, updateViaCache: 'none' });
    this.#registration = await registering.catch(() => null);
    if (!this.#registration) return;
    this.#container.addEventListener('controllerchange', this.#onChange);
    // The browser itself looks for a new release when a page is opened.
    this.#looked = performance.now();
    document.addEventListener('visibilitychange', () => this.#look());
    addEventListener('online', () => this.#look());
    await this.#container.ready;
    this.#onChange();
  }

  /** @returns {Promise<Shell | null>} null where nothing is kept */
  shell() {
    return this.#ask({ ask: 'state', release: this.#release, language: language() });
  }

  /** See whether there is a new release. A look that fails leaves everything as it is. */
  #look() {
    if (document.hidden || performance.now() - this.#looked < LOOK_EVERY_MS) return;
    this.#looked = performance.now();
    this.#registration?.update().catch(() => { this.#looked = 0; });
  }

  /**
   * @param {object} question
   * @returns {Promise<any>} null without an answer
   */
  async #ask(question) {
    const worker = this.#registration?.active;
    if (!worker) return null;
    const { port1, port2 } = new MessageChannel();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    try {
      return await new Promise((resolve) => {
        timer = setTimeout(resolve, PATIENCE_MS, null);
        port1.onmessage = ({ data }) => resolve(data);
        worker.postMessage(question, [port2]);
      });
    } finally {
      clearTimeout(timer);
      port1.close();
    }
  }
}
