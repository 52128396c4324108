import { changedBy, FIRST, groundOf, onGround, wantedOf } from '../finish/choices.js';
import { recallFinish, rememberFinish } from '../finish/output-preference.js';
import { DEFAULTS, isDefault, SHAPES } from '../finish/output-settings.js';
import { PRESETS } from '../finish/presets.js';
import { DocumentUpdates } from '../jobs/document-updates.js';
import { t } from '../messages/work.js';
import { part, setText } from '../ui/dom.js';
import { FinishPanel } from '../ui/finish-panel.js';
import { Finisher } from './finisher.js';
import { GroundPictures } from './ground-pictures.js';
import { ID_CHOICES } from './id-choices.js';
import { Lazy } from './lazy.js';
import { OwnChoices } from './own-choices.js';
import { OwnShown } from './own-shown.js';

/** @typedef {import('../ui/job-card.js').Result} Result */
/** @typedef {import('../jobs/jobs.js').Tracked<Result>} Job */
/** @typedef {import('../finish/output-settings.js').Wanted} Wanted */
/** @typedef {import('../finish/choices.js').Choices} Choices */
/** @typedef {(keyof import('../finish/output-settings.js').Settings)[]} Names */

/** What stands below "More". A shadow's numbers are nothing without it. */
const MORE = /** @type {Names} */ (['shadow', 'profile', 'copyright', 'refine', 'decontaminate']);

/**
 * How photos are finished: what was chosen for all of them, kept for the next visit, what was chosen for some alone, and the photos that are done, which
 * follow it without the model.
 */
export class FinishController {
  #announcer;
  #finisher;
  /** What holds for all photos but those with choices of their own. @type {Choices} */
  #common = { ...FIRST, settings: recallFinish() };
  #pictures;
  /** Made with the first photo: nobody else needs it. @type {FinishPanel | null} */
  #panel = null;
  #note = part(document, 'finish-note', HTMLElement);
  /** @type {Job[]} */
  #jobs = [];
  /** Where a person placed the head, by photo. @type {Map<string, Job['head']>} */
  #heads = new Map();
  #own;
  #ownShown;
  #costs;
  #hooks;
  #updates;

  /**
   * @param {typeof import('../api.js')} engine
   * @param {{ list: import('../ui/job-list.js').JobList, announcer: import('../ui/announcer.js').Announcer }} screen
   * @param {object} hooks
   * @param {(id: string, result: Result) => void} hooks.onResult a photo has another file
   * @param {(id: string, own: Choices | null) => void} hooks.onOwn a photo has choices of its own, or none any more
   * @param {(step: import('./undo.js').Step) => void} hooks.offer to take something back
   * @param {(wish: 'crop' | 'sheet', ids: readonly string[]) => void} hooks.onIdPhotos what is to be done with these
   * @param {() => void} hooks.onNotLoaded a part of the page could not be loaded
   * @param {() => boolean} hooks.isBeside files may be made while the model works
   * @param {() => boolean} hooks.isBusy no file is to be made that nobody waits for
   * @param {(ground: import('../finish/choices.js').Ground | null) => void} hooks.onGround all photos but those with choices of their own stand on another picture
   */
  constructor(engine, { list, announcer }, hooks) {
    const { onResult, onOwn, onNotLoaded, offer, isBeside, isBusy } = hooks;
    this.#hooks = hooks;
    this.#announcer = announcer;
    this.#finisher = new Finisher(engine);
    this.#costs = Lazy.spared(() => import('./format-costs.js').then(({ FormatCosts }) => new FormatCosts(engine, () => this.#show())), (costs) => void costs.lookUp());
    this.#own = new OwnChoices({ common: () => this.#common, offer, onOwn, onChange: () => this.#want() });
    this.#ownShown = new OwnShown(this.#own, list);
    this.#pictures = new GroundPictures(engine, {
      onGround: (ground, ids) => this.#set((choices) => onGround(choices, ground), ids),
      chosen: () => this.#own.chosen, jobs: () => this.#jobs,
      onChange: () => this.#want(), onEntry: () => this.#show(),
      onSay: (words) => announcer.say(words), onNotLoaded,
    });
    /** @type {import('../jobs/document-updates.js').Hooks<Result>} */
    const updates = {
      make: (kind, job, wish, watch) => this.#finisher.make(kind, job, wish, watch),
      urgency: (id) => list.urgency(id),
      isBeside,
      isBusy,
      onPending: (id, isPending) => list.showPending(id, isPending),
      onStart: (id, _kind, progress) => list.showFinishing(id, progress),
      onDone: (id, result) => {
        onResult(id, result);
        if (result.file?.key === this.#wantedOf(id)?.fileKey) this.#costs.loaded?.paid(result.file?.blob.type ?? '');
      },
      onFail: (id, error) => list.showUnfinished(id, error),
      onStop: (id) => list.showFinished(id),
      onCount: (left) => setText(this.#note, left > 0 ? t('finish.left', { count: left }) : ''),
      onRest: (count) => this.#rest(count),
    };
    this.#updates = new DocumentUpdates((id) => this.#wantedOf(id), updates);
  }

  /** @returns {import('../finish/output-settings.js').Settings} for all photos but those with choices of their own */
  get settings() {
    return this.#common.settings;
  }

  /** @param {import('../finish/output-settings.js').Settings} settings all of them, for all photos */
  use(settings) {
    this.#set(({ backdrop, made }) => ({ ...FIRST, settings, backdrop, made }), []);
  }

  /** @returns {import('../finish/choices.js').Ground | null} what all photos stand on but those with choices of their own, where it is a picture */
  get ground() {
    return groundOf(this.#common);
  }

  /** @param {import('../finish/choices.js').Ground} ground that they stood on when they were kept */
  stand(ground) {
    this.#set((choices) => onGround(choices, ground), []);
  }

  /** @param {string} id @returns {import('../api.js').OutputOptions} what a photo is wanted as */
  outputOf(id) {
    return this.#made(id).output;
  }

  /** @param {string} id @returns {import('../ui/offered-file.js').Wanted} what its file is to be */
  fileOf(id) {
    const { type = 'image/png', content } = this.outputOf(id);
    return { type, isMatte: content === 'matte' };
  }

  /** @param {string} id @returns {import('../finish/output-settings.js').Settings} a photo's own, or those of all */
  settingsOf(id) {
    return this.#choicesOf(id).settings;
  }

  /** @param {string} id @returns {Wanted} */
  #made(id) {
    return wantedOf(this.#choicesOf(id), this.#heads.get(id));
  }

  /** @param {string} id @returns {Choices} */
  #choicesOf(id) {
    return this.#own.of(id) ?? this.#common;
  }

  /** @param {string} id @returns {Wanted | null} null while it is not known */
  #wantedOf(id) {
    const choices = this.#choicesOf(id);
    const isOpening = this.#pictures.isFor(id, choices === this.#common);
    return isOpening && choices.settings.background === 'image' && choices.settings.format !== 'matte' ? null : this.#made(id);
  }

  /**
   * Cut out a photo, and make what is to be made of it at once.
   * @param {Job} job
   * @param {import('./finisher.js').CutOptions} options
   * @param {Omit<Parameters<Finisher['cut']>[2], 'wanted'>} hooks
   * @returns {Promise<Result>}
   */
  cut(job, options, hooks) {
    return this.#finisher.cut(job, options, { ...hooks, wanted: () => this.#made(job.id) });
  }

  /** @param {Job[]} jobs all there are now */
  follow(jobs) {
    if (jobs.length > 0 && !this.#panel) this.#open();
    const before = this.#own.present;
    const heads = this.#heads;
    this.#heads = new Map(jobs.map(({ id, head }) => [id, head]));
    this.#jobs = jobs;
    this.#finisher.count = jobs.length;
    this.#own.follow(jobs);
    this.#updates.follow(jobs);
    if (before !== this.#own.present || jobs.some(({ id, head }) => heads.get(id) !== head)) this.#want();
  }

  /** @param {readonly string[]} ids of the photos that what is chosen from now on is for; of none, it is for all */
  choose(ids) {
    this.#own.choose(ids);
    this.#pictures.forget();
    this.#show();
  }

  /** @param {string} id of a photo that could not be finished */
  retry(id) {
    this.#updates.retry(id);
  }

  /** Somebody waits for a file. */
  hurry() {
    this.#updates.hurry();
  }

  #open() {
    this.#panel = new FinishPanel({ sizes: PRESETS.map(({ id }) => id), shapes: Object.keys(SHAPES), idPhotos: ID_CHOICES }, {
      onChange: (change) => this.#change(change),
      onImage: (image) => this.#pictures.choose(image),
      onIdPhotos: (wish) => this.#hooks.onIdPhotos(wish, this.#own.chosen.length > 0 ? this.#own.chosen : this.#jobs.map(({ id }) => id)),
      onReset: () => {
        this.#announcer.say(t('finish.was-reset'));
        this.#set(({ backdrop, made }) => ({ ...FIRST, backdrop, made }));
      },
    });
    this.#show();
    void this.#pictures.offer(this.#panel);
  }

  /** @param {Record<string, unknown>} change that was made in the panel */
  #change(change) {
    // The photos stay on what they stand on until there is a picture.
    if (this.#pictures.takes(change, this.#shown)) this.#show();
    else this.#set((choices) => changedBy(choices, change));
  }

  /** @returns {Choices} */
  get #shown() {
    return this.#own.shown ?? this.#common;
  }

  /** @param {(choices: Choices) => Choices} change of what is shown @param {readonly string[]} [ids] of the photos that it is for; of none, it is for all */
  #set(change, ids = this.#own.chosen) {
    if (ids.length > 0) {
      this.#own.set(change, ids);
      return;
    }
    this.#common = change(this.#common);
    rememberFinish(this.#common.settings);
    this.#hooks.onGround(this.ground);
    this.#want();
  }

  #want() {
    this.#updates.want();
    this.#show();
  }

  #show() {
    this.#ownShown.show(this.#jobs, (id) => this.settingsOf(id));
    const { settings, backdrop } = this.#shown;
    this.#panel?.show({
      settings: this.#pictures.shown(this.#shown),
      image: { name: backdrop?.name ?? '', ...this.#pictures.state },
      more: MORE.filter((name) => settings[name] !== DEFAULTS[name]).length,
      isDefault: isDefault(settings),
      costs: this.#costs.loaded?.all ?? { webp: 0, avif: 0 },
    });
  }

  /** @param {number} count of photos that have been finished */
  #rest(count) {
    this.#announcer.say(t('finish.updated', { count }));
    void this.#costs.loaded?.lookUp();
  }
}
