/**
 * What this device has shown of itself: how long each way of running each model takes, and which way failed. Kept across
 * visits, in memory where storage is blocked. Numbers and codes only.
 *
 * Every call reads what is stored anew, so that tabs learn from one another.
 *
 * @typedef {{ id: string, files: { sha256: string }[] }} ModelFiles a model of the catalog, or as much of one
 *
 * @typedef {object} Known of one way to run one model; a time is null where nothing is known
 * @property {number | null} createMs
 * @property {number | null} firstMs the model's first run in a new session
 * @property {number | null} runMs
 * @property {number | null} photoMs all stages of a photo
 * @property {number} runs that `runMs` is the median of
 * @property {Failure | null} failure since it last worked on a photo
 *
 * @typedef {{ code: string, at: number, count: number }} Failure `at` in ms since the epoch, the latest of `count`
 * @typedef {{ [model: string]: { medianMs: number, runs: number } }} Speeds
 *
 * @typedef {Record<Time, number[]> & { usedAt: number, failure: Failure | null }} Step times in ms, the latest last; `usedAt` for
 *   a photo, in ms since the epoch
 * @typedef {{ files: string, steps: Record<string, Step> }} Entry
 * @typedef {Record<string, Entry>} Entries by model id
 * @typedef {typeof TIMES[number]} Time
 */
import { LocalEntry } from '../shared/local-store.js';
import { ownBrowser } from './environment.js';

export { attemptKey } from './plan.js';

const TIMES = /** @type {const} */ (['create', 'first', 'run', 'photo']);
/** Enough for a steady median, few enough to follow a device that has changed. */
const KEPT = 9;
/** By then a driver or a system may have been updated, which no page is told of. */
const FAILURES_LAST_MS = 14 * 24 * 3600 * 1000;

export class RunHistory {
  /** What could not be stored. @type {Entries | null} */
  #unsaved = null;
  #entry;
  #browser;
  #now;

  /**
   * @param {object} [given]
   * @param {import('../shared/local-store.js').OpenStorage} [given.open]
   * @param {string} [given.browser] changes with the browser's version: a failure says nothing of the next one
   * @param {() => number} [given.now] ms since the epoch
   */
  constructor({ open, browser = ownBrowser(), now = Date.now } = {}) {
    this.#entry = new LocalEntry('history', open);
    this.#browser = browser;
    this.#now = now;
  }

  /**
   * @param {ModelFiles} model nothing is known of it when its files have changed
   * @returns {Record<string, Known>} by `attemptKey`
   */
  of(model) {
    const steps = entryOf(this.#load(), model)?.steps ?? {};
    return Object.fromEntries(
      Object.entries(steps).map(([key, { create, first, run, photo, failure }]) => {
        const known = { createMs: median(create), firstMs: median(first), runMs: median(run), photoMs: median(photo), runs: run.length, failure };
        return [key, known];
      }),
    );
  }

  /**
   * @param {ModelFiles} model
   * @param {string} key `attemptKey` of the session that was made
   * @param {{ create: number, first: number | null }} ms
   * @param {boolean} isWhole whether all of the model was brought up in that time
   */
  started(model, key, { create, first }, isWhole) {
    this.ran(model, key, { create: isWhole ? create : undefined, first: first ?? undefined });
  }

  /**
   * Only a photo (`run`) clears failures: many a GPU starts well and is lost at work.
   * @param {ModelFiles} model
   * @param {string} key `attemptKey` of what ran
   * @param {Partial<Record<Time, number>>} ms
   */
  ran(model, key, ms) {
    this.#change(model, key, (step) => {
      for (const time of TIMES) {
        const value = ms[time];
        if (isTime(value)) step[time] = [...step[time], Math.round(value * 10) / 10].slice(-KEPT);
      }
      if (ms.run === undefined) return;
      step.usedAt = this.#now();
      step.failure = null;
    });
  }

  /**
   * @param {ModelFiles} model
   * @param {string} key `attemptKey` of what failed
   * @param {string} code of its error
   */
  failed(model, key, code) {
    this.#change(model, key, (step) => {
      step.failure = { code, at: this.#now(), count: (step.failure?.count ?? 0) + 1 };
    });
  }

  /** Start over, of all models. */
  forget() {
    this.#unsaved = this.#entry.remove() ? null : {};
  }

  /** @returns {Speeds} of photos, run the way each model was run last */
  speeds() {
    return Object.fromEntries(
      Object.entries(this.#load()).flatMap(([id, { steps }]) => {
        const used = Object.values(steps).filter(({ photo }) => photo.length > 0);
        if (used.length === 0) return [];
        const { photo } = used.reduce((latest, step) => (step.usedAt >= latest.usedAt ? step : latest));
        return [[id, { medianMs: /** @type {number} */ (median(photo)), runs: photo.length }]];
      }),
    );
  }

  /**
   * @param {ModelFiles} model
   * @param {string} key
   * @param {(step: Step) => void} change
   */
  #change(model, key, change) {
    const all = this.#load();
    const entry = entryOf(all, model) ?? { files: filesOf(model), steps: {} };
    const step = entry.steps[key] ?? { create: [], first: [], run: [], photo: [], usedAt: 0, failure: null };
    change(step);
    entry.steps[key] = step;
    all[model.id] = entry;
    this.#save(all);
  }

  /** @returns {Entries} free to be changed */
  #load() {
    if (this.#unsaved) return this.#sound(structuredClone(this.#unsaved), this.#browser);
    const { browser, models } = this.#entry.read() ?? {};
    return this.#sound(models, browser);
  }

  /** @param {Entries} models */
  #save(models) {
    // Where it cannot be stored, this page remembers by itself, and tries again with the next photo.
    this.#unsaved = this.#entry.write({ browser: this.#browser, models }) ? null : models;
  }

  /**
   * @param {any} models as stored, by whomever
   * @param {unknown} browser that stored it
   * @returns {Entries} what of it has the right form and still holds
   */
  #sound(models, browser) {
    const now = this.#now();
    const isSameBrowser = browser === this.#browser;
    /** @param {any} failure @returns {Failure | null} */
    const held = (failure) => {
      const { code, at, count } = failure ?? {};
      // One from the future is of a clock that was wrong.
      const isRecent = isTime(at) && at <= now && now - at < FAILURES_LAST_MS;
      return isSameBrowser && isRecent && typeof code === 'string' && Number.isInteger(count) ? { code, at, count } : null;
    };
    /** @param {any} step @returns {Step} */
    const step = ({ create, first, run, photo, usedAt, failure }) => ({
      create: times(create),
      first: times(first),
      run: times(run),
      photo: times(photo),
      usedAt: isTime(usedAt) ? usedAt : 0,
      failure: held(failure),
    });
    return mapped(models, ({ files, steps }) => ({ files: String(files), steps: mapped(steps, step) }));
  }
}

/**
 * @template T
 * @param {any} object of objects, if it is what it should be
 * @param {(value: any) => T} change
 * @returns {Record<string, T>}
 */
function mapped(object, change) {
  const entries = Object.entries(object ?? {}).filter(([, value]) => typeof value === 'object' && value !== null);
  return Object.fromEntries(entries.map(([key, value]) => [key, change(value)]));
}

/** @param {ModelFiles} model */
const filesOf = ({ files }) => files.map(({ sha256 }) => sha256).join(' ');

/**
 * @param {Entries} all
 * @param {ModelFiles} model
 * @returns {Entry | null}
 */
function entryOf(all, model) {
  const entry = Object.hasOwn(all, model.id) ? all[model.id] : null;
  return entry?.files === filesOf(model) ? entry : null;
}

/**
 * @param {unknown} value
 * @returns {value is number}
 */
function isTime(value) {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** @param {unknown} list */
const times = (list) => (Array.isArray(list) ? list.filter(isTime).slice(-KEPT) : []);

/** @param {number[]} list */
function median(list) {
  if (list.length === 0) return null;
  const sorted = list.toSorted((a, b) => a - b);
  return (sorted[(list.length - 1) >> 1] + sorted[list.length >> 1]) / 2;
}
