/**
 * What is shown of photos that are wanted otherwise than the others: on their cards, and above the panel for which photos it is. A single photo
 * without choices of its own has nothing of this.
 */
import { Lazy } from './lazy.js';
import { withWords } from '../messages/index.js';

export class OwnShown {
  #words = Lazy.spared(() => withWords(import('../ui/own-words.js')));
  #for;
  #own;
  #list;

  /** @param {import('./own-choices.js').OwnChoices} own @param {Pick<import('../ui/job-list.js').JobList, 'showOwn'>} list */
  constructor(own, list) {
    this.#own = own;
    this.#list = list;
    this.#for = Lazy.spared(() => withWords(import('../ui/finish-for.js')).then(({ FinishFor }) => new FinishFor(() => own.drop())));
  }

  /** @param {readonly { id: string }[]} jobs all photos @param {(id: string) => import('../finish/output-settings.js').Settings} settingsOf what a photo is wanted as */
  show(jobs, settingsOf) {
    const { present, chosen, isMixed } = this.#own;
    if (present.size > 0 || this.#words.loaded) {
      this.#words.use(({ ownWords }) => { for (const { id } of jobs) this.#list.showOwn(id, ownWords(this.#own.differences(id), settingsOf(id))); });
    }
    if (jobs.length < 2 && !this.#for.loaded) return;
    this.#for.use((shown) => shown.show({ count: chosen.length, total: jobs.length, isOwn: chosen.some((id) => this.#own.of(id) !== null), isMixed }));
  }
}
