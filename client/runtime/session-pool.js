/**
 * The sessions that are up, within a budget of memory: the least recently used goes first, and none while it runs. Pure: what a session
 * is made of is its maker's to know.
 *
 * A session counts with what it holds while it does not run, its weights; what a run takes on top of them is the model's demand
 * (`requirements.memory_mib`). One that is larger than the whole budget is up alone.
 *
 * @typedef {{ release: () => Promise<void> }} Releasable
 */

const GIB = 2 ** 30;
/** Taken for the device's memory where the browser does not tell, in GB: Firefox and Safari, and insecure pages. */
const USUAL_MEMORY = 4;

/**
 * @param {object} device
 * @param {number} [device.memory] `navigator.deviceMemory`, in GB, which browsers round and cap
 * @param {boolean} device.isGpu whether weights lie on the GPU, and not in WebAssembly's heap, which ends at 4 GiB
 * @returns {number} bytes of weights that may be up together: a quarter of the device's memory, and half the heap at most
 */
export function sessionBudget({ memory = USUAL_MEMORY, isGpu }) {
  return Math.min((memory * GIB) / 4, isGpu ? Infinity : 2 * GIB);
}

/**
 * @template {Releasable} S
 * @typedef {object} Entry
 * @property {string} key
 * @property {number} bytes
 * @property {Promise<S>} session
 * @property {number} leases those that use it now, or wait for it to be made
 * @property {boolean} isDropped goes when its last lease ends
 */

/** @template {Releasable} S */
export class SessionPool {
  #budget;
  /** @type {Map<string, Entry<S>>} the least recently used first */
  #entries = new Map();
  /** @type {{ key: string, bytes: number, create: () => Promise<S>, grant: (entry: Entry<S>) => void }[]} in the order they came */
  #waiting = [];
  /** @type {Set<Promise<void>>} sessions whose memory is being freed */
  #closing = new Set();

  /** @param {number} budget bytes */
  constructor(budget) {
    this.#budget = budget;
  }

  /** @returns {string[]} keys of what is up, or being made, the least recently used first */
  get keys() {
    return [...this.#entries.keys()];
  }

  /**
   * @param {number} bytes of several sessions together
   * @returns {boolean} whether they may be up at the same time
   */
  holds(bytes) {
    return bytes <= this.#budget;
  }

  /**
   * Work with a session, which is made if it is not up. Who works with one must not ask for another meanwhile: it may be this one that
   * has to go first.
   * @template T
   * @param {{ key: string, bytes: number, create: () => Promise<S> }} wanted
   * @param {(session: S) => T | Promise<T>} work
   * @returns {Promise<T>}
   * @throws what `create` and `work` throw
   */
  async use(wanted, work) {
    const { session, release } = await this.acquire(wanted);
    try {
      return await work(session);
    } finally {
      release();
    }
  }

  /**
   * @param {{ key: string, bytes: number, create: () => Promise<S> }} wanted
   * @returns {Promise<{ session: S, release: () => void }>} `release` ends its use, once
   * @throws what `create` throws
   */
  async acquire(wanted) {
    /** @type {Entry<S>} */
    const entry = await new Promise((grant) => {
      this.#waiting.push({ ...wanted, grant });
      this.#admit();
    });
    let isHeld = true;
    const release = () => {
      if (!isHeld) return;
      isHeld = false;
      this.#returned(entry);
    };
    try {
      return { session: await entry.session, release };
    } catch (thrown) {
      if (this.#entries.get(entry.key) === entry) this.#entries.delete(entry.key);
      release();
      throw thrown;
    }
  }

  /**
   * Free sessions: those that are not in use at once, the others when they no longer are.
   * @param {string[]} [keys] all when left out
   */
  async drop(keys = this.keys) {
    for (const key of keys) {
      const entry = this.#entries.get(key);
      if (entry?.leases) entry.isDropped = true;
      else if (entry) this.#close(entry);
    }
    await Promise.all(this.#closing);
  }

  /** Let in those who wait, in turn: one that needs much is not overtaken forever by those that need little. */
  #admit() {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      const entry = this.#entries.get(next.key) ?? this.#make(next);
      if (!entry) return;
      entry.leases++;
      this.#waiting.shift();
      next.grant(entry);
    }
  }

  /**
   * @param {{ key: string, bytes: number, create: () => Promise<S> }} wanted
   * @returns {Entry<S> | null} null while what is in use leaves no room
   */
  #make({ key, bytes, create }) {
    const entries = [...this.#entries.values()];
    const idle = entries.filter(({ leases }) => leases === 0);
    let held = entries.reduce((sum, entry) => sum + entry.bytes, bytes);
    const going = [];
    while (held > this.#budget && going.length < idle.length) {
      held -= idle[going.length].bytes;
      going.push(idle[going.length]);
    }
    if (held > this.#budget && going.length < entries.length) return null;
    for (const entry of going) this.#close(entry);
    // What goes has left its memory before another one takes it.
    const session = Promise.all(this.#closing).then(create);
    const entry = { key, bytes, session, leases: 0, isDropped: false };
    this.#entries.set(key, entry);
    return entry;
  }

  /** @param {Entry<S>} entry whose use has ended */
  #returned(entry) {
    entry.leases--;
    if (this.#entries.get(entry.key) === entry) {
      this.#entries.delete(entry.key);
      this.#entries.set(entry.key, entry);
      if (entry.isDropped && entry.leases === 0) this.#close(entry);
    }
    this.#admit();
  }

  /** @param {Entry<S>} entry */
  #close(entry) {
    this.#entries.delete(entry.key);
    // One that cannot be freed is gone all the same: a lost GPU takes its memory with it.
    const closing = entry.session.then((session) => session.release()).catch(() => {}).then(() => void this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
