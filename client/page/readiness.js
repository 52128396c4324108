import { formatBytes, sentences } from '../messages/format.js';
import { t } from '../messages/index.js';
import { lacking, Offline } from './offline.js';
import { OfflineBadge } from '../ui/offline-badge.js';

/** @typedef {{ id: string, title: string }} ModelName */
/** @typedef {import('../ui/model-words.js').Offer} Offer */
/** @typedef {{ announcer: import('../ui/announcer.js').Announcer, notices: import('../ui/notices.js').Notices }} Screen */
/**
 * @typedef {object} Hooks
 * @property {() => void} onReach the server was lost or is back: what may be fetched is different
 * @property {() => void} onBack it is back, after it was found to be lost
 * @property {(model: string) => void} onOther the person would rather use this one, which is here
 */

/** As the service worker knows it. */
const PAST_THE_SHELL = 'sign-in';
/** While the server cannot be reached and something is wanted from it. */
const TRY_EVERY_MS = 10_000;

/**
 * What this page can do without a network, and what it says of it: that everything is here, that a model is not, that a new
 * release is.
 *
 * Invariant: nothing is said that has not just been looked up, in the service worker's shell and in the store.
 */
export class Readiness {
  #engine;
  #screen;
  #release = document.querySelector('meta[name="mattebox-release"]')?.getAttribute('content') ?? '';
  #offline;
  #badge = new OfflineBadge();
  /** @type {Hooks} */
  #hooks = { onReach: () => {}, onBack: () => {}, onOther: () => {} };
  /** @type {{ model: ModelName, offer: Offer, other: ModelName | null } | null} */
  #wanted = null;
  /** @type {import('../shared/protocol.js').Reach} */
  #server = 'here';
  /** Whether the last answer was none of the server's, and not just a failure that made us ask. */
  #isLost = false;
  #photos = { isBusy: false, count: 0 };
  /** Bytes that the new release needs for the chosen model, null where there is none. @type {number | null} */
  #update = null;
  /** What the notices say, so that they are only replaced by something else. @type {Record<string, string>} */
  #told = {};
  /** Counts looks, so that one that was overtaken by another is dropped. */
  #looks = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Pick<typeof import('../api.js'), 'stored' | 'reach'>} engine
   * @param {Screen} screen
   */
  constructor(engine, screen) {
    this.#engine = engine;
    this.#screen = screen;
    this.#offline = new Offline({ release: this.#release, onChange: () => this.#renew() });
  }

  /** What the page itself needs comes first. */
  start() {
    if (document.readyState === 'complete') void this.#offline.start();
    else addEventListener('load', () => void this.#offline.start(), { once: true });
    for (const type of ['online', 'offline']) addEventListener(type, () => void this.#tryReach());
    // Back from signing in, in another tab.
    document.addEventListener('visibilitychange', () => { if (!document.hidden && this.#server !== 'here') void this.#tryReach(); });
  }

  /** @param {Hooks} hooks */
  listen(hooks) {
    this.#hooks = hooks;
  }

  /** @param {Offer} offer @returns {boolean} something is missing for it and cannot be had now */
  isOut({ download }) {
    return download > 0 && this.#server !== 'here';
  }

  /**
   * What is chosen, or what is here of it, may have changed.
   * @param {ModelName} model
   * @param {Offer} offer
   * @param {ModelName | null} other a model that is here
   */
  show(model, offer, other) {
    const isMissing = offer.download > 0;
    const isNews = isMissing && (this.#wanted === null || this.#wanted.offer.download === 0 || this.#wanted.model.id !== model.id);
    this.#wanted = { model, offer, other };
    if (isNews) void this.#tryReach();
    this.#tellMissing();
    void this.#look();
  }

  /** @param {{ state: string }[]} jobs */
  follow(jobs) {
    const isBusy = jobs.some(({ state }) => !['done', 'failed', 'cancelled'].includes(state));
    if (isBusy === this.#photos.isBusy && jobs.length === this.#photos.count) return;
    this.#photos = { isBusy, count: jobs.length };
    this.#tellMissing();
    this.#tellUpdate();
  }

  /** @param {unknown} error of a photo or a download: if the server was lost, the others need not fail of it */
  doubt(error) {
    const { code, details } = /** @type {{ code?: string, details?: { reason?: unknown } }} */ (error);
    const isLost = code === 'network' && details?.reason !== 'policy';
    if (!isLost && code !== 'signed-out') return;
    // At once: the next photo is about to start.
    this.#enter(isLost ? 'away' : 'signed-out');
    void this.#tryReach();
  }

  /** The service worker is here, or another one. */
  #renew() {
    if (this.#wanted && this.#wanted.offer.download > 0) void this.#tryReach();
    void this.#look();
  }

  async #look() {
    this.#looks += 1;
    const looks = this.#looks;
    const shell = await this.#offline.shell();
    const missing = shell?.catalog ? await this.#missingFrom(shell.catalog) : null;
    if (looks !== this.#looks) return;
    const isReady = shell?.isWhole === true && missing?.length === 0;
    this.#badge.show(isReady ? this.#wanted?.model.title ?? null : null);
    const wasHere = this.#wanted?.offer.download === 0;
    const again = wasHere ? (missing ?? []).reduce((sum, { download }) => sum + download, 0) : 0;
    this.#update = shell && shell.version !== this.#release ? again : null;
    this.#tellUpdate();
  }

  /** @param {import('./offline.js').Shell['catalog'] & {}} catalog of the release that opens next */
  async #missingFrom(catalog) {
    const runtime = this.#wanted?.offer.parts.find(({ role }) => role === 'runtime');
    if (!this.#wanted || !runtime) return null;
    const { files } = await this.#engine.stored().catch(() => ({ files: [] }));
    return lacking(catalog, this.#wanted.model.id, runtime.name, files);
  }

  /** Ask until the server answers, while something is wanted from it. */
  async #tryReach() {
    clearTimeout(this.#timer);
    // Where nobody can tell, it is tried.
    const server = await this.#engine.reach().catch(() => /** @type {const} */ ('here'));
    clearTimeout(this.#timer);
    if (server !== 'here') this.#timer = setTimeout(() => void this.#tryReach(), TRY_EVERY_MS);
    const isBack = this.#isLost && server === 'here';
    this.#isLost = server !== 'here';
    this.#enter(server);
    this.#tellMissing();
    if (isBack) this.#hooks.onBack();
  }

  /** @param {import('../shared/protocol.js').Reach} server */
  #enter(server) {
    if (server === this.#server) return;
    this.#server = server;
    this.#hooks.onReach();
  }

  #tellMissing() {
    if (!this.#wanted) return;
    const { model, offer, other } = this.#wanted;
    const size = formatBytes(offer.download);
    const hasPhotos = this.#photos.count > 0;
    const isSignedOut = this.#server === 'signed-out' && this.isOut(offer);
    const toSignIn = { title: t('signed-out'), body: sentences(t('signed-out.body', { model: model.title, size }), hasPhotos && t('signed-out.photos')) };
    this.#tell('signed-out', 'warning', isSignedOut ? toSignIn : null, { label: t('signed-out.sign-in'), act: () => this.#signIn(), isLasting: true });
    const words = { title: t('offline.missing', { model: model.title }), body: sentences(t('offline.missing.body', { size }), this.#photos.isBusy && t('download.photos-wait')) };
    const action = other && { label: t('consent.other', { model: other.title }), act: () => this.#hooks.onOther(other.id), isLasting: false };
    this.#tell('missing', 'warning', this.isOut(offer) && !isSignedOut ? words : null, action);
  }

  /**
   * At the page's own address, which the service worker leaves to the server when it is asked for like this. Photos would be lost
   * with the page they are in: then it is another one.
   */
  #signIn() {
    const address = new URL(location.href);
    address.search = `?${PAST_THE_SHELL}`;
    address.hash = '';
    if (this.#photos.count === 0) location.assign(address);
    else globalThis.window.open(address, '_blank', 'noopener');
  }

  #tellUpdate() {
    const { isBusy, count } = this.#photos;
    const again = this.#update ?? 0;
    const words = {
      title: t('update'),
      body: sentences(t(isBusy ? 'update.busy' : 'update.body'), !isBusy && count > 0 && t('update.photos'), again > 0 && t('update.again', { size: formatBytes(again) })),
    };
    const action = isBusy ? null : { label: t('update.now'), act: () => location.reload(), isLasting: true };
    this.#tell('update', 'quiet', this.#update === null ? null : words, action);
  }

  /**
   * @param {string} key
   * @param {import('../ui/notices.js').Tone} tone
   * @param {import('../ui/notices.js').Words | null} words null takes them back
   * @param {import('../ui/notices.js').Action | null} action
   */
  #tell(key, tone, words, action) {
    const said = words ? JSON.stringify([words, action?.label]) : '';
    if (said === (this.#told[key] ?? '')) return;
    const isNew = !this.#told[key];
    this.#told[key] = said;
    if (!words) {
      this.#screen.notices.hide(key);
      return;
    }
    this.#screen.notices.show(key, tone, words, action ?? undefined);
    if (isNew) this.#screen.announcer.say(sentences(words.title, words.body));
  }
}
