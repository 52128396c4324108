/**
 * What was done and undone, each with what the matte was on its other side. The oldest of what was done is let go of when all of it takes
 * too much; it is then made again from the first edit on.
 *
 * @typedef {import('../edits.js').Edit} Edit
 * @typedef {import('./edits/tiles.js').Patch} Patch
 * @typedef {{ edit: Edit, patch: Patch | null | undefined }} Entry `patch`: null where the matte itself is the same before and after, undefined where
 *   it was let go of
 */

export class EditHistory {
  /** @type {Entry[]} */
  done = [];
  /** The next one last. @type {Entry[]} */
  undone = [];
  #budget;

  /** @param {number} budget bytes of patches */
  constructor(budget) {
    this.#budget = budget;
  }

  /** @returns {Edit[]} that hold */
  get edits() {
    return this.done.map(({ edit }) => edit);
  }

  /** @returns {number} that patches take */
  get bytes() {
    return [...this.done, ...this.undone].reduce((sum, { patch }) => sum + (patch?.bytes ?? 0), 0);
  }

  /** @param {Entry} entry nothing can be done again after it */
  add(entry) {
    const last = this.done.at(-1);
    this.undone = [];
    // Of two adjustments in a row the first was never meant to stay.
    if (last?.edit.kind === 'adjust' && entry.edit.kind === 'adjust') this.done.pop();
    this.done.push(entry);
    this.trim();
  }

  /** Let go of the oldest patches, those of what was done first before the others. */
  trim() {
    let over = this.bytes - this.#budget;
    for (const entry of [...this.done, ...this.undone]) {
      if (over <= 0) return;
      if (!entry.patch) continue;
      over -= entry.patch.bytes;
      entry.patch = undefined;
    }
  }
}
