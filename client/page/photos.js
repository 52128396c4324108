/**
 * The photos of the page: how they come in, their cards, and what becomes of them. Loaded while nothing else is to be done, and at the
 * latest with the first photo.
 *
 * @typedef {import('../ui/job-card.js').Result} Result
 * @typedef {import('../jobs/jobs.js').Tracked<Result>} Job
 * @typedef {import('../jobs/jobs.js').Change<Result>} Change
 */
import { isSettled } from '../jobs/kinds.js';
import { withWords } from '../messages/index.js';
import { t } from '../messages/work.js';
import { Afterwards } from '../ui/afterwards.js';
import { JobList } from '../ui/job-list.js';
import { photoTime } from '../ui/result-words.js';
import { ran } from '../ui/routing-words.js';
import { dropFragment, EDIT } from '../ui/shortcuts.js';
import { thumbnailsBy } from '../ui/thumbnail.js';
import { Batching } from './batching.js';
import { Cutting } from './cutting.js';
import { whileComingBack } from './coming-back.js';
import { Drawing } from './drawing.js';
import { FinishController } from './finish-controller.js';
import { gathered } from './gathered.js';
import { Holding } from './holding.js';
import { Lazy } from './lazy.js';
import { followNames } from './names.js';
import { PhotoCount } from './photo-count.js';
import { PhotoNotices } from './photo-notices.js';
import { PhotoTools } from './photo-tools.js';
import { Receiving } from './receiving.js';
import { Removing } from './removing.js';
import { Results, sayOutcome } from './results.js';
import { sparesCores } from './spare-cores.js';
import { Starting } from './starting.js';
import { chosen, isOnGpu, models, placed } from './state.js';

export const KIND = 'cutout';

export class Photos {
  #list = new JobList({
    onAct: (action, id) => this.#acts[action](id),
    onRedoAll: (ids) => this.tools.redo(ids),
    onRestart: () => this.#restart(),
    onDownloaded: (id) => this.#leaving.loaded?.downloaded(id),
    onAwaited: () => this.finishing.hurry(),
    onSay: (words) => this.#screen.announcer.say(words),
    wanted: (id) => this.finishing.fileOf(id),
  });
  /** What the buttons of a card do. @type {Record<import('../ui/job-list.js').Intent, (id: string, tool?: 'look') => void>} */
  #acts = {
    cancel: (id) => this.#jobs.cancel(id),
    'use-cpu': (id) => this.#useCpu(id),
    retry: (id) => this.#jobs.retry(id),
    reduce: (id) => this.#reduce(id),
    refinish: (id) => this.finishing.retry(id),
    'touch-up': (id, tool) => this.#touchUp.use((touchUp) => touchUp.open(id, tool), () => this.#notices.notLoaded()),
    'adjust-crop': (id) => this.tools.act('crop', null, id),
    view: (id) => this.#review.use((review) => review.open(id), () => this.#notices.notLoaded()),
    redo: (id) => this.tools.redo([id]),
    remove: (id) => this.removing.remove([id]),
  };
  removing;
  finishing;
  tools;
  #engine;
  #store;
  #jobs;
  #screen;
  #notices;
  #hooks;
  #receiving;
  #cutting;
  #review;
  #holding;
  #starting;
  #touchUp = new Lazy(() => withWords(import('./touch-up.js')).then(({ TouchUp }) => TouchUp.load(this.#engine, { jobs: () => this.#all, output: (id) => this.finishing.outputOf(id), choice: () => this.#choice, onEdited: (id, edits) => this.#results.edit(id, edits), onClose: (id) => this.#list.focusOn(id, 'touch-up') })));
  #batching;
  #count;
  #results;
  #leaving;
  #drawing = new Drawing(this.#list);
  #afterwards = new Afterwards();
  /** Once for all the changes that one step of a lane makes. */
  #summarise = gathered(() => {
    const all = this.#all;
    this.#list.summarise(all);
    this.#batching.show();
    this.tools.follow(all);
    this.#count.tell();
    this.finishing.follow(all);
    this.#leaving.loaded?.follow();
    this.#starting.follow(all.length);
    if (this.#review.loaded) this.#review.loaded.follow();
    else this.#list.arrange(all.map(({ id }) => id));
    this.#touchUp.loaded?.follow();
  });

  /**
   * @param {typeof import('../api.js')} engine
   * @param {import('./store.js').Store} store
   * @param {import('../jobs/jobs.js').Jobs<any>} jobs
   * @param {{ announcer: import('../ui/announcer.js').Announcer, dropZone: import('../ui/dropzone.js').DropZone, notices: import('../ui/notices.js').Notices }} screen
   * @param {object} hooks
   * @param {(job: Job, words: string) => void} hooks.onSettled nothing more happens to it by itself; `words` on its run, if there was one
   * @param {(job: Job) => void} hooks.onForget it was removed, and can be put back no more
   * @param {Promise<unknown>} hooks.areBack photos of an earlier visit are in the list
   * @param {(id: string) => boolean} hooks.isKept it comes back by itself when the page was left @param {(ground: import('../finish/choices.js').Ground | null) => void} hooks.onGround what photos stand on
   */
  constructor(engine, store, jobs, screen, hooks) {
    this.#engine = engine;
    thumbnailsBy(engine.thumbnail);
    this.#store = store;
    this.#jobs = jobs;
    this.#screen = screen;
    this.#notices = new PhotoNotices(screen);
    this.#hooks = hooks;
    this.#receiving = new Receiving(screen, { onPhoto: (file, folder) => jobs.add(KIND, { name: file.name, folder, modified: file.lastModified }, file), onAll: () => this.arrived(), known: () => this.#all, areBack: hooks.areBack });
    this.tools = new PhotoTools(engine, jobs, { list: this.#list, announcer: screen.announcer, notices: this.#notices }, {
      all: () => this.#all,
      find: this.#find,
      title: () => (models(store.state).length > 1 ? chosen(store.state)?.title ?? '' : ''),
      finishing: () => this.finishing,
      onArrived: () => this.arrived(),
      onRemove: (ids) => this.removing.remove(ids),
      onDownloaded: (id) => this.#leaving.loaded?.downloaded(id),
    });
    const { offer } = this.tools;
    this.#count = new PhotoCount(store, () => this.#all);
    this.#batching = new Batching(store, jobs, { all: () => this.#all, offer, onSay: (words) => screen.announcer.say(words), onArrived: () => this.arrived(), onShow: (id) => this.#review.loaded?.show(id) });
    this.#results = new Results(jobs, (id) => this.#find(id));
    this.removing = new Removing(jobs, { offer, onBack: () => this.arrived(), onForget: hooks.onForget });
    this.#leaving = Lazy.spared(() => import('./leaving.js').then(({ Leaving }) => new Leaving(() => this.#all, hooks.isKept)), (leaving) => leaving.follow());
    this.#holding = new Holding({
      onHeld: (id, bytes) => jobs.revise(id, { input: bytes }),
      onLost: (id, error) => jobs.fail(id, error),
      onLeft: (count) => this.#notices.filesLeft(count),
    });
    this.finishing = new FinishController(engine, { list: this.#list, announcer: screen.announcer }, { onResult: (id, result) => this.#results.finish(id, result), onOwn: (id, own) => jobs.revise(id, { own }), offer, onIdPhotos: this.tools.act, onNotLoaded: () => this.#notices.notLoaded(), isBeside: () => sparesCores(store.state.route?.attempts[0], navigator), isBusy: () => store.state.isComingBack, onGround: hooks.onGround });
    this.#cutting = new Cutting(engine, jobs, this.finishing, KIND, (id, preview) => this.#list.showEarly(id, preview));
    this.#review = Lazy.spared(() => withWords(import('./review.js')).then(({ Review }) => new Review(engine, this.#list, { all: () => this.#all, output: (id) => this.finishing.outputOf(id), onMark: (id, mark) => jobs.revise(id, { mark }), onTouchUp: (id, tool) => this.#acts['touch-up'](id, tool), onFailure: () => this.#notices.notLoaded() })), (review) => review.follow());
    followNames(this.#list, () => this.#notices.notLoaded());
    this.#starting = new Starting(this.finishing, screen, (file) => this.take({ files: [file] }));
    this.showChoice(store.state);
    whileComingBack(store, (isUnderWay) => {
      this.#list.limitCards(isUnderWay);
      this.#holding.pause(isUnderWay);
      this.finishing.hurry();
    });
  }

  /** @param {import('../ui/dropzone.js').Arrival} arrival */
  take = (arrival) => void this.#receiving.take(arrival);

  /** @param {import('./state.js').State} state whose model is what new photos are cut out with */
  showChoice(state) {
    const model = chosen(state);
    if (model) this.#list.showChoice(model, models(state));
    this.tools.showModel();
  }

  focus() {
    this.#list.focus();
  }

  /** The photo that was being edited when the page was left is opened again, where it is here. */
  goOn() {
    if (!location.hash.startsWith(EDIT)) return;
    const id = location.hash.slice(EDIT.length);
    if (this.#find(id)?.state === 'done') this.#acts['touch-up'](id);
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

  /** @param {Change} change */
  follow(change) {
    const { type, job } = change;
    if (type === 'changed') {
      this.#drawing.draw(job, change.previous);
      this.#batching.follow(job, change.previous);
      if (job.state === change.previous.state && job.result === change.previous.result && job.input === change.previous.input && job.own === change.previous.own && job.head === change.previous.head) return;
    } else if (type === 'added') {
      this.tools.add(this.#list.add(job, change.next), job);
      this.#holding.add(job.id, job.input);
    } else {
      this.#drawing.drop(job.id);
      this.#list.remove(job.id);
      this.tools.remove(job.id);
      this.#holding.drop(job.id);
      this.#afterwards.add(() => { if (job.result) this.#engine.closeDocument(job.result.document).catch(() => {}); });
    }
    this.#summarise();
    if (type !== 'changed' || job.state === change.previous.state || !isSettled(job.state)) return;
    sayOutcome(this.#screen.announcer, job, change.previous, this.#all);
    this.tools.settled(job.id);
    this.#hooks.onSettled(job, job.result ? ran(job.result.report, photoTime(job.result.report)) : '');
  }

  /** Model and backend that are chosen. */
  get #choice() {
    return { ...placed(this.#store.state), model: this.#store.state.model };
  }

  get #all() {
    return this.#jobs.of(KIND);
  }

  #find = (/** @type {string} */ id) => this.#jobs.find(KIND, id);

  /** Photos have come that wait for their turn. */
  arrived() {
    this.#count.tell();
    this.#store.dispatch({ type: 'arrived' });
  }

  /** @param {string} id of a photo that is too large, or whose file would be */
  #reduce(id) {
    this.#jobs.revise(id, { reduce: true });
    this.finishing.follow(this.#all);
    this.finishing.retry(id);
    this.#jobs.retry(id);
  }

  /** The gate is closed until it is known what the CPU needs. @param {string} id of a photo that takes too long on the GPU */
  #useCpu(id) {
    this.#store.dispatch({ type: 'use-cpu' });
    this.#jobs.restart(id);
    this.#screen.announcer.say(t('job.stopped'));
  }

  #restart() {
    this.#receiving.stop();
    this.#notices.unsaved(0);
    this.removing.remove(this.#all.map(({ id }) => id));
    this.#count.tell();
    this.#store.dispatch({ type: 'start-again' });
    this.#screen.dropZone.focus();
  }
}
