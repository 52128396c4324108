/**
 * Failures of backends in this page's life. Unlike what `history.js` remembers across visits, a success does not clear them: a GPU
 * that is lost at every other photo is not worth a third one.
 *
 * @typedef {import('./plan.js').Known} Known
 */
export class Strikes {
  /** @type {Map<string, Map<string, { code: string, at: number, count: number }>>} by model and attempt key */
  #models = new Map();

  /**
   * @param {string} model its id
   * @param {string} key
   * @param {string} code
   */
  add(model, key, code) {
    const failures = this.#models.get(model) ?? new Map();
    this.#models.set(model, failures.set(key, { code, at: Date.now(), count: (failures.get(key)?.count ?? 0) + 1 }));
  }

  /**
   * @param {string} model its id
   * @param {Record<string, Known>} remembered
   * @returns {Record<string, Known>} with the failures of this page's life over those of earlier ones
   */
  over(model, remembered) {
    const known = { ...remembered };
    for (const [key, failure] of this.#models.get(model) ?? []) {
      known[key] = { ...known[key], runMs: known[key]?.runMs ?? null, failure: { ...failure, isFresh: true } };
    }
    return known;
  }

  clear() {
    this.#models.clear();
  }
}
