/**
 * What a model needs on this device: how much of it is here, and how it is fetched.
 *
 * @typedef {import('./engine.js').Choice} Choice
 * @typedef {{ model: import('../shared/protocol.js').Model, parts: { role: string, name: string, bytes: number, download: number, have: number, stored: boolean }[],
 *   download: number, ready: boolean, photoMs: number | null, hasRoom: boolean }} Offer what has to be on this device for the model, how much of it is, and
 *   how many bytes on the wire are still to come; `photoMs`: of a photo, as measured or counted here, null where nothing is known; `hasRoom`: this
 *   device has the memory
 */
import { findModel, parts } from '../shared/catalog.js';
import { MatteboxError } from '../shared/errors.js';
import { orCancelled } from '../jobs/lane.js';
import { deviceMemory } from './environment.js';
import { estimatedRunMs, expectedPhotoMs, hasRoom, workOf } from './expected.js';
import { attemptKey } from './plan.js';
import { blankReport } from './report.js';

export class Needs {
  #supplies;
  #router;
  #history;

  /**
   * @param {import('./supplies.js').Supplies} supplies
   * @param {import('./router.js').Router} router
   * @param {Pick<import('./run-history.js').RunHistory, 'of'>} history
   */
  constructor(supplies, router, history) {
    this.#supplies = supplies;
    this.#router = router;
    this.#history = history;
  }

  /**
   * @param {Choice} choice
   * @returns {Promise<Offer>}
   * @throws {MatteboxError} `gpu-unavailable`, and the catalog's
   */
  async offer(choice) {
    const { catalog, model, needed, route } = await this.#of(choice);
    const held = await this.#supplies.held(catalog, needed.map(({ file }) => file));
    const ready = this.#router.isReady(model.id);
    const list = needed.map(({ role, file }, i) => {
      const { have, whole } = held[i];
      return { role, name: file.name, bytes: file.bytes, download: file.download, have, stored: whole };
    });
    const download = ready ? 0 : held.reduce((sum, { remaining }) => sum + remaining, 0);
    return { model, parts: list, download, ready, photoMs: this.#photoMs(catalog, model, route), hasRoom: hasRoom(model.requirements.memory_mib, deviceMemory()) };
  }

  /**
   * @param {Choice} choice
   * @param {import('./engine.js').Watch} watch
   * @returns {Promise<import('../shared/protocol.js').Report>}
   * @throws {MatteboxError} `cancelled`, `gpu-unavailable`, and delivery's
   */
  async download(choice, watch) {
    const { catalog, needed } = await orCancelled(this.#of(choice), watch.signal);
    const report = blankReport();
    await this.#supplies.fetchAhead(catalog, needed.map(({ file }) => file), watch, report);
    return report;
  }

  /**
   * @param {Choice} choice
   * @throws {MatteboxError} `gpu-unavailable` for a model that runs on a GPU only, where there is none
   */
  async #of(choice) {
    const catalog = await this.#supplies.catalog();
    const model = findModel(catalog, choice.model);
    const route = await this.#router.route(model, choice);
    const { attempts: [first], reason } = route;
    if (!first) throw new MatteboxError('gpu-unavailable', { reason: 'only-backend', cause: reason, model: model.id });
    return { catalog, model, needed: parts(catalog, model, first.build), route };
  }

  /**
   * @param {import('../shared/protocol.js').Catalog} catalog
   * @param {import('../shared/protocol.js').Model} model
   * @param {import('./router.js').Route} route
   */
  #photoMs({ models }, model, route) {
    const past = (/** @type {import('../shared/protocol.js').Model} */ one) => ({ gflop: workOf(one), known: this.#history.of(one) });
    const others = models.filter(({ id }) => id !== model.id).map(past);
    return expectedPhotoMs({ key: attemptKey(route.attempts[0]), own: past(model), others, estimateMs: estimatedRunMs(route) });
  }
}
