/**
 * Which photos a person should look at, and which are seen: pure.
 *
 * @typedef {'' | 'fine' | 'check'} Mark what a person thinks of a result; empty where they have not said
 * @typedef {'all' | 'check' | 'failed' | 'edited'} Filter
 * @typedef {'added' | 'name' | 'doubt'} Order
 *
 * @typedef {object} Photo
 * @property {string} id
 * @property {string} name
 * @property {string} state
 * @property {Mark} mark
 * @property {{ document: { edits: readonly unknown[] }, report: { doubts?: import('../shared/protocol.js').Doubt[] } } | null} result
 */

export const FILTERS = Object.freeze(/** @type {const} */ (['all', 'check', 'failed', 'edited']));
export const ORDERS = Object.freeze(/** @type {const} */ (['added', 'name', 'doubt']));
/** The gravest first. */
const GRAVITY = Object.freeze(/** @type {const} */ (['nothing', 'apart', 'soft', 'several', 'cut']));

/** @param {Pick<Photo, 'result'>} photo */
const isEdited = ({ result }) => (result?.document.edits.length ?? 0) > 0;

/**
 * @param {Pick<Photo, 'result'>} photo
 * @returns {import('../shared/protocol.js').Doubt[]} none where a person has put their hand to it: they have looked
 */
export const doubtsOf = (photo) => (isEdited(photo) ? [] : photo.result?.report.doubts ?? []);

/** @param {Photo} photo @returns {boolean} a person's own mark wins */
export const isToCheck = (photo) => photo.mark === 'check' || (photo.mark === '' && photo.state === 'done' && doubtsOf(photo).length > 0);

/** @type {Readonly<Record<Filter, (photo: Photo) => boolean>>} */
const SHOWS = Object.freeze({ all: () => true, check: isToCheck, failed: ({ state }) => state === 'failed', edited: isEdited });

/** @param {readonly Photo[]} photos @returns {Record<Filter, number>} how many there are of each */
export const counts = (photos) => /** @type {Record<Filter, number>} */ (Object.fromEntries(FILTERS.map((filter) => [filter, photos.filter(SHOWS[filter]).length])));

/** @param {Photo} photo @returns {number} the less, the more it is doubted */
function rank(photo) {
  if (!isToCheck(photo)) return GRAVITY.length + 1;
  const [gravest] = doubtsOf(photo);
  return gravest ? GRAVITY.indexOf(gravest.code) : GRAVITY.length;
}

/**
 * @template {Photo} P
 * @param {readonly P[]} photos in the order they were added
 * @returns {P[]} those that are doubted most first, the gravest reasons before the others, and of one reason the largest number
 */
export function worstFirst(photos) {
  const value = (/** @type {P} */ photo) => doubtsOf(photo)[0]?.value ?? 0;
  return photos.toSorted((a, b) => rank(a) - rank(b) || value(b) - value(a));
}

/**
 * @template {Photo} P
 * @param {readonly P[]} photos in the order they were added
 * @param {{ filter: Filter, order: Order }} choice
 * @returns {P[]} those that are shown, in the order they are
 */
export function shownOf(photos, { filter, order }) {
  const shown = photos.filter(SHOWS[filter]);
  if (order === 'added') return shown;
  const { compare } = new Intl.Collator(undefined, { numeric: true });
  return shown.toSorted((a, b) => (order === 'doubt' ? rank(a) - rank(b) : compare(a.name, b.name)));
}
