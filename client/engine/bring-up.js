/**
 * Brings a model up in an inference worker of its own, watched over. What can go on at the same time does: the worker loads its modules, and those of runtime and task, while
 * files are fetched, the runtime starts while the model is still on its way, and what draws the first preview is up before the rest is here.
 *
 * @typedef {import('../shared/protocol.js').ModelCalls} ModelCalls
 * @typedef {import('../shared/protocol.js').Report} Report
 * @typedef {import('../shared/protocol.js').Supply} Supply
 * @typedef {import('./engine.js').Watch} Watch
 * @typedef {import('./live-session.js').Start} Start
 * @typedef {Parameters<typeof budget>[1]} Limits
 */
import { parts } from '../shared/catalog.js';
import { Channel } from '../shared/channel.js';
import { MatteboxError, throwIfCancelled } from '../shared/errors.js';
import { isFirst } from '../shared/first-part.js';
import { ownScript } from '../shared/trusted.js';
import { budget } from './budget.js';
import { Watchdog } from './watchdog.js';

/** Bytes of a file of which there is room for a second copy: while one is on its way into the store, the other goes to the worker, which need not read and check it again. */
const HAND_OVER = 2 ** 26;

/**
 * A stored file that turns out damaged or gone is fetched again; when the store still does not give back what it was given,
 * everything stays in memory: some browsers' private windows forget what is stored within seconds (seen in WebKitGTK's
 * ephemeral sessions).
 * @param {Start} start
 * @param {Watch} watch @param {Report} report
 * @returns {Promise<{ channel: Channel<ModelCalls>, facts: ModelCalls['prepare']['result'], rest: Rest }>}
 * @throws {MatteboxError} what fetching and starting throw
 */
export async function bringUp(start, watch, report) {
  const { supplies, catalog, model, step } = start;
  const [runtime, ...files] = parts(catalog, model, step.build).map(({ file }) => file);
  const soonest = soonestOf(start);
  const isSoon = (/** @type {typeof runtime} */ { sha256 }) => soonest.has(sha256);
  const later = files.filter((file) => !isSoon(file));
  const needed = [runtime, ...files.filter(isSoon), ...later];
  for (let round = 0; ; round++) {
    throwIfCancelled(watch.signal);
    const worker = new Worker(ownScript(new URL('../workers/model.js', import.meta.url)), { type: 'module', name: 'mattebox-inference' });
    /** @type {Channel<ModelCalls>} */
    const channel = new Channel(worker, 'inference', 'model');
    channel.call('loadScripts', { ...startOf(start), isLazy: start.isLazy }).catch(() => {});
    // What is still to come is not wanted any more once something has failed.
    const together = new AbortController();
    const end = () => together.abort();
    const unfollow = () => watch.signal?.removeEventListener('abort', end);
    watch.signal?.addEventListener('abort', end, { once: true });
    try {
      const told = { onProgress: watch.onProgress };
      const following = { signal: together.signal, onProgress: (/** @type {import('../shared/protocol.js').Progress} */ event) => told.onProgress(event) };
      const coming = await supplies.coming(catalog, needed, { keep: round < 2, handOver: HAND_OVER }, following, report);
      const rest = new Rest(channel, coming.splice(needed.length - later.length), told);
      const facts = await prepared(channel, start, coming, rest, watch);
      rest.arrived.then(unfollow, unfollow);
      return { channel, facts, rest };
    } catch (thrown) {
      const error = MatteboxError.from(thrown);
      unfollow();
      end();
      channel.end();
      if (!(await supplies.mends(error, needed))) throw error;
    }
  }
}

/** The model's files that are still on their way to a worker that draws first previews without them. Where they cannot be had, it is ended. */
export class Rest {
  /** None is on its way any more. */
  isHere;
  /** Resolves once the worker has them all, and rejects with what came between. */
  arrived;
  #told;

  /**
   * @param {Channel<ModelCalls>} channel
   * @param {Promise<Supply>[]} coming
   * @param {Pick<Watch, 'onProgress'>} told how far they are: whoever waits
   */
  constructor(channel, coming, told) {
    this.#told = told;
    this.isHere = coming.length === 0;
    this.arrived = this.isHere ? Promise.resolve() : this.#bring(channel, coming);
    this.arrived.catch((thrown) => channel.end(MatteboxError.from(thrown)));
  }

  /** @param {Watch['onProgress']} onProgress of whoever waits from now on */
  tell(onProgress) {
    this.#told.onProgress = onProgress;
  }

  /** @param {Channel<ModelCalls>} channel @param {Promise<Supply>[]} coming */
  async #bring(channel, coming) {
    const files = await Promise.all(coming);
    // What the worker is asked for from now on, it is asked for behind them.
    this.isHere = true;
    this.#told.onProgress({ stage: 'preparing' });
    await channel.call('supply', { files }, { transfer: buffersIn(files) });
  }
}

/**
 * @param {Start} start
 * @returns {Set<string>} digests of the files that the model is made ready with: all of them, or those of the part that draws the first preview
 */
function soonestOf({ model: { parts: all, fusion, files }, isLazy, canary }) {
  const isPart = isLazy && fusion && canary !== 'run';
  return new Set((isPart ? all.filter(isFirst).flatMap((part) => part.files) : files).map(({ sha256 }) => sha256));
}

/**
 * @param {Channel<ModelCalls>} channel
 * @param {Start} start
 * @param {Promise<Supply>[]} coming the runtime, and the model's files that it is made ready with
 * @param {Rest} rest of them
 * @param {Watch} watch
 */
async function prepared(channel, start, [runtime, ...coming], rest, { signal, onProgress }) {
  const { model, step, canary, isLazy } = start;
  const limits = limitsOf(start);
  const starting = runtime.then((own) => {
    const args = { ...startOf(start), runtime: own };
    return guarded(channel, limits, 'starting', () => channel.call('start', args, { signal, transfer: buffersIn([own]) }));
  });
  const arrived = Promise.all(coming).then((files) => {
    if (rest.isHere) onProgress({ stage: 'preparing' });
    return files;
  });
  const [files] = await Promise.all([arrived, starting]);
  const args = { ...step, model, files, canary, isLazy };
  return guarded(channel, limits, 'creating', (follow) =>
    channel.call('prepare', args, { signal, transfer: buffersIn(files), onProgress: ({ stage }) => follow(stage) }),
  );
}

/** @param {Start} start */
const startOf = ({ site, catalog, model, step }) => ({ ...step, glue: new URL(catalog.runtime.builds[step.build].glue, site).href, model });

/** @param {Supply[]} supplies */
const buffersIn = (supplies) => supplies.flatMap(({ buffer }) => buffer ?? []);

/**
 * @param {Start} start
 * @returns {Limits}
 */
export const limitsOf = ({ model, step, isLast, expectedMs }) => ({ backend: step.backend, isLast, bytes: model.bytes, gflop: model.gflop, expectedMs });

/**
 * A running model cannot be interrupted, so cancelling it, and giving up on it, means ending its worker.
 * @template T
 * @param {Channel<ModelCalls>} channel
 * @param {Limits} limits
 * @param {string} first stage
 * @param {(follow: (stage: string | null) => void) => Promise<T>} call `follow(null)`: it waits for something that is watched over elsewhere
 * @returns {Promise<T>}
 */
export async function guarded(channel, limits, first, call) {
  const watchdog = new Watchdog((stage, ms) => channel.end(new MatteboxError('timed-out', { stage, ms })));
  /** @param {string | null} stage */
  const follow = (stage) => {
    if (stage === null) watchdog.stop();
    else watchdog.watch(stage, budget(/** @type {import('./budget.js').Stage} */ (stage), limits));
  };
  follow(first);
  try {
    return await call(follow);
  } catch (thrown) {
    if (thrown instanceof MatteboxError && thrown.code === 'cancelled') channel.end();
    throw thrown;
  } finally {
    watchdog.stop();
  }
}
