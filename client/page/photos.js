/**
 * The photos of the page: how they come in, their cards, and what becomes of them. Loaded while nothing else is to be done, and at the
 * latest with the first photo.
 *
 * @typedef {import('../ui/job-card.js').Result} Result
 * @typedef {import('../jobs/jobs.js').Tracked<Result>} Job
 * @typedef {import('../jobs/jobs.js').Change<Result>} Change
 */
import { isSettled } from '../jobs/kinds.js';
import { t } from '../messages/work.js';
import { JobList } from '../ui/job-list.js';
import { isKept } from '../ui/redo.js';
import { photoTime } from '../ui/result-words.js';
import { ran } from '../ui/routing-words.js';
import { dropFragment, EDIT } from '../ui/shortcuts.js';
import { Cutting } from './cutting.js';
import { Drawing } from './drawing.js';
import { edited } from './edited.js';
import { FinishController } from './finish-controller.js';
import { gathered } from './gathered.js';
import { Holding } from './holding.js';
import { Lazy } from './lazy.js';
import { followNames } from './names.js';
import { PhotoNotices } from './photo-notices.js';
import { Receiving } from './receiving.js';
import { Review } from './review.js';
import { Starting } from './starting.js';
import { chosen, isOnGpu, models, placed } from './state.js';

export const KIND = 'cutout';

export class Photos {
  #list = new JobList({
    onAct: (action, id) => this.#acts[action](id),
    onRetryAll: () => this.#retryAll(),
    onRedoAll: (ids) => this.redo(ids),
    onRestart: () => this.#restart(),
    onAwaited: () => this.#finishing.hurry(),
    onSay: (words) => this.#screen.announcer.say(words),
    onNotSaved: (what) => this.#notices.notSaved(what),
    wanted: () => ({ type: this.#finishing.output.type ?? 'image/png', isMatte: this.#finishing.output.content === 'matte' }),
    onUnsaved: (count) => this.#notices.unsaved(count),
  });
  /** What the buttons of a card do. @type {Record<import('../ui/job-list.js').Intent, (id: string, tool?: 'look') => void>} */
  #acts = {
    cancel: (id) => this.#jobs.cancel(id),
    'use-cpu': (id) => this.#useCpu(id),
    retry: (id) => this.#jobs.retry(id),
    reduce: (id) => this.#reduce(id),
    refinish: (id) => this.#finishing.retry(id),
    'touch-up': (id, tool) => this.#touchUp.use((touchUp) => touchUp.open(id, tool), () => this.#notices.notLoaded()),
    view: (id) => this.#review.open(id),
    redo: (id) => this.redo([id]),
    remove: (id) => this.#jobs.remove(id),
  };
  #engine;
  #store;
  #jobs;
  #screen;
  #notices;
  #onSettled;
  #receiving;
  #finishing;
  #cutting;
  #review;
  #holding;
  #starting;
  #touchUp = new Lazy(() => import('./touch-up.js').then(({ TouchUp }) => TouchUp.load(this.#engine, { jobs: () => this.#all, output: () => this.#finishing.output, choice: () => this.#choice, onEdited: (id, edits) => this.edit(id, edits) })));
  #drawing = new Drawing(this.#list);
  /** Once for all the changes that one step of a lane makes. */
  #summarise = gathered(() => {
    const all = this.#all;
    this.#list.summarise(all);
    this.#count();
    this.#finishing.follow(all);
    this.#starting.follow(all.length);
    this.#review.follow();
    this.#touchUp.loaded?.follow();
  });

  /**
   * @param {typeof import('../api.js')} engine
   * @param {import('./store.js').Store} store
   * @param {import('../jobs/jobs.js').Jobs<any>} jobs
   * @param {{ announcer: import('../ui/announcer.js').Announcer, dropZone: import('../ui/dropzone.js').DropZone, notices: import('../ui/notices.js').Notices }} screen
   * @param {(job: Job, words: string) => void} onSettled nothing more happens to it by itself; `words` on its run, if there was one
   */
  constructor(engine, store, jobs, screen, onSettled) {
    this.#engine = engine;
    this.#store = store;
    this.#jobs = jobs;
    this.#screen = screen;
    this.#notices = new PhotoNotices(screen);
    this.#onSettled = onSettled;
    this.#receiving = new Receiving(screen, { onPhoto: (file, folder) => jobs.add(KIND, { name: file.name, folder, modified: file.lastModified }, file), onAll: () => this.arrived(), known: () => this.#all });
    this.#holding = new Holding({
      onHeld: (id, bytes) => jobs.revise(id, { input: bytes }),
      onLost: (id, error) => jobs.fail(id, error),
      onLeft: (count) => this.#notices.filesLeft(count),
    });
    this.#finishing = new FinishController(engine, { list: this.#list, announcer: screen.announcer }, (id, result) => this.#replace(id, result));
    this.#cutting = new Cutting(engine, jobs, this.#finishing, KIND, (id, preview) => this.#list.showEarly(id, preview));
    this.#review = new Review(engine, this.#list, { all: () => this.#all, output: () => this.#finishing.output, onMark: (id, mark) => jobs.revise(id, { mark }), onTouchUp: (id, tool) => this.#acts['touch-up'](id, tool), onFailure: () => this.#notices.notLoaded() });
    followNames(this.#list, () => this.#notices.notLoaded());
    this.#starting = new Starting(this.#finishing, screen, (file) => this.take({ files: [file] }));
    this.showChoice(store.state);
  }

  /** @param {import('../ui/dropzone.js').Arrival} arrival */
  take(arrival) {
    void this.#receiving.take(arrival);
  }

  /** @param {import('./state.js').State} state whose model is what new photos are cut out with */
  showChoice(state) {
    const model = chosen(state);
    if (model) this.#list.showChoice(model, models(state));
  }

  focus() {
    this.#list.focus();
  }

  /** The photo that was being edited when the page was left is opened again, where it is here. */
  goOn() {
    if (!location.hash.startsWith(EDIT)) return;
    const id = location.hash.slice(EDIT.length);
    if (this.#all.some((job) => job.id === id && job.state === 'done')) this.#acts['touch-up'](id);
    else dropFragment();
  }

  /**
   * @param {Job} job
   * @param {import('../jobs/attempt.js').Watch<import('../jobs/jobs.js').Progress>} watch
   * @returns {Promise<Result>}
   */
  run(job, watch) {
    this.#list.markStart(job.id, isOnGpu(this.#store.state));
    return this.#cutting.cut(job, { ...this.#choice, ...watch });
  }

  /** @param {string} id of a photo that is done @param {import('../document/document.js').Document['edits']} edits of its matte, by a person: all that hold now */
  edit(id, edits) {
    const job = this.#all.find((one) => one.id === id);
    if (job?.result) this.#jobs.amend(id, edited(job.result, edits));
  }

  /** @param {Change} change */
  follow(change) {
    const { type, job } = change;
    if (type === 'changed') {
      this.#drawing.draw(job, change.previous);
      if (job.state === change.previous.state && job.result === change.previous.result && job.input === change.previous.input) return;
    } else if (type === 'added') {
      this.#list.add(job);
      this.#holding.add(job.id, job.input);
    } else {
      this.#drawing.drop(job.id);
      this.#list.remove(job.id);
      this.#holding.drop(job.id);
      if (job.result) this.#engine.closeDocument(job.result.document).catch(() => {});
    }
    this.#summarise();
    if (type !== 'changed' || job.state === change.previous.state || !isSettled(job.state)) return;
    this.#tellSettled(job, change.previous);
    this.#onSettled(job, job.result ? ran(job.result.report, photoTime(job.result.report)) : '');
  }

  /** @param {Job} job @param {Job} previous as it was under way */
  #tellSettled(job, { isAgain, result }) {
    const { announcer } = this.#screen;
    if (isAgain && job.result === result) announcer.say(t(job.error ? 'job.redo.failed' : 'job.redo.cancelled', { name: job.name }));
    else if (job.state === 'done') announcer.finished(job.name, this.#all.filter(({ state }) => !isSettled(state)).length);
  }

  /** Model and backend that are chosen. */
  get #choice() {
    return { ...placed(this.#store.state), model: this.#store.state.model };
  }

  get #all() {
    return this.#jobs.of(KIND);
  }

  /** Photos have come that wait for their turn. */
  arrived() {
    this.#count();
    this.#store.dispatch({ type: 'arrived' });
  }

  #count() {
    const [all, { photos }] = [this.#all, this.#store.state];
    const [waiting, isBusy] = [all.filter(({ state }) => state === 'queued').length, all.some(({ state }) => !isSettled(state))];
    if (waiting === photos.waiting && isBusy === photos.isBusy && all.length === photos.count) return;
    this.#store.dispatch({ type: 'photos', photos: { waiting, count: all.length, isBusy } });
  }

  /**
   * Photos once more, with the model that is chosen now, also where none was needed. The cutout that is there stays until the other is, and a
   * person's edits hold for that one too. Those that are not done, and wait for nothing, are tried again.
   * @param {readonly string[]} ids
   */
  redo(ids) {
    const jobs = this.#all.filter(({ id, state }) => ids.includes(id) && isSettled(state));
    if (jobs.length === 0) return;
    this.#screen.announcer.say(t('jobs.redoing', { count: jobs.length }));
    for (const { id, state, result, ownAlpha } of jobs) {
      if (state === 'done') this.#jobs.redo(id, { ownAlpha: isKept(result) ? 'ignore' : ownAlpha });
      else this.#jobs.retry(id);
    }
    this.arrived();
  }

  /** @param {string} id @param {Result} result made of a document that may be another one by now */
  #replace(id, result) {
    const job = this.#all.find((one) => one.id === id);
    if (job?.result?.document === result.document) this.#jobs.amend(id, result);
  }

  /** @param {string} id of a photo that is too large, or whose file would be */
  #reduce(id) {
    this.#jobs.revise(id, { reduce: true });
    this.#finishing.follow(this.#all);
    this.#finishing.retry(id);
    this.#jobs.retry(id);
  }

  /** The gate is closed until it is known what the CPU needs. @param {string} id of a photo that takes too long on the GPU */
  #useCpu(id) {
    this.#store.dispatch({ type: 'use-cpu' });
    this.#jobs.restart(id);
    this.#screen.announcer.say(t('job.stopped'));
  }

  #retryAll() {
    for (const job of this.#all) if (job.state === 'failed') this.#jobs.retry(job.id);
  }

  #restart() {
    this.#receiving.stop();
    this.#notices.unsaved(0);
    this.#jobs.clear(KIND);
    this.#count();
    this.#store.dispatch({ type: 'start-again' });
    this.#screen.dropZone.focus();
  }
}
