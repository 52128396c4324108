/**
 * Making pictures from words: what is asked for, what it takes, how far it is and what came of it. Pure; index.js does what follows.
 *
 * @typedef {import('../../ui/words-panel.js').Offer} Offer
 * @typedef {import('../../ui/words-panel.js').Picture} Picture
 * @typedef {import('../../ui/words-panel.js').Progress} Progress
 * @typedef {{ prompt: string, seeds: readonly number[], isStarting: boolean }} Wish
 *
 * @typedef {object} State
 * @property {'idle' | 'looking' | 'asking' | 'making'} phase `looking`: what it takes is asked of the device; `asking`: the person is
 * @property {Offer} offer as it was last known
 * @property {string} prompt as it is written now
 * @property {boolean} isStarting pictures are to begin with a photo's own background
 * @property {boolean} isStartless no photo had one when they were to be made
 * @property {Wish | null} wish what is to be made, or is being
 * @property {number} done of its seeds
 * @property {Progress | null} progress of the next one
 * @property {readonly Picture[]} pictures of one prompt, in the order they were made
 * @property {unknown} trouble why the latest could not be made; null where it could
 *
 * @typedef {{ type: 'write', prompt: string } | { type: 'start', isStarting: boolean } | { type: 'startless' } | { type: 'make' } | { type: 'more' } | { type: 'offered', offer: Offer, isAccepted: boolean } | { type: 'agree' }
 *   | { type: 'decline' } | { type: 'progress', progress: Progress } | { type: 'made', picture: Picture } | { type: 'stop' } | { type: 'failed', error: unknown }} Event
 *   `isAccepted`: the licence was accepted at an earlier time, or restricts nothing
 */

/** Pictures that are made at once. */
const COUNT = 4;

/** @param {Offer} offer @returns {State} */
export const firstState = (offer) => ({ phase: 'idle', offer, prompt: '', isStarting: false, isStartless: false, wish: null, done: 0, progress: null, pictures: [], trouble: null });

/** @param {string} prompt @returns {string} as a model is given it */
const plain = (prompt) => prompt.trim().replaceAll(/\s+/gu, ' ');

/** @param {Picture} picture @param {Pick<Wish, 'prompt' | 'isStarting'>} wish @returns {boolean} whether it was made of the same but for the seed */
const isOf = ({ origin: { prompt, start } }, wish) => prompt === wish.prompt && (start !== undefined) === wish.isStarting;

/** @param {readonly Picture[]} pictures @param {Pick<Wish, 'prompt' | 'isStarting'>} wish @returns {number[]} seeds that none of them was made with */
function nextSeeds(pictures, wish) {
  const last = pictures.filter((picture) => isOf(picture, wish)).reduce((most, { origin: { seed } }) => Math.max(most, seed), 0);
  return Array.from({ length: COUNT }, (_, i) => last + i + 1);
}

/** @param {Offer} offer @param {boolean} isAccepted @returns {boolean} nothing is to be asked before a picture is made */
const isFree = ({ bytes }, isAccepted) => bytes === 0 && isAccepted;

/**
 * @param {State} state
 * @param {Event} event
 * @returns {State}
 */
export function reduce(state, event) {
  switch (event.type) {
    case 'write': return { ...state, prompt: event.prompt };
    case 'start': return { ...state, isStarting: event.isStarting, isStartless: false };
    case 'startless': return { ...rested(state), isStartless: true };
    case 'make': return wishing(state, { prompt: plain(state.prompt), isStarting: state.isStarting });
    case 'more': return wishing(state, { prompt: state.pictures[0]?.origin.prompt ?? '', isStarting: state.pictures[0]?.origin.start !== undefined });
    case 'offered': return offered(state, event);
    case 'agree': return state.phase === 'asking' ? { ...state, phase: 'making' } : state;
    case 'progress': return state.phase === 'making' ? { ...state, progress: event.progress } : state;
    case 'made': return made(state, event.picture);
    case 'failed': return { ...rested(state), trouble: event.error };
    default: return rested(state);
  }
}

/** @param {State} state @returns {State} with what has been made, and nothing more on its way */
const rested = (state) => ({ ...state, phase: 'idle', wish: null, done: 0, progress: null });

/** @param {State} state @param {Pick<Wish, 'prompt' | 'isStarting'>} wish @returns {State} */
function wishing(state, wish) {
  if (wish.prompt === '' || state.phase !== 'idle') return state;
  return { ...state, phase: 'looking', isStartless: false, wish: { ...wish, seeds: nextSeeds(state.pictures, wish) }, done: 0, progress: null, trouble: null };
}

/** @param {State} state @param {Extract<Event, { type: 'offered' }>} event @returns {State} */
function offered(state, { offer, isAccepted }) {
  if (state.phase !== 'looking') return { ...state, offer };
  if (offer.why) return { ...rested(state), offer };
  return { ...state, offer, phase: isFree(offer, isAccepted) ? 'making' : 'asking' };
}

/** @param {State} state @param {Picture} picture @returns {State} those of other words, or begun otherwise, go once there is one of these */
function made(state, picture) {
  if (state.phase !== 'making' || !state.wish) return state;
  const { wish } = state;
  const pictures = [...state.pictures.filter((other) => isOf(other, wish)), picture];
  const done = state.done + 1;
  const next = { ...state, pictures, done, progress: null };
  return done === wish.seeds.length ? rested(next) : next;
}
