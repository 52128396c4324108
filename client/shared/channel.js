/**
 * Calls between the page and its workers: both ends of the protocol, and the only place that posts messages.
 *
 * Every call ends exactly once: with its result, with a typed error, or, when the worker crashes or is terminated,
 * with the error that says so.
 */
import { MatteboxError, throwIfCancelled } from './errors.js';
import { explained, found, hasPolicies } from './policy.js';

/**
 * @typedef {{ args: any, result: any, progress: any }} Signature
 * @typedef {import('./protocol.js').Request} Request
 * @typedef {import('./protocol.js').Reply} Reply
 * @typedef {{ resolve: (value: any) => void, reject: (error: MatteboxError) => void, onProgress?: (event: any) => void }} Pending
 */

/** Missing in insecure contexts; a worker that disappears is then found out by its time budget alone. */
const locks = () => /** @type {LockManager | undefined} */ (globalThis.navigator?.locks);

/**
 * The page's end.
 * @template {{ [K in keyof C]: Signature }} C the calls the worker answers
 */
export class Channel {
  #worker;
  #realm;
  #script;
  #nextId = 1;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  /** @type {MatteboxError | null} */
  #ended = null;

  /**
   * @param {Worker} worker
   * @param {Exclude<import('./policy.js').Realm, 'page'>} realm its name in errors
   * @param {string} [script] which of the realm's it runs
   */
  constructor(worker, realm, script = realm) {
    this.#worker = worker;
    this.#realm = realm;
    this.#script = script;
    worker.addEventListener('message', ({ data }) => this.#receive(data));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      const error = new MatteboxError('worker-crashed', { realm, cause: event.message ?? 'its script could not be loaded' });
      // Without a text it never ran, which a policy of this page's may be the cause of.
      if (event.message || !hasPolicies) this.end(error);
      else void explained(error).then((told) => this.end(told));
    });
    worker.addEventListener('messageerror', () => {
      this.end(new MatteboxError('worker-crashed', { realm, cause: 'a message could not be read' }));
    });
    // A worker that the system ends for its memory, or that closes itself, fires no event; but it lets go of its locks.
    if (locks()) this.#post({ type: 'hold', lock: `mattebox-worker-${crypto.randomUUID()}` }, []);
    if (hasPolicies) this.#post({ type: 'try-wall', realm }, []);
  }

  /** False once the worker has crashed or been terminated. */
  get isAlive() {
    return this.#ended === null;
  }

  /** Nobody waits for an answer. */
  get isIdle() {
    return this.#pending.size === 0;
  }

  /**
   * @template {keyof C & string} K
   * @param {K} kind
   * @param {C[K]['args']} args
   * @param {{ signal?: AbortSignal, onProgress?: (event: C[K]['progress']) => void, transfer?: Transferable[] }} [options]
   *   `signal` asks the worker to stop and rejects at once
   * @returns {Promise<C[K]['result']>}
   * @throws {MatteboxError}
   */
  async call(kind, args, { signal, onProgress, transfer = [] } = {}) {
    throwIfCancelled(signal);
    if (this.#ended) throw this.#ended;
    const id = this.#nextId++;
    const abort = () => {
      this.#settle(id)?.reject(new MatteboxError('cancelled'));
      this.#post({ type: 'abort', id }, []);
    };
    try {
      return await new Promise((resolve, reject) => {
        this.#pending.set(id, { resolve, reject, onProgress });
        signal?.addEventListener('abort', abort, { once: true });
        this.#post({ type: 'call', id, kind, args }, transfer);
      });
    } catch (thrown) {
      // Arguments that cannot be cloned are refused by `postMessage` itself.
      throw MatteboxError.from(thrown);
    } finally {
      this.#pending.delete(id);
      signal?.removeEventListener('abort', abort);
    }
  }

  /**
   * Stop the worker at once; every call still open is rejected.
   * @param {MatteboxError} [error]
   */
  end(error = new MatteboxError('worker-crashed', { realm: this.#realm, cause: 'terminated' })) {
    this.#ended ??= error;
    this.#worker.terminate();
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(error);
  }

  /**
   * @param {Request} request
   * @param {Transferable[]} transfer
   */
  #post(request, transfer) {
    this.#worker.postMessage(request, transfer);
  }

  /** @param {number} id @param {MatteboxError} error */
  #fail(id, error) {
    this.#settle(id)?.reject(error);
    // A module that could not be had is never asked for again in the same realm (on-demand.js).
    if (error.details.source === 'script') this.end(error);
  }

  /** @param {number} id */
  #settle(id) {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  /** @param {Reply} reply */
  #receive(reply) {
    switch (reply.type) {
      case 'progress':
        this.#pending.get(reply.id)?.onProgress?.(reply.event);
        break;
      case 'result':
        this.#settle(reply.id)?.resolve(reply.value);
        break;
      case 'error':
        this.#fail(reply.id, MatteboxError.fromWire(reply.error));
        break;
      case 'holding':
        // Granted when the worker is gone.
        locks()?.request(reply.lock, () => this.end(new MatteboxError('worker-crashed', { realm: this.#realm, cause: 'gone' }))).catch(() => {});
        break;
      case 'wall':
        found.add(this.#realm, reply.finding, this.#script);
        break;
    }
  }
}

/**
 * @template P
 * @typedef {object} Context what a handler is given besides its arguments
 * @property {AbortSignal} signal
 * @property {(event: P) => void} progress
 * @property {(buffer: Transferable) => void} transfer hand this part of the result over instead of copying it
 */

/**
 * @template {{ [K in keyof C]: Signature }} C
 * @typedef {{ [K in keyof C]: (args: C[K]['args'], context: Context<C[K]['progress']>) => Promise<C[K]['result']> }} Handlers
 */

/**
 * @typedef {object} WorkerScope as much of a worker's global as is used here
 * @property {(type: 'message', listener: (event: MessageEvent<Request>) => void) => void} addEventListener
 * @property {(message: Reply, transfer: Transferable[]) => void} postMessage
 */

/**
 * The worker's end: answer calls until terminated.
 * @template {{ [K in keyof C]: Signature }} C
 * @param {typeof globalThis} global the worker's own
 * @param {Handlers<C>} handlers
 */
export function serve(global, handlers) {
  // The page's type configuration knows no worker global, and this module runs on both sides.
  const scope = /** @type {WorkerScope} */ (/** @type {unknown} */ (global));
  /** @type {Map<number, AbortController>} */
  const running = new Map();
  scope.addEventListener('message', async ({ data }) => {
    if (data.type === 'abort') {
      running.get(data.id)?.abort();
      return;
    }
    if (data.type === 'hold') {
      const { lock } = data;
      const forLife = () => (scope.postMessage({ type: 'holding', lock }, []), new Promise(() => {}));
      locks()?.request(lock, forLife).catch(() => {});
      return;
    }
    if (data.type === 'try-wall') {
      const finding = await import('./wall-check.js').then(({ tryWall }) => tryWall(data.realm)).catch(() => null);
      if (finding) scope.postMessage({ type: 'wall', finding }, []);
      return;
    }
    const { id, kind, args } = data;
    const controller = new AbortController();
    running.set(id, controller);
    /** @type {Transferable[]} */
    const transfer = [];
    try {
      const value = await handlers[/** @type {keyof C} */ (kind)](/** @type {any} */ (args), {
        signal: controller.signal,
        progress: (event) => scope.postMessage({ type: 'progress', id, event }, []),
        transfer: (buffer) => transfer.push(buffer),
      });
      scope.postMessage({ type: 'result', id, value }, transfer);
    } catch (thrown) {
      const error = await explained(MatteboxError.from(thrown));
      scope.postMessage({ type: 'error', id, error: error.toWire() }, []);
    } finally {
      running.delete(id);
    }
  });
}
