/**
 * What a person chose of how photos are finished: for all of them, or for some of their own. Pure.
 *
 * @typedef {import('./output-settings.js').Settings} Settings
 * @typedef {import('./output-settings.js').Wanted} Wanted
 * @typedef {import('./output-settings.js').Backdrop & { name: string }} Backdrop with the name of its file
 *
 * @typedef {object} Origin of a picture that was made from words
 * @property {string} prompt
 * @property {number} seed
 * @property {string} model its id
 * @property {string} title of the model
 * @property {'photo'} [start] it began with the background of a photo; without, with nothing but noise
 *
 * @typedef {import('./output-settings.js').Backdrop & { origin: Origin }} Made
 *
 * @typedef {Readonly<{ settings: Settings, loan: import('./output-settings.js').Loan, backdrop: Backdrop | null, made?: Made | null }>} Choices plain data but for
 *   the pictures, and can be stored; `made` is what "words" means, and not there in what earlier releases kept
 */
import { changed, DEFAULTS, NO_LOAN, resized, wanted } from './output-settings.js';

/** @type {Choices} */
export const FIRST = Object.freeze({ settings: { ...DEFAULTS }, loan: NO_LOAN, backdrop: null, made: null });

/** @param {Choices} choices @returns {Backdrop | Made | null} the picture that is the background, where one is */
export function pictureOf({ settings, backdrop, made = null }) {
  if (settings.background === 'words') return made;
  return settings.background === 'image' ? backdrop : null;
}

/**
 * @param {Choices} choices
 * @param {Record<string, unknown>} change
 * @returns {Choices}
 */
export function changedBy(choices, change) {
  if (typeof change.size !== 'string') return { ...choices, settings: changed(choices.settings, change) };
  return { ...choices, ...resized(choices.settings, change.size, choices.loan) };
}

/**
 * @typedef {{ background: 'image' | 'words', picture: Backdrop | Made }} Ground a picture that photos stand on
 *
 * @param {Choices} choices
 * @returns {Ground | null} null where they stand on none
 */
export function groundOf(choices) {
  const { background } = choices.settings;
  const picture = pictureOf(choices);
  return picture && (background === 'image' || background === 'words') ? { background, picture } : null;
}

/** @param {Choices} choices @param {Ground} ground @returns {Choices} with that picture as background */
export function onGround(choices, { background, picture }) {
  const settings = changed(choices.settings, { background });
  return background === 'words' ? { ...choices, settings, made: /** @type {Made} */ (picture) } : { ...choices, settings, backdrop: /** @type {Backdrop} */ (picture) };
}

/** Asked for each photo again and again. @type {WeakMap<Choices, Wanted>} */
const known = new WeakMap();
/** The same of photos whose heads were placed. @type {WeakMap<Choices, WeakMap<object, Wanted>>} */
const placed = new WeakMap();

/** @param {Choices} choices @param {import('./output-settings.js').Head | null} [head] where a person placed it in that photo @returns {Wanted} */
export function wantedOf(choices, head = null) {
  const byHead = (head && placed.get(choices)) ?? new WeakMap();
  const made = (head ? byHead.get(head) : known.get(choices)) ?? wanted(choices.settings, pictureOf(choices), head);
  if (head) placed.set(choices, byHead.set(head, made));
  else known.set(choices, made);
  return made;
}

/** @param {Choices} choices @param {Choices} others @returns {boolean} both give the same file */
export const areSame = (choices, others) => wantedOf(choices).fileKey === wantedOf(others).fileKey;

/** What a person sees of a difference, each with the settings that it is made of; the rest is "other". */
const KINDS = /** @type {const} */ ({
  background: ['background', 'colour', 'from', 'to', 'angle', 'blur', 'matchLight'],
  size: ['size', 'margin', 'shape', 'width', 'height', 'idFormat', 'idDensity'],
  format: ['format'],
  shadow: ['shadow', 'shadowStrength', 'shadowSoftness', 'shadowDistance'],
});

/** @typedef {keyof typeof KINDS | 'other'} Difference */

/**
 * @param {Choices} own
 * @param {Choices} others
 * @returns {Difference[]} in what the files differ, in the order in which it is told
 */
export function differences(own, others) {
  if (areSame(own, others)) return [];
  const kinds = /** @type {(keyof typeof KINDS)[]} */ (Object.keys(KINDS));
  // What would be the same with that alone taken over does not differ in it.
  const told = kinds.filter((kind) => !areSame(own, taking(own, others, kind)));
  const rest = told.reduce((choices, kind) => taking(choices, others, kind), own);
  return areSame(rest, others) ? told : [...told, 'other'];
}

/** @param {Choices} own @param {Choices} others @param {keyof typeof KINDS} kind @returns {Choices} own ones, but for that */
function taking(own, others, kind) {
  const settings = { ...own.settings, ...Object.fromEntries(KINDS[kind].map((name) => [name, others.settings[name]])) };
  const { backdrop, made } = kind === 'background' ? others : own;
  return { ...own, settings, backdrop, made };
}
