/**
 * The picture that photos stand on, kept beside them: what they are made on when they come back. Without photos there is nothing to come
 * back to, so it is not there either.
 *
 * @typedef {import('../../finish/choices.js').Ground} Ground
 */
export class KeptGround {
  /** @type {Ground | null} */
  #ground = null;
  /** It is otherwise on the device. */
  #isDue = false;
  #store;

  /** @param {Pick<import('./photo-store.js').PhotoStore, 'ground' | 'putGround'>} store */
  constructor(store) {
    this.#store = store;
  }

  /** @param {(ground: Ground) => void} stand told what is kept, unless another one has been chosen meanwhile */
  read(stand) {
    const row = this.#store.ground;
    if (!row || this.#ground) return;
    const { background, picture } = /** @type {Ground} */ (row.value);
    this.#ground = { background, picture: { ...picture, image: row.file } };
    stand(this.#ground);
  }

  /** @param {Ground | null} ground from now on @returns {boolean} whether it is to be written */
  choose(ground) {
    if (ground?.picture !== this.#ground?.picture) this.#isDue = true;
    this.#ground = ground;
    return this.#isDue;
  }

  /** What was on the device is gone. */
  writeAgain() {
    this.#isDue = this.#ground !== null;
  }

  async write() {
    if (!this.#isDue) return;
    this.#isDue = false;
    await this.#put(this.#ground);
  }

  /** The last photo is gone. */
  async drop() {
    if (!this.#ground) return;
    this.#isDue = true;
    await this.#put(null);
  }

  /** @param {Ground | null} ground */
  #put(ground) {
    if (!ground) return this.#store.putGround(null);
    const { image, ...picture } = ground.picture;
    return this.#store.putGround({ file: image, value: { background: ground.background, picture } });
  }
}
