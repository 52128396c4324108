/**
 * Failures of backends in this page's life. Unlike what `run-history.js` remembers across visits, a success does not clear them: a GPU
 * that is lost at every other photo is not worth a third one.
 *
 * @typedef {import('./plan.js').Known} Known
 * @typedef {import('../shared/protocol.js').Model} Model
 */
export class Strikes {
  /** @type {Map<string, Map<string, { code: string, at: number, count: number }>>} by model and attempt key */
  #models = new Map();
  #history;

  /** @param {Pick<import('./run-history.js').RunHistory, 'of' | 'failed'>} history */
  constructor(history) {
    this.#history = history;
  }

  /**
   * Only what another attempt has mended speaks against a step: where all fail, the model or the device is to blame.
   * @param {Model} model
   * @param {{ key: string, code: string }[]} failures
   */
  learn(model, failures) {
    for (const { key, code } of failures) {
      this.#history.failed(model, key, code);
      const known = this.#models.get(model.id) ?? new Map();
      this.#models.set(model.id, known.set(key, { code, at: Date.now(), count: (known.get(key)?.count ?? 0) + 1 }));
    }
  }

  /**
   * @param {Model} model
   * @returns {Record<string, Known>} by attempt key, the failures of this page's life over those of earlier ones
   */
  known(model) {
    /** @type {Record<string, Known>} */
    const known = { ...this.#history.of(model) };
    for (const [key, failure] of this.#models.get(model.id) ?? []) {
      known[key] = { ...known[key], runMs: known[key]?.runMs ?? null, failure: { ...failure, isFresh: true } };
    }
    return known;
  }

  clear() {
    this.#models.clear();
  }
}
