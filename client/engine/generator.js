/**
 * Pictures from words, as the page asks for them: what this site has installed for it, and one picture at a time, part by part. Each part is
 * routed, watched over and brought up like a model of its own; one that cannot be had or does not run fails before the next one is fetched.
 *
 * Consent to the download is the caller's.
 *
 * @typedef {import('../shared/protocol-generate.js').GenerateModel} GenerateModel
 * @typedef {import('../shared/protocol-generate.js').GeneratorOffer} GeneratorOffer
 * @typedef {import('../shared/protocol-generate.js').MakingProgress} MakingProgress
 * @typedef {import('../shared/protocol-generate.js').Making} Making
 * @typedef {import('../shared/protocol.js').Model} Model
 * @typedef {import('../shared/protocol.js').Catalog} Catalog
 * @typedef {import('../shared/protocol.js').Report} Report
 * @typedef {import('./supplies.js').Supplies} Supplies
 * @typedef {{ prompt: string, seed: number, start?: Blob | null, signal?: AbortSignal, onProgress?: (event: MakingProgress) => void }} Wanted `start`: a picture to
 *   begin with, whose colours and rough shapes the new one has
 */
import { parts } from '../shared/catalog.js';
import { MatteboxError } from '../shared/errors.js';
import { Lane, orCancelled } from '../jobs/lane.js';
import { deviceMemory } from './environment.js';
import { canStart, groupsOf, isDone, obstacle, partsFor, tokenizerOf } from './generator-groups.js';
import { blankReport } from './report.js';
import { Router } from './router.js';

/** Whatever the device can. */
const CHOICE = /** @type {const} */ ({ backend: 'auto' });
/** A worker holds gigabytes; another seed is mostly asked for at once. */
const IDLE_MS = 60_000;

export class Generators {
  #lane = new Lane();
  #supplies;
  #router;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #idle;
  /** What a prompt came to, and what a picture begins with, which another seed needs again. @type {{ model: string, making: Making } | null} */
  #read = null;

  /**
   * @param {string} site the site's root, absolute
   * @param {Supplies} supplies
   * @param {import('./run-history.js').RunHistory} history
   * @param {Pick<import('./gpu-check.js').GpuCheck, 'findings'>} gpuCheck
   * @param {import('./room.js').Room} room that it shares with what else is up
   */
  constructor(site, supplies, history, gpuCheck, room) {
    this.#supplies = supplies;
    this.#router = new Router(site, supplies, history, { gpuCheck });
    room.join(this.#router);
  }

  /**
   * Downloads nothing but the catalog.
   * @param {{ isStarting?: boolean }} [wanted] `isStarting`: to begin with another picture
   * @returns {Promise<GeneratorOffer | null>} null where none is installed; of several the first that this device can run
   * @throws {MatteboxError} the catalog's
   */
  async offered({ isStarting = false } = {}) {
    const catalog = await this.#supplies.catalog();
    const offers = [];
    for (const model of generatorsOf(catalog)) {
      if (isStarting && !canStart(model)) continue;
      const offer = await this.#offer(catalog, model, isStarting);
      if (!offer.why) return offer;
      offers.push(offer);
    }
    return offers[0] ?? null;
  }

  /**
   * One at a time, in the order they came.
   * @param {Wanted} wanted aborting ends the worker
   * @param {Report} [report] filled in as things become known
   * @returns {Promise<{ picture: Blob, report: Report }>} a PNG, sRGB, opaque
   * @throws {MatteboxError} `bad-option`, `unknown-model` where none is installed that can do it, `gpu-unavailable` and the like for what `offered` tells of, `cancelled`, delivery's, and those of a run;
   *   `details.part` names the part
   */
  generate({ prompt, seed, start, signal, onProgress = () => {} }, report = blankReport()) {
    if (typeof prompt !== 'string' || prompt.trim() === '') throw new MatteboxError('bad-option', { option: 'prompt' });
    if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) throw new MatteboxError('bad-option', { option: 'seed' });
    if (start && !(start instanceof Blob)) throw new MatteboxError('bad-option', { option: 'start' });
    return this.#lane.enter(signal, async () => {
      clearTimeout(this.#idle);
      const started = performance.now();
      try {
        const begun = start ? { picture: start, latents: null } : null;
        return await this.#make({ prompt, seed, words: null, isCut: false, start: begun, latents: null, picture: null }, { signal, onProgress }, report);
      } finally {
        report.ms.total = performance.now() - started;
        this.#idle = setTimeout(() => this.rest(), IDLE_MS);
      }
    });
  }

  /** Let go of what is up. */
  rest() {
    clearTimeout(this.#idle);
    this.#router.end();
  }

  /**
   * @param {Making} making
   * @param {{ signal?: AbortSignal, onProgress: (event: MakingProgress) => void }} watch
   * @param {Report} report
   */
  async #make(making, { signal, onProgress }, report) {
    const catalog = await orCancelled(this.#supplies.catalog(), signal);
    const offer = await orCancelled(this.offered({ isStarting: making.start !== null }), signal);
    if (!offer) throw new MatteboxError('unknown-model', { model: '', available: [] });
    const model = /** @type {GenerateModel} */ (generatorsOf(catalog).find(({ id }) => id === offer.id));
    report.model = { id: model.id, sha256: model.files[0].sha256 };
    if (offer.why) throw new MatteboxError('gpu-unavailable', { reason: 'only-backend', cause: offer.why.code, model: model.id, part: offer.why.detail.part });
    const groups = groupsOf(model, deviceMemory(), making.start !== null);
    making = this.#recalled(making, model);
    const total = offer.bytes;
    let before = 0;
    for (const group of groups) {
      const [{ role }] = group.parts;
      if (isDone(making, group)) continue;
      let loaded = 0;
      /** @param {import('../shared/protocol.js').Progress} event */
      const follow = (event) => {
        if (event.stage === 'downloading') loaded = event.loaded;
        onProgress(event.stage === 'downloading' ? { stage: 'downloading', part: role, loaded: Math.min(total, before + loaded), total } : { stage: 'preparing', part: role });
      };
      const own = blankReport();
      try {
        const { start } = making;
        making = await this.#router.run(catalog, group, CHOICE, { signal, onProgress: follow }, own, (session) => session.make(making, { signal, onProgress }, own));
        // The picture as it was given: one that crossed to a worker and back is another object.
        if (start) making = { ...making, start: { picture: start.picture, latents: making.start?.latents ?? null } };
      } catch (thrown) {
        const error = MatteboxError.from(thrown);
        error.details.part ??= role;
        throw error;
      } finally {
        merge(report, own, group);
      }
      before += loaded;
      if (making.words) this.#read = { model: model.files[0].sha256, making: { ...making, latents: null, picture: null } };
    }
    if (making.isCut) report.notes.push({ code: 'prompt-cut', detail: {} });
    return { picture: /** @type {Blob} */ (making.picture), report };
  }

  /** @param {Making} making @param {GenerateModel} model @returns {Making} with what an earlier one came to */
  #recalled(making, model) {
    if (this.#read?.model !== model.files[0].sha256) return making;
    const { prompt, words, isCut, start } = this.#read.making;
    return {
      ...making,
      ...(prompt === making.prompt ? { words, isCut } : {}),
      ...(start && start.picture === making.start?.picture ? { start } : {}),
    };
  }

  /**
   * @param {Catalog} catalog
   * @param {GenerateModel} model
   * @param {boolean} isStarting
   * @returns {Promise<GeneratorOffer>}
   */
  async #offer(catalog, model, isStarting) {
    const groups = await Promise.all(groupsOf(model, deviceMemory(), isStarting).map(async (group) => {
      const route = await this.#router.route(group, CHOICE);
      return { parts: /** @type {import('../shared/protocol-generate.js').GeneratePart[]} */ (/** @type {unknown} */ (group.parts)), route, group };
    }));
    const runtime = groups.flatMap(({ group, route: { attempts: [first] } }) => (first ? parts(catalog, group, first.build).filter(({ role }) => role !== 'model') : []));
    const wanted = [
      ...partsFor(model, isStarting).flatMap(({ role, files }) => files.map((file) => ({ role, file }))),
      ...tokenizerOf(model).map((file) => ({ role: 'tokenizer', file })),
      ...runtime.map(({ file }) => ({ role: 'runtime', file })),
    ].filter(({ file: { sha256 } }, i, all) => all.findIndex(({ file }) => file.sha256 === sha256) === i);
    const held = await this.#supplies.held(catalog, wanted.map(({ file }) => file));
    /** @type {Record<string, { role: string, bytes: number, have: number, isStored: boolean }>} */
    const byRole = {};
    for (const [i, { role, file }] of wanted.entries()) {
      const part = (byRole[role] ??= { role, bytes: 0, have: 0, isStored: true });
      part.bytes += file.download;
      part.have += held[i].whole ? file.download : file.download - held[i].remaining;
      part.isStored &&= held[i].whole;
    }
    const bytes = held.reduce((sum, { remaining }) => sum + remaining, 0);
    const why = obstacle({ groups, memory: deviceMemory(), remaining: bytes, room: await storageRoom() });
    const { id, title, licence: spdx, rules: { terms } } = model;
    return { id, title, licence: { spdx, ...terms, url: model.files.find(({ role }) => role === 'licence')?.url ?? null }, canStart: canStart(model), bytes, parts: Object.values(byRole), why };
  }
}

/** @param {Catalog} catalog @returns {readonly GenerateModel[]} */
const generatorsOf = ({ pipelines }) => /** @type {GenerateModel[]} */ (/** @type {unknown} */ (pipelines.filter(({ task }) => task === 'generate')));

/**
 * @param {Report} report of the whole
 * @param {Report} own of a group of parts, added to it
 * @param {Model} group
 */
function merge(report, own, group) {
  const isMain = group.parts.some(({ role }) => String(role) === 'unet');
  for (const stage of /** @type {(keyof Report['ms'])[]} */ (Object.keys(own.ms))) report.ms[stage] += own.ms[stage];
  for (const kind of /** @type {(keyof Report['bytes'])[]} */ (Object.keys(own.bytes))) report.bytes[kind] += own.bytes[kind];
  const heap = Math.max(report.memory.heap ?? 0, own.memory.heap ?? 0) || null;
  const attempts = [...report.attempts, ...own.attempts];
  const { backend, reason, threads, runtime, adapter, verdict, canary, walls } = own;
  if (isMain || report.backend === null) Object.assign(report, { backend, reason, threads, runtime, adapter, verdict, canary, walls });
  Object.assign(report, { attempts, storage: report.storage ?? own.storage, memory: { ...report.memory, heap } });
}

/** @returns {Promise<number | null>} bytes that may still be stored; null where the browser does not tell */
async function storageRoom() {
  const { quota, usage } = (await globalThis.navigator?.storage?.estimate?.().catch(() => null)) ?? {};
  return quota === undefined || usage === undefined ? null : quota - usage;
}
