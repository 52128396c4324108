import { t } from '../messages/index.js';
import { FinishController } from './finish-controller.js';
import { Inbox } from './inbox.js';
import { Provision } from './provision.js';
import { Jobs } from '../jobs/jobs.js';
import { isSettled } from '../jobs/kinds.js';
import { Readiness } from './readiness.js';
import { Receiving } from './receiving.js';
import { problemWords, readAddress } from '../ui/address.js';
import { Announcer } from '../ui/announcer.js';
import { DiagnosticsLink } from '../ui/diagnostics-link.js';
import { DropZone } from '../ui/dropzone.js';
import { Footer } from '../ui/footer.js';
import { JobList } from '../ui/job-list.js';
import { Notices } from '../ui/notices.js';
import { armDisclosure } from '../ui/disclosure.js';
import { isKept } from '../ui/redo.js';
import { openShortcut, takeFragment } from '../ui/shortcuts.js';

/** @typedef {import('../ui/job-card.js').Result} Result */
/** @typedef {import('../jobs/jobs.js').Tracked<Result>} Job */
/** @typedef {import('../jobs/jobs.js').Change<Result>} Change */

/** Joins the engine, the queue and what is on the screen. */
export class App {
  /** @type {Jobs<Result>} */
  #jobs = new Jobs({ cutout: (job, watch) => this.#run(job, watch) }, (change) => this.#follow(change));
  #list = new JobList({
    onAct: (action, id) => this.#acts[action](id),
    onRetryAll: () => this.#retryAll(),
    onRestart: () => this.#restart(),
    onAwaited: () => this.#finishing.hurry(),
    onSay: (words) => this.#announcer.say(words),
    onUnsaved: (count) => (count > 0 ? this.#warn('unsaved', { title: t('unsaved', { count }), body: t('unsaved.body', { count }) }) : this.#notices.hide('unsaved')),
  });
  /** What the buttons of a card do. @type {Record<import('../ui/job-list.js').Intent, (id: string) => void>} */
  #acts = {
    cancel: (id) => this.#jobs.cancel(id),
    'use-cpu': (id) => this.#useCpu(id),
    retry: (id) => this.#jobs.retry(id),
    reduce: (id) => this.#reduce(id),
    refinish: (id) => this.#finishing.retry(id),
    redo: (id) => this.#redo(id),
    remove: (id) => this.#jobs.remove(id),
  };
  #dropZone = new DropZone((arrival) => void this.#receiving.take(arrival));
  #inbox = new Inbox({
    onPhotos: (files) => void this.#receiving.take({ files }),
    onTrouble: (trouble) => this.#notices.show('inbox', 'warning', { title: t(`inbox.${trouble}`), body: t(`inbox.${trouble}.body`) }),
    onShortcut: openShortcut,
  });
  #notices = new Notices();
  #announcer = new Announcer();
  #receiving = new Receiving({ notices: this.#notices, announcer: this.#announcer }, {
    onPhoto: (file) => this.#jobs.add('cutout', { name: file.name }, file),
    onAll: () => {
      this.#provision.decide();
    },
  });
  #footer = new Footer();
  #diagnostics = new DiagnosticsLink(
    ({ DiagnosticsPanel }) => new DiagnosticsPanel(this.#engine, { options: () => this.#provision.options, onMeasured: () => this.#provision.placement.look() }),
    () => this.#notices.show('diagnostics', 'warning', { title: t('no-diagnostics'), body: t('no-diagnostics.body') }),
  );
  #readiness;
  #finishing;
  #engine;
  #provision;
  /** Loaded with the first photo. @type {Promise<import('./holding.js').Holding> | null} */
  #holding = null;
  #isSummaryDue = false;
  /** Progress that has not been drawn yet, with the job as it was when last drawn. @type {Map<string, { job: Job, previous: Job }>} */
  #undrawn = new Map();

  /**
   * @param {typeof import('../api.js')} engine
   * @param {string} search `location.search`
   */
  constructor(engine, search) {
    this.#engine = engine;
    this.#finishing = new FinishController(engine, { list: this.#list, announcer: this.#announcer }, (id, result) => this.#jobs.amend(id, result));
    this.#readiness = new Readiness(engine, { announcer: this.#announcer, notices: this.#notices });
    const { options, problems } = readAddress(search);
    for (const problem of problems) this.#notices.show(`address-${problem.name}`, 'warning', problemWords(problem));
    for (const loss of engine.environment().losses) {
      this.#notices.show(loss, 'quiet', { title: t(`loss.${loss}`), body: t(`loss.${loss}.body`) });
    }
    armDisclosure();
    const screen = { announcer: this.#announcer, dropZone: this.#dropZone, footer: this.#footer, notices: this.#notices, readiness: this.#readiness };
    this.#provision = new Provision(engine, options, screen, {
      onGate: (isOpen) => (isOpen ? this.#jobs.release('model') : this.#jobs.hold('model')),
      onChoice: (chosen, all) => this.#list.showChoice(chosen, all),
      waiting: () => this.#photos.filter(({ state }) => state === 'queued').length,
      count: () => this.#photos.length,
      focus: () => (this.#photos.length > 0 ? this.#list : this.#dropZone).focus(),
    });
    this.#jobs.hold('model');
  }

  get #photos() {
    return this.#jobs.of('cutout');
  }

  start() {
    this.#readiness.start();
    void this.#inbox.start(takeFragment());
    this.#watchWalls().catch(() => {});
    addEventListener('hashchange', () => this.#inbox.follow(takeFragment()));
    return this.#provision.start();
  }

  /** Once the page has been drawn. Without it the page claims no more than what its own code does. */
  async #watchWalls() {
    await new Promise((resolve) => { setTimeout(resolve); });
    const { watchWalls } = await import('./wall-watch.js');
    await watchWalls(this.#engine, { footer: this.#footer, notices: this.#notices, announcer: this.#announcer });
  }

  /**
   * @param {Job} job
   * @param {import('../jobs/attempt.js').Watch<import('../jobs/jobs.js').Progress>} watch
   * @returns {Promise<Result>}
   */
  #run(job, watch) {
    this.#list.markStart(job.id, this.#provision.placement.isGpu);
    return this.#finishing.cut(job, { ...this.#provision.options, ...watch }, {
      onPreview: (result) => this.#jobs.amend(job.id, result),
      isLast: () => this.#photos.every(({ id, state }) => id === job.id || isSettled(state)),
    });
  }

  /** @param {Change} change */
  #follow(change) {
    const { type, job } = change;
    if (type === 'changed') {
      this.#draw(job, change.previous);
      if (job.state === change.previous.state && job.result === change.previous.result && job.input === change.previous.input) return;
    } else if (type === 'added') {
      this.#list.add(job);
      this.#hold((holding) => holding.add(job.id, job.input));
    } else {
      this.#undrawn.delete(job.id);
      this.#list.remove(job.id);
      this.#hold((holding) => holding.drop(job.id));
      if (job.result) this.#engine.closeDocument(job.result.document).catch(() => {});
    }
    this.#summarise();
    if (type !== 'changed' || job.state === change.previous.state) return;
    if (job.state === 'done') this.#celebrate(job);
    if (isSettled(job.state)) this.#diagnostics.refresh();
    if (job.state === 'failed') this.#readiness.doubt(job.error);
  }

  /** @param {(holding: import('./holding.js').Holding) => void} act */
  #hold(act) {
    this.#holding ??= import('./holding.js').then(({ Holding }) => new Holding({
      onHeld: (id, bytes) => this.#jobs.revise(id, { input: bytes }),
      onLost: (id, error) => this.#jobs.fail(id, error),
      onLeft: (count) => (count > 0 ? this.#notices.show('files', 'warning', { title: t('files-left', { count }), body: t('files-left.body') }) : this.#notices.hide('files')),
    }));
    // Without it, photos are read from their files.
    this.#holding.then(act).catch(() => {});
  }

  /** Once for all the changes that one step of the queue makes. */
  #summarise() {
    if (this.#isSummaryDue) return;
    this.#isSummaryDue = true;
    queueMicrotask(() => {
      this.#isSummaryDue = false;
      this.#list.summarise(this.#photos);
      this.#readiness.follow(this.#photos);
      this.#finishing.follow(this.#photos);
    });
  }

  /**
   * A new state or result is drawn at once, progress within a state at most once per frame.
   * @param {Job} job
   * @param {Job} previous
   */
  #draw(job, previous) {
    const drawn = this.#undrawn.get(job.id)?.previous ?? previous;
    if (job.state !== previous.state || job.result !== previous.result) {
      this.#undrawn.delete(job.id);
      this.#list.update(job, drawn);
      return;
    }
    if (this.#undrawn.size === 0) requestAnimationFrame(() => this.#drawPending());
    this.#undrawn.set(job.id, { job, previous: drawn });
  }

  #drawPending() {
    for (const { job, previous } of this.#undrawn.values()) this.#list.update(job, previous);
    this.#undrawn.clear();
  }

  /** @param {Job} job */
  #celebrate(job) {
    if (job.result) this.#footer.showRun(job.result.report);
    this.#announcer.finished(job.name, this.#photos.filter(({ state }) => !isSettled(state)).length);
    if (job.result) this.#provision.finished(job.result.report);
  }

  /**
   * The photo once more, with the model that is chosen now, also where none was needed. The cutout that is there stays.
   * @param {string} id
   */
  #redo(id) {
    const job = this.#photos.find((one) => one.id === id);
    if (!job) return;
    this.#announcer.added(1);
    this.#jobs.add('cutout', { name: job.name, reduce: job.reduce, ownAlpha: isKept(job.result) ? 'ignore' : job.ownAlpha }, job.input);
    this.#provision.decide();
  }

  /** @param {string} id of a photo that is too large, or whose file would be */
  #reduce(id) {
    this.#jobs.revise(id, { reduce: true });
    this.#finishing.follow(this.#photos);
    this.#finishing.retry(id);
    this.#jobs.retry(id);
  }

  /** @param {string} id of a photo that takes too long on the GPU */
  #useCpu(id) {
    this.#jobs.hold('model');
    this.#provision.placement.useCpu();
    this.#jobs.restart(id);
    this.#announcer.say(t('job.stopped'));
  }

  /** Shown, and heard. @param {string} key @param {import('../ui/notices.js').Words} words */
  #warn(key, words) {
    this.#notices.show(key, 'warning', words);
    this.#announcer.say(words.title);
  }

  #retryAll() {
    for (const job of this.#photos) if (job.state === 'failed') this.#jobs.retry(job.id);
  }

  #restart() {
    this.#receiving.stop();
    this.#notices.hide('unsaved');
    this.#jobs.clear('cutout');
    this.#provision.clear();
    this.#dropZone.focus();
  }
}
