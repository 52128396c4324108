/**
 * The model behind *Select*, and the photo that is open as it sees it: fetched when a person agrees, shown the photo once, and asked of it from
 * then on.
 *
 * @typedef {import('../shared/protocol-segment.js').SegmentPrompt} SegmentPrompt
 * @typedef {import('../shared/protocol-segment.js').SegmentAnswer} SegmentAnswer
 * @typedef {import('../shared/protocol-segment.js').SegmentPhoto} SegmentPhoto
 * @typedef {import('../shared/protocol.js').Progress} Progress
 * @typedef {{ id: string, title: string, bytes: number, isStored: boolean }} Offer `bytes` that are fetched where it is not stored here
 *
 * @typedef {object} Segmenter
 * @property {() => Promise<Offer | null>} offered null where none is installed that this device can run
 * @property {(photo: SegmentPhoto, watch: { signal: AbortSignal, onProgress: (event: Progress) => void }) => Promise<unknown>} open
 * @property {(handle: string, prompt: SegmentPrompt, watch: { signal: AbortSignal }) => Promise<SegmentAnswer>} ask
 * @property {(handle: string) => unknown} close
 *
 * @typedef {{ is: 'away' } | { is: 'asking', offer: Offer } | { is: 'opening', progress: Progress | null } | { is: 'ready' } | { is: 'stopped' }} State
 *   `away`: no photo is to be asked about; `asking`: for a person's consent; `stopped`: it failed or was given up, and can be tried again
 */
import { MatteboxError } from '../shared/errors.js';
import { Turns } from './turns.js';

export class Segmented {
  /** @type {State} */
  state = { is: 'away' };
  #segmenter;
  #hooks;
  /** @type {SegmentPhoto | null} */
  #photo = null;
  #stop = new AbortController();
  #turns = new Turns();
  /** @type {SegmentPrompt | null} */
  #last = null;
  /** Photos that were shown to the model. @type {Set<string>} */
  #shown = new Set();

  /**
   * @param {() => Segmenter} segmenter
   * @param {object} hooks
   * @param {() => void} hooks.onState
   * @param {(error: unknown) => void} hooks.onFail
   */
  constructor(segmenter, hooks) {
    this.#segmenter = segmenter;
    this.#hooks = hooks;
  }

  /** @param {SegmentPhoto} photo that is to be asked about, if the model is here; else a person is asked first */
  async enter(photo) {
    if (this.#photo?.handle === photo.handle && this.state.is !== 'away') return;
    this.leave();
    this.#photo = photo;
    const { signal } = this.#stop;
    const offer = await this.#segmenter().offered();
    if (signal.aborted || !offer) return;
    if (offer.isStored) await this.#open();
    else this.#set({ is: 'asking', offer });
  }

  /** What `asking` asks for may be fetched; or it is to be tried again. */
  agree() {
    return this.#open();
  }

  /** The photo is no longer to be asked about. What was known of it is kept, as long as there is room. */
  leave() {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#photo = null;
    this.#set({ is: 'away' });
  }

  /** Let go of all photos. */
  close() {
    this.leave();
    for (const handle of this.#shown) this.#segmenter().close(handle);
    this.#shown.clear();
  }

  /** Opening is given up. What is not here yet has to be agreed to once more. */
  async stop() {
    const photo = this.#photo;
    this.leave();
    this.#photo = photo;
    const { signal } = this.#stop;
    const offer = await this.#segmenter().offered();
    if (offer && !signal.aborted) this.#set(offer.isStored ? { is: 'stopped' } : { is: 'asking', offer });
  }

  /** @param {SegmentPrompt} prompt that somebody waits for @returns {Promise<SegmentAnswer>} */
  press(prompt) {
    const photo = this.#photo;
    return this.#turns.enter(() => this.#ask(photo, prompt), { isUrgent: true });
  }

  /** @param {SegmentPrompt} prompt @returns {Promise<SegmentAnswer | null>} null where another came before it was begun */
  hover(prompt) {
    this.#last = prompt;
    const photo = this.#photo;
    return this.#turns.enter(async () => (prompt === this.#last && photo === this.#photo && this.state.is === 'ready' ? this.#ask(photo, prompt) : null));
  }

  async #open() {
    const photo = this.#photo;
    if (!photo) return;
    const { signal } = this.#stop;
    this.#set({ is: 'opening', progress: null });
    try {
      this.#shown.add(photo.handle);
      await this.#segmenter().open(photo, { signal, onProgress: (progress) => { if (!signal.aborted) this.#set({ is: 'opening', progress }); } });
      if (!signal.aborted) this.#set({ is: 'ready' });
    } catch (error) {
      if (signal.aborted) return;
      this.#set({ is: 'stopped' });
      this.#hooks.onFail(error);
    }
  }

  /** @param {SegmentPhoto | null} photo @param {SegmentPrompt} prompt */
  async #ask(photo, prompt) {
    if (!photo || photo !== this.#photo) throw new MatteboxError('cancelled');
    const { signal } = this.#stop;
    try {
      return await this.#segmenter().ask(photo.handle, prompt, { signal });
    } catch (error) {
      // What was held of the photo may be gone with its worker: it has to be shown again.
      if (!signal.aborted) this.#set({ is: 'stopped' });
      throw error;
    }
  }

  /** @param {State} state */
  #set(state) {
    this.state = state;
    this.#hooks.onState();
  }
}
