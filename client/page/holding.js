/**
 * Photos' bytes, taken soon after they came: a file that is moved, changed or removed afterwards is still a photo here, in its turn and
 * when it is finished once more (docs/decisions/0029-held-bytes.md).
 *
 * They become a blob by way of a stream. Chromium and Firefox move large ones to the disk by themselves, into files that nobody else sees and that go with
 * the blob, and nothing of it is this site's storage.
 */
import { MatteboxError } from '../shared/errors.js';

/**
 * @typedef {object} Hooks
 * @property {(id: string, bytes: Blob) => void} onHeld
 * @property {(id: string, error: MatteboxError) => void} onLost its file cannot be read any more
 * @property {(count: number) => void} onLeft so many depend on their files, because there is no room for more
 */

/** Where a browser does not tell of the device's memory, and may have to keep all of it there: that of a desktop, and of a phone. */
const ROOM = 2 ** 31;
const ROOM_ON_PHONES = 2 ** 28;

/** @returns {number} bytes that may be held */
function roomHere() {
  // Those that tell keep a share of the device's memory, and the rest on its disk.
  if ('deviceMemory' in navigator) return Infinity;
  return matchMedia('(pointer: coarse)').matches ? ROOM_ON_PHONES : ROOM;
}

/** One file is read at a time, in the order they came. */
export class Holding {
  /** Those whose turn is to come. @type {Map<string, Blob>} */
  #waiting = new Map();
  /** Bytes of those that are held. @type {Map<string, number>} */
  #held = new Map();
  /** Those for which there was no room. @type {Set<string>} */
  #left = new Set();
  #isBusy = false;
  #isPaused = false;
  #hooks;
  #room;

  /**
   * @param {Hooks} hooks
   * @param {number} [room] bytes
   */
  constructor(hooks, room = roomHere()) {
    this.#hooks = hooks;
    this.#room = room;
  }

  /** @param {string} id @param {Blob} file */
  add(id, file) {
    if (copies.has(file)) return;
    this.#waiting.set(id, file);
    void this.#advance();
  }

  /** @param {string} id whose photo is not needed any more */
  drop(id) {
    this.#waiting.delete(id);
    this.#held.delete(id);
    this.#leave(id, false);
  }

  /** Files can wait while something else needs the device. @param {boolean} isPaused */
  pause(isPaused) {
    this.#isPaused = isPaused;
    void this.#advance();
  }

  async #advance() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let [next] = this.#waiting; next && !this.#isPaused; [next] = this.#waiting) await this.#take(...next);
    this.#isBusy = false;
  }

  /** @param {string} id @param {Blob} file */
  async #take(id, file) {
    const used = [...this.#held.values()].reduce((sum, size) => sum + size, 0);
    const outcome = used + file.size <= this.#room ? await copyOf(file).catch((/** @type {unknown} */ error) => error) : null;
    // Removed meanwhile.
    if (!this.#waiting.delete(id)) return;
    if (outcome instanceof Blob) {
      this.#held.set(id, outcome.size);
      this.#hooks.onHeld(id, outcome);
    } else if (outcome !== null && !(await isReadable(file))) {
      this.#hooks.onLost(id, MatteboxError.from(outcome, 'corrupt-image', { type: null, reason: 'unreadable' }));
    } else {
      this.#leave(id, true);
    }
  }

  /** @param {string} id @param {boolean} isLeft */
  #leave(id, isLeft) {
    const before = this.#left.size;
    if (isLeft) this.#left.add(id);
    else this.#left.delete(id);
    if (this.#left.size !== before) this.#hooks.onLeft(this.#left.size);
  }
}

/** What is held already: a photo that is made once more has its bytes. @type {WeakSet<Blob>} */
const copies = new WeakSet();

/**
 * @param {Blob} file
 * @returns {Promise<Blob>} its bytes, whatever becomes of it
 * @throws {unknown} where it cannot be read, or there is no room
 */
export async function copyOf(file) {
  const headers = file.type ? { 'content-type': file.type } : undefined;
  const copy = await new Response(file.stream(), { headers }).blob();
  // Chromium finds out about room later than it gives a blob: one without its bytes fails when it is read.
  const last = await copy.slice(-1).arrayBuffer();
  if (copy.size !== file.size || last.byteLength !== Math.min(1, file.size)) throw new Error(`${copy.size} bytes instead of ${file.size}`);
  copies.add(copy);
  return copy;
}

/** @param {Blob} file */
function isReadable(file) {
  return file.slice(0, 1).arrayBuffer().then(() => true, () => false);
}
