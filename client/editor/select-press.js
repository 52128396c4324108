/**
 * From a press to an edit: what is meant is asked, unless it is shown already, and put into the matte or taken out of it. Of several presses
 * each becomes an edit, in the order in which they were pressed.
 *
 * @typedef {import('./prompt.js').Thing} Thing
 */
import { t } from '../messages/editor.js';
import { formatSize } from '../messages/format.js';
import { promptOf } from './prompt.js';
import { trimmed } from './region.js';

export class SelectPress {
  /** Pressed, and not there yet. @type {Set<Thing>} */
  pending = new Set();
  #host;
  #segmented;
  #preview;
  #note;

  /**
   * @param {import('./tools.js').ToolHost} host
   * @param {import('./segmented.js').Segmented} segmented
   * @param {import('./select-preview.js').SelectPreview} preview
   * @param {(words: string) => void} note what came of a press, where nothing did
   */
  constructor(host, segmented, preview, note) {
    this.#host = host;
    this.#segmented = segmented;
    this.#preview = preview;
    this.#note = note;
  }

  /** @returns {boolean} there was something to give up */
  giveUp() {
    const had = this.pending.size > 0;
    this.pending.clear();
    return had;
  }

  /** @param {Thing} thing */
  async take(thing) {
    const photo = this.#host.photo();
    if (!photo) return;
    this.pending.add(thing);
    this.#note('');
    this.#host.redraw();
    const isMeant = () => this.pending.has(thing) && this.#host.photo() === photo;
    try {
      const prompt = promptOf(thing);
      const { region } = this.#preview.knownOf(prompt) ?? { region: trimmed(await this.#segmented.press(prompt)) };
      if (!isMeant()) return;
      if (!region) this.#note(t('editor.select.nothing'));
      else if (await this.#host.commit(photo.apply({ kind: 'region', mode: thing.mode, ...region }))) this.#host.say(t(`editor.select.did.${thing.mode}`, { size: formatSize(region.seen) }));
    } catch (error) {
      if (isMeant()) this.#host.fail(error);
    } finally {
      this.pending.delete(thing);
      this.#host.redraw();
    }
  }
}
