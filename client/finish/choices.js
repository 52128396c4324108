/**
 * What a person chose of how photos are finished: for all of them, or for some of their own. Pure.
 *
 * @typedef {import('./output-settings.js').Settings} Settings
 * @typedef {import('./output-settings.js').Wanted} Wanted
 * @typedef {import('./output-settings.js').Backdrop & { name: string }} Backdrop with the name of its file
 *
 * @typedef {Readonly<{ settings: Settings, loan: import('./output-settings.js').Loan, backdrop: Backdrop | null }>} Choices plain data but for the picture, and
 *   can be stored
 */
import { changed, DEFAULTS, NO_LOAN, resized, wanted } from './output-settings.js';

/** @type {Choices} */
export const FIRST = Object.freeze({ settings: { ...DEFAULTS }, loan: NO_LOAN, backdrop: null });

/**
 * @param {Choices} choices
 * @param {Record<string, unknown>} change
 * @returns {Choices}
 */
export function changedBy(choices, change) {
  if (typeof change.size !== 'string') return { ...choices, settings: changed(choices.settings, change) };
  return { ...choices, ...resized(choices.settings, change.size, choices.loan) };
}

/** Asked for each photo again and again. @type {WeakMap<Choices, Wanted>} */
const known = new WeakMap();
/** The same of photos whose heads were placed. @type {WeakMap<Choices, WeakMap<object, Wanted>>} */
const placed = new WeakMap();

/** @param {Choices} choices @param {import('./output-settings.js').Head | null} [head] where a person placed it in that photo @returns {Wanted} */
export function wantedOf(choices, head = null) {
  const byHead = (head && placed.get(choices)) ?? new WeakMap();
  const made = (head ? byHead.get(head) : known.get(choices)) ?? wanted(choices.settings, choices.backdrop, head);
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
  return { ...own, settings, backdrop: kind === 'background' ? others.backdrop : own.backdrop };
}
