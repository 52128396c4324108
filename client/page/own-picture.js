import { Attempt } from '../jobs/attempt.js';
import { copyOf } from './holding.js';

/**
 * A picture of a person's own that is to stand behind photos. Until it has been opened, nobody knows what they are to stand on; where it
 * cannot be, they stay on what they stood on.
 *
 * @typedef {import('../finish/choices.js').Backdrop} Backdrop
 */
export class OwnPicture {
  /** For these photos, or for all. @type {{ attempt: Attempt, ids: readonly string[] } | null} */
  #opening = null;
  /** @type {unknown} */
  #trouble = null;
  #engine;
  #hooks;

  /**
   * @param {Pick<typeof import('../api.js'), 'checkBackground'>} engine
   * @param {{ chosen: () => readonly string[], onOpened: (picture: Backdrop, ids: readonly string[]) => void, onChange: () => void }} hooks `chosen`: ids of the photos
   *   that choices are made for; of none, they are for all. `onChange` of `isOpening` and `trouble`, last
   */
  constructor(engine, hooks) {
    this.#engine = engine;
    this.#hooks = hooks;
  }

  /** @returns {boolean} */
  get isOpening() {
    return this.#opening !== null;
  }

  /** @returns {unknown} why the picture that was chosen last is not the background */
  get trouble() {
    return this.#trouble;
  }

  /** Tell of no trouble any more. */
  forget() {
    this.#trouble = null;
  }

  /** @param {string} id of a photo @param {boolean} isAsAll it has no choices of its own @returns {boolean} a picture is being opened for it */
  isFor(id, isAsAll) {
    if (!this.#opening) return false;
    const { ids } = this.#opening;
    return ids.length > 0 ? ids.includes(id) : isAsAll;
  }

  /** @param {File} image */
  async choose(image) {
    const attempt = new Attempt(this.#opening?.attempt);
    const ids = this.#hooks.chosen();
    this.#opening = { attempt, ids };
    this.#trouble = null;
    this.#hooks.onChange();
    /** @param {unknown} trouble @param {Blob} [bytes] */
    const end = (trouble, bytes) => {
      this.#opening = null;
      this.#trouble = trouble;
      const [id] = crypto.getRandomValues(new Uint32Array(1));
      if (bytes) this.#hooks.onOpened({ image: bytes, name: image.name, id }, ids);
      this.#hooks.onChange();
    };
    const open = async (/** @type {import('../jobs/attempt.js').Watch<never>} */ { signal }) => {
      await this.#engine.checkBackground(image, { signal });
      // Whatever becomes of the file.
      return copyOf(image).catch(() => image);
    };
    await attempt.run(open, { onDone: (bytes) => end(null, bytes), onFail: (error) => end(error) });
  }
}
