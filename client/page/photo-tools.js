/**
 * What a person does with photos that are there: take something back, redo them, choose some of them, download all, have them as ID photos. The first
 * photo can do without, so each of these is loaded behind it, or when it is first needed.
 *
 * @typedef {import('./photos.js').Job} Job
 *
 * @typedef {object} Hooks
 * @property {() => Job[]} all photos
 * @property {(id: string) => Job | undefined} find
 * @property {() => string} title of the model that is chosen, empty where there is only one
 * @property {() => import('./finish-controller.js').FinishController} finishing
 * @property {() => void} onArrived photos wait that did not
 * @property {(ids: readonly string[]) => void} onRemove
 * @property {(id: string) => void} onDownloaded its file has been taken
 */
import { isSettled } from '../jobs/kinds.js';
import { afterFirst, Lazy } from './lazy.js';
import { withWords } from '../messages/index.js';

export class PhotoTools {
  #undoing = Lazy.spared(() => withWords(import('./undoing.js')).then(({ Undoing }) => new Undoing()));
  #redoing;
  #selecting;
  #idPhotos;
  #saveAll;
  #hooks;
  #notices;

  /**
   * @param {typeof import('../api.js')} engine
   * @param {import('../jobs/jobs.js').Jobs<any>} jobs
   * @param {{ list: import('../ui/job-list.js').JobList, announcer: import('../ui/announcer.js').Announcer, notices: import('./photo-notices.js').PhotoNotices }} screen
   * @param {Hooks} hooks
   */
  constructor(engine, jobs, { list, announcer, notices }, hooks) {
    const { all, find, finishing, onRemove } = hooks;
    // Said of a photo once its server may be gone.
    afterFirst(() => void withWords(import('../ui/note-words.js')).catch(() => {}));
    this.#hooks = hooks;
    this.#notices = notices;
    this.#redoing = Lazy.spared(() => withWords(import('./redoing.js')).then(({ Redoing }) => new Redoing(jobs, { find, offer: this.offer })));
    const choosing = { onChoose: (/** @type {readonly string[]} */ ids) => finishing().choose(ids), onRedo: (/** @type {readonly string[]} */ ids) => this.redo(ids), onRemove };
    this.#selecting = Lazy.spared(() => withWords(import('./selecting.js')).then(({ Selecting }) => new Selecting(choosing)), (selecting) => {
      for (const job of all()) selecting.add(list.placeOf(job.id), job);
      selecting.showModel(hooks.title());
      selecting.follow(all());
    });
    this.#idPhotos = Lazy.spared(() => withWords(import('./id-photos.js')).then(({ IdPhotos }) => new IdPhotos(engine, {
      all,
      finishing: finishing(),
      fileOf: (id) => list.fileOf(id),
      onPlace: (id, head) => jobs.revise(id, { head }),
      offer: this.offer,
      announcer,
      onFailure: (why) => (why === 'not-loaded' ? notices.notLoaded() : notices.idPhotos(why)),
    })));
    this.#saveAll = Lazy.spared(() => withWords(import('../ui/download-all.js')).then(({ DownloadAll, pathOf }) => new DownloadAll({
      take: (id) => list.fileOf(id),
      beside: this.#beside,
      path: (id) => pathOf(list.expected(id)),
      onSay: (words) => announcer.say(words),
      onSaved: (ids) => ids.forEach(hooks.onDownloaded),
      onUnsaved: (count) => notices.unsaved(count),
      onFail: (what) => notices.notSaved(what),
    })), (saveAll) => showAll(saveAll, all()));
  }

  /** @param {import('./undo.js').Step} step that has just been made, and can be taken back */
  offer = (step) => this.#undoing.use((undoing) => undoing.offer(step), () => step.forget?.());

  /**
   * Photos once more, with the model that is chosen now, also where none was needed. The cutout that is there stays until the other is, and a
   * person's edits hold for that one too. Those that are not done, and wait for nothing, are tried again.
   * @param {readonly string[]} ids
   * @param {boolean} [isInTurn] in this order, behind photos that have not been cut out yet
   */
  redo(ids, isInTurn) {
    this.#redoing.use((redoing) => { if (redoing.redo(ids, isInTurn)) this.#hooks.onArrived(); }, () => this.#notices.notLoaded());
  }

  /** @param {'crop' | 'sheet'} wish @param {readonly string[] | null} ids of photos that it is for, all where null @param {string} [first] the one that is seen first */
  act = (wish, ids, first) => this.#idPhotos.use((idPhotos) => idPhotos.act(wish, ids, first), () => this.#notices.notLoaded());

  /** @type {import('../ui/download-all.js').Hooks['beside']} */
  #beside = (id, file) => new Promise((resolve) => {
    this.#idPhotos.use((idPhotos) => resolve(idPhotos.beside(id, file)), () => {
      this.#notices.idPhotos('sheet');
      resolve(null);
    });
  });

  /** @param {HTMLElement} place of a photo in the list @param {Job} job */
  add(place, job) {
    this.#selecting.loaded?.add(place, job);
  }

  /** @param {string} id of a photo that is gone */
  remove(id) {
    this.#selecting.loaded?.remove(id);
    this.settled(id);
  }

  /** @param {string} id of a photo that is settled, or gone */
  settled(id) {
    this.#redoing.loaded?.settled(id);
  }

  /** @param {Job[]} jobs all there are now */
  follow(jobs) {
    this.#selecting.loaded?.follow(jobs);
    if (this.#saveAll.loaded) showAll(this.#saveAll.loaded, jobs);
  }

  /** Another model is chosen. */
  showModel() {
    this.#selecting.loaded?.showModel(this.#hooks.title());
  }
}

/** @param {import('../ui/download-all.js').DownloadAll} saveAll @param {Job[]} jobs all there are */
function showAll(saveAll, jobs) {
  const done = jobs.filter(({ state, isAgain }) => state === 'done' || isAgain);
  saveAll.show(done.map(({ id }) => id), jobs.every(({ state }) => isSettled(state)));
}
