/**
 * What reaches the page from outside of it: photos by "Open with" and "Share" of the installed app, and its shortcuts.
 *
 * Shared photos arrive as a POST that the service worker answers (server/templates/sw-share.js): it puts them into a cache of
 * this site, which is emptied here, and sends the browser on to this page. They never reach the server.
 *
 * @typedef {'nothing-shared' | 'share-failed' | 'unreadable'} Trouble
 * @typedef {{ files?: readonly { getFile: () => Promise<File> }[], targetURL?: string | null }} Launch
 * @typedef {{ setConsumer: (consumer: (launch: Launch) => void) => void }} LaunchQueue https://wicg.github.io/web-app-launch/
 */

import { t } from '../messages/later.js';

/** Photos that nobody came for within this time would only surprise. */
const KEPT_MS = 60 * 60_000;

export class Inbox {
  #hooks;
  #cacheName;
  #launches;
  #caches;
  #now;

  /**
   * @param {object} hooks
   * @param {(files: File[]) => void} hooks.onPhotos
   * @param {(trouble: Trouble) => void} hooks.onTrouble
   * @param {(name: string) => void} hooks.onShortcut the fragment of the address that the app was started with
   * @param {object} [scope] the page's own, or made up by a test
   * @param {URL} [scope.site] its root; sites that share an origin share its caches
   * @param {LaunchQueue} [scope.launches] absent where nothing can be installed
   * @param {CacheStorage} [scope.caches] absent in insecure contexts
   * @param {() => number} [scope.now]
   */
  constructor(hooks, {
    site = new URL('../../../', import.meta.url),
    launches = /** @type {{ launchQueue?: LaunchQueue }} */ (globalThis).launchQueue,
    caches = globalThis.caches,
    now = Date.now,
  } = {}) {
    this.#hooks = hooks;
    this.#cacheName = `mattebox-inbox ${site.pathname}`;
    this.#launches = launches;
    this.#caches = caches;
    this.#now = now;
  }

  /**
   * Never rejects: storage that is blocked holds nothing.
   * @param {string} fragment `location.hash`
   */
  async start(fragment) {
    this.#launches?.setConsumer((launch) => void this.#receive(launch));
    this.follow(fragment);
    await this.#collect().catch(() => {});
  }

  /** @param {string} fragment of the page's address */
  follow(fragment) {
    const name = fragment.slice(1);
    if (name === 'nothing-shared' || name === 'share-failed') this.#hooks.onTrouble(name);
    else if (name) this.#hooks.onShortcut(name);
  }

  /** @param {Launch} launch by the system, also of a page that is open already */
  async #receive({ files = [], targetURL }) {
    const opened = await Promise.allSettled(files.map((handle) => handle.getFile()));
    this.#hand(opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    if (opened.some(({ status }) => status === 'rejected')) this.#hooks.onTrouble('unreadable');
    if (targetURL) this.follow(new URL(targetURL).hash);
  }

  async #collect() {
    if (!(await this.#caches?.has(this.#cacheName))) return;
    const cache = await this.#caches.open(this.#cacheName);
    const files = [];
    for (const key of await cache.keys()) {
      const kept = await cache.match(key);
      const file = kept && (await fileOf(kept));
      // Two pages may look at once: the photo is for the one that takes it away.
      if (file && (await cache.delete(key)) && this.#now() - file.lastModified < KEPT_MS) files.push(file);
    }
    this.#hand(files);
  }

  /** @param {File[]} files */
  #hand(files) {
    if (files.length > 0) this.#hooks.onPhotos(files);
  }
}

/**
 * @param {Response} kept as the service worker put it there
 * @returns {Promise<File>} dated when it was shared
 */
async function fileOf(kept) {
  const blob = await kept.blob();
  const name = decodeURIComponent(kept.headers.get('x-name') ?? '');
  return new File([blob], name, { type: blob.type, lastModified: Number(kept.headers.get('x-shared-at')) });
}

/** @param {Trouble} trouble @returns {import('../ui/notices.js').Words} */
export const troubleWords = (trouble) => ({ title: t(`inbox.${trouble}`), body: t(`inbox.${trouble}.body`) });
