/**
 * Which models there are, which one is chosen, and what each would cost now. No DOM.
 *
 * @typedef {Awaited<ReturnType<typeof import('../api.js').catalog>>} Catalog
 * @typedef {Catalog['models'][number]} Model
 * @typedef {import('../ui/model-words.js').Offer} Offer
 * @typedef {Record<string, { medianMs: number, runs: number }>} Speeds
 * @typedef {{ backend?: import('../shared/protocol.js').Backend, threads?: number }} Placed what it is to run on
 *
 * @typedef {object} Source the part of the engine that knows models
 * @property {() => Promise<Catalog>} catalog
 * @property {(options: { model: string } & Placed) => Promise<Offer>} offer
 * @property {() => Speeds} speeds
 */

import { recallModel, rememberModel } from './preference.js';

/**
 * The address rules over what was chosen before, and that over the catalog's default.
 * @param {Pick<Catalog, 'default'> & { models: { id: string }[] }} catalog
 * @param {string | undefined} asked
 * @param {string | null} remembered
 * @returns {string}
 */
export function pickModel({ models, default: preset }, asked, remembered) {
  const isHere = (/** @type {string | null | undefined} */ id) => models.some((model) => model.id === id);
  return [asked, remembered].find(isHere) ?? preset;
}

export class Models {
  /** @type {Catalog | null} */
  #catalog = null;
  /** @type {Map<string, Offer>} */
  #offers = new Map();
  #chosen = '';
  #source;

  /** @param {Source} source */
  constructor(source) {
    this.#source = source;
  }

  /**
   * @param {string} [asked] id from the address
   * @param {Placed} [placed]
   * @returns {Promise<Catalog>}
   */
  async load(asked, placed) {
    this.#catalog = await this.#source.catalog();
    this.#chosen = pickModel(this.#catalog, asked, recallModel());
    await this.refresh(placed);
    return this.#catalog;
  }

  /**
   * Ask again what each model would cost. Rejects when that is not known of the chosen one.
   * @param {Placed} [placed]
   */
  async refresh(placed) {
    const chosen = this.#chosen;
    await Promise.all(this.list.map(async ({ id }) => {
      try {
        this.#offers.set(id, await this.#source.offer({ model: id, ...placed }));
      } catch (error) {
        if (id === chosen) throw error;
        this.#offers.delete(id);
      }
    }));
  }

  /** @returns {Model[]} in the catalog's order; empty until it is loaded */
  get list() {
    return this.#catalog?.models ?? [];
  }

  /** @returns {Model | null} null until the catalog is loaded */
  get chosen() {
    return this.find(this.#chosen);
  }

  /** @returns {Offer | null} of the chosen model */
  get offer() {
    return this.offerOf(this.#chosen);
  }

  /** @param {string} id @returns {Offer | null} */
  offerOf(id) {
    return this.#offers.get(id) ?? null;
  }

  /** @param {string} id @returns {Model | null} */
  find(id) {
    return this.list.find((model) => model.id === id) ?? null;
  }

  /** @param {string} id @returns {string} */
  titleOf(id) {
    return this.find(id)?.title ?? id;
  }

  /** @returns {import('../ui/model-chooser.js').Choice[]} */
  get choices() {
    const speeds = this.list.length > 1 ? this.#source.speeds() : {};
    return this.list.map((model) => ({ model, contents: this.#contents(model), offer: this.offerOf(model.id), speedMs: speeds[model.id]?.medianMs ?? null }));
  }

  /**
   * @param {Model} model
   * @returns {{ name: string, bytes: number }[]} the models it is made of, by title; of a plain one its files, by role
   */
  #contents({ parts, files }) {
    if (parts.length < 2) return files.map(({ role, bytes }) => ({ name: role, bytes }));
    return parts.map((part) => ({ name: this.titleOf(part.model), bytes: part.files.reduce((sum, { bytes }) => sum + bytes, 0) }));
  }

  /**
   * A model that can be used without a question.
   * @param {number} free bytes that may be fetched unasked
   * @returns {Model | null}
   */
  unasked(free) {
    return this.list.find(({ id }) => id !== this.#chosen && (this.offerOf(id)?.download ?? Infinity) <= free) ?? null;
  }

  /** @param {string} id remembered for the next visit */
  choose(id) {
    this.#chosen = id;
    rememberModel(id);
  }
}
