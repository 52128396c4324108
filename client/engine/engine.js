/**
 * The page's side of a cutout: what a model needs is brought here, and photos are worked on one at a time by what the router
 * chooses.
 *
 * @typedef {import('../shared/protocol.js').Catalog} Catalog
 * @typedef {import('../shared/protocol.js').Backend} Backend
 * @typedef {import('../shared/protocol.js').Progress} Progress
 * @typedef {import('../shared/protocol.js').Report} Report
 * @typedef {{ model?: string, backend: Backend, threads?: number }} Choice
 * @typedef {import('../document/document.js').Document} Document
 * @typedef {{ signal?: AbortSignal, onProgress: (event: Progress) => void, onWithdraw?: (error: import('../shared/errors.js').MatteboxError) => void,
 *   onPreview?: (preview: import('../shared/protocol.js').Preview) => void }} Watch `onPreview`: of a coarser matte, where there is one sooner; `onWithdraw`: who
 *   asks can take back what it was given, so that it need not wait for the proof that this device computes rightly
 * @typedef {<T>(kind: 'proof', work: (report: Report) => Promise<T>) => Promise<T>} Record keeps what is known of a run
 * @typedef {{ blob: Blob, output: import('../shared/protocol.js').OutputOptions, reduce: boolean }} Photo `reduce`: rather work at a reduced
 *   size than refuse one that is too large
 */
import { coarserThan, everyPart, findModel } from '../shared/catalog.js';
import { Lane, orCancelled } from '../jobs/lane.js';
import { found } from '../shared/policy.js';
import { Needs } from './needs.js';
import { blankReport } from './report.js';
import { Router } from './router.js';
import { Supplies } from './supplies.js';

export class Engine {
  #lane = new Lane();
  #supplies;
  /** @type {Promise<import('./document-worker.js').DocumentWorker> | null} */
  #documents = null;
  #router;
  #isTidy = false;
  #needs;
  /** @type {(catalog: Catalog, model: import('../shared/protocol.js').Model) => Promise<import('./coarse.js').Coarse | null>} null where nothing is coarser */
  #coarse;
  /** @type {import('./decode-ahead.js').DecodeAhead | null} */
  #ahead = null;
  /** @type {import('./idle-proof.js').Owing} */
  #owing;

  /**
   * @param {URL} site the site's root
   * @param {import('./run-history.js').RunHistory} history
   * @param {Record} [record]
   * @param {Supplies} [supplies]
   */
  constructor(site, history, record = (_, work) => work(blankReport()), supplies = new Supplies(site.href)) {
    this.#supplies = supplies;
    this.#router = new Router(site.href, this.#supplies, history);
    this.own = { site: site.href, supplies: this.#supplies, router: this.#router, history }; // for what runs beside it (beside.js)
    this.#needs = new Needs(this.#supplies, this.#router, history);
    /** @type {import('./coarse.js').Coarse | null} */
    let coarse = null;
    this.#coarse = async (catalog, model) => (coarse ??= coarserThan(catalog, model) && new (await import('./coarse.js')).Coarse(site.href, this.#supplies, this.#router, history));
    this.#owing = {
      owed: () => this.#router.owed,
      idle: () => Promise.all([this.#lane.idle(), this.#documents?.then((documents) => documents.idle())]),
      prove: (choice) => record('proof', (report) => this.preload(choice, { onProgress() {} }, report)),
    };
  }

  /** What is made of photos whose matte is known: not in line, it goes on while others are cut out. */
  documents() {
    this.#documents ??= import('./document-worker.js').then(({ DocumentWorker }) => new DocumentWorker(this.#supplies));
    // What could not be loaded may be there the next time.
    this.#documents.catch(() => { this.#documents = null; });
    return this.#documents;
  }

  /**
   * A worker of its own that holds an opened document, while it is edited.
   * @param {Document} document
   * @param {import('../shared/protocol.js').OutputOptions} output @param {Watch} watch
   * @returns {Promise<import('./editor-worker.js').Editor>}
   */
  async editor(document, output, watch) {
    const { Editor } = await import('./editor-worker.js');
    return Editor.open(document, output, this.#supplies, watch);
  }

  /** @returns {Promise<Catalog>} */
  catalog() {
    return this.#supplies.catalog();
  }

  reach() {
    return this.#supplies.reach();
  }

  /**
   * What would run, and why. Downloads nothing but the catalog.
   * @param {Choice} choice
   * @returns {Promise<import('./router.js').Route>}
   */
  async route(choice) {
    const catalog = await this.catalog();
    // What will be started is loaded by then.
    Promise.all([import('./live-session.js'), import('./proofs.js')]).catch(() => {});
    this.documents().catch(() => {});
    return this.#router.route(findModel(catalog, choice.model), choice);
  }

  /** What is known of this device's GPU, which is looked at for it. */
  findings() {
    return this.#router.findings();
  }

  /** Judge this device anew, and forget what was learned of it. */
  measure() {
    return this.#router.measure();
  }

  /** @param {Choice} choice @returns {Promise<import('./needs.js').Offer>} */
  offer(choice) {
    return this.#needs.offer(choice);
  }

  /**
   * Fetch all that a model needs, and nothing more. Not in line: photos go on being worked on meanwhile.
   * @param {Choice} choice @param {Watch} watch aborting pauses: finished segments stay, and the next call goes on from there
   * @returns {Promise<Report>}
   */
  download(choice, watch) {
    return this.#needs.download(choice, watch);
  }

  /** @returns {Promise<import('../shared/protocol.js').DeliveryCalls['list']['result'] & { catalog: Catalog }>} */
  async stored() {
    const [catalog, listed] = await Promise.all([this.catalog(), this.#supplies.list()]);
    return { ...listed, catalog };
  }

  /** @param {string} [sha256] all when left out */
  forget(sha256) {
    return this.#supplies.forget(sha256);
  }

  /**
   * Have the model downloaded, checked and warmed up.
   * @param {Choice} choice @param {Watch} watch
   * @param {Report} report filled in as things become known
   */
  preload(choice, watch, report) {
    return this.#inLine(choice, watch, report, (session) => session.expect(watch));
  }

  /**
   * @param {Photo} photo
   * @param {Choice} choice @param {Watch} watch
   * @param {Report} report filled in as things become known
   * @returns {Promise<{ cutout: Blob, matte: Blob, original: Blob | null }>}
   */
  async cutout(photo, choice, watch, report) {
    const { cutout, matte, original, isKept } = await this.#inLine(choice, watch, report, async (session) => {
      const { size, result, applied, notes, doubts, heap, ms, ...made } = await session.cutout(photo, watch, report);
      session.facts.heap = heap;
      if (!made.isKept) this.#router.ran(session, ms);
      Object.assign(report, { size, result, applied, notes, doubts });
      Object.assign(report.ms, ms);
      return made;
    });
    // The model was up and had nothing to do.
    if (isKept) report.backend = null;
    return { cutout, matte, original };
  }

  /**
   * A photo's document, and its first preview.
   * @param {Photo & { longest: number, next?: () => import('./decode-ahead.js').Next | null }} photo `output` is what the preview shows, `next` which photo comes after it
   * @param {Choice} choice @param {Watch} watch
   * @param {Report} report filled in as things become known
   * @returns {Promise<{ document: Document, preview: import('../shared/protocol.js').Preview, original: Blob | null }>}
   */
  async draft(photo, choice, watch, report) {
    /** @type {Promise<void> | undefined} */
    let early;
    const begin = async (/** @type {Catalog} */ catalog, /** @type {import('../shared/protocol.js').Model} */ model) => {
      // A preview is worth no failure.
      early = (await this.#coarse(catalog, model).then((coarse) => coarse?.begin(catalog, model, choice, photo, watch)).catch(() => null))?.ended;
    };
    const { matte, size, layered, preview, original } = await this.#inLine(choice, watch, report, async (session) => {
      // Both at once would keep both waiting.
      await orCancelled(early ?? Promise.resolve(), watch.signal);
      // Loaded with the first photo behind which another waits.
      this.#ahead ??= photo.next?.() ? new (await import('./decode-ahead.js')).DecodeAhead(this.#supplies) : null;
      const { notes, doubts, heap, create, ms, ...made } = await session.draft({ ...photo, opened: await this.#ahead?.take(photo) }, this.#ahead?.following(watch, session.step, photo.next) ?? watch, report);
      report.ms.create += create;
      session.facts.heap = heap;
      if (made.matte) this.#router.ran(session, ms);
      const { result, applied } = made.preview;
      Object.assign(report, { size: made.size, result, applied, notes: [...notes, ...made.preview.notes], doubts });
      Object.assign(report.ms, ms);
      return made;
    }, begin);
    // The model was up and had nothing to do.
    if (!matte) report.backend = null;
    const documents = await this.documents();
    const document = documents.open({ file: photo.blob, reduce: photo.reduce, matte, size }, layered);
    return { document, preview, original };
  }

  /**
   * What the model sees of a part of a photo.
   * @param {Parameters<import('./live-session.js').LiveSession['look']>[0]} part
   * @param {Choice} choice @param {Watch} watch
   * @param {Report} report filled in as things become known
   */
  look(part, choice, watch, report) {
    return this.#inLine(choice, watch, report, (session) => session.look(part, watch, report));
  }

  /**
   * @template T
   * @param {Choice} choice
   * @param {Watch} watch
   * @param {Report} report
   * @param {(session: import('./live-session.js').LiveSession) => Promise<T>} work
   * @param {(catalog: Catalog, model: import('../shared/protocol.js').Model) => Promise<void>} [begin] before the model gets ready
   * @returns {Promise<T>}
   */
  #inLine(choice, watch, report, work, begin = async () => {}) {
    return this.#lane.enter(watch.signal, async () => {
      const started = performance.now();
      try {
        const catalog = await orCancelled(this.catalog(), watch.signal);
        const model = findModel(catalog, choice.model);
        report.model = { id: model.id, sha256: model.files[0].sha256 };
        await begin(catalog, model);
        const result = await this.#router.run(catalog, model, choice, watch, report, work);
        this.#tidy(catalog);
        return result;
      } finally {
        report.walls = found.walls;
        report.ms.total = performance.now() - started;
        // A proof that cannot be given now is given before the next photo.
        import('./idle-proof.js').then(({ proveWhenIdle }) => proveWhenIdle(this.#owing), () => {});
      }
    });
  }

  /**
   * A model of this version is up, so what earlier versions stored will not be asked for again.
   * @param {Catalog} catalog
   */
  #tidy(catalog) {
    if (this.#isTidy) return;
    this.#isTidy = true;
    void this.#supplies.prune(everyPart(catalog).map(({ file }) => file)).catch(() => {});
  }
}
