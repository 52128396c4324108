/**
 * What a person may have come for: each sets everything about the finished file at once. Pure.
 *
 * @typedef {'cut-out' | 'id-photo' | 'shop'} Start
 * @typedef {import('./output-settings.js').Settings} Settings
 */
import { DEFAULTS, NO_LOAN, resized } from './output-settings.js';

/** The size of each, which brings along the background and the type of file that it needs. @type {Readonly<Record<Start, string>>} */
const SIZES = Object.freeze({ 'cut-out': 'original', 'id-photo': 'id-photo', shop: 'marketplace' });

/** @param {Start} start @returns {Settings} */
export const startSettings = (start) => resized({ ...DEFAULTS }, SIZES[start], NO_LOAN).settings;

/** What is asked besides, so that each answer is still that start. @type {Partial<Record<Start, (keyof Settings)[]>>} */
const ASKED = { 'id-photo': ['colour', 'idFormat', 'idDensity', 'sheet'] };

/** @param {Settings} settings @returns {Start | null} the one that they are, null for a person's own */
export function startOf(settings) {
  const names = /** @type {Start[]} */ (Object.keys(SIZES));
  const isAs = (/** @type {Start} */ start) => Object.entries(startSettings(start)).every(([name, value]) => settings[/** @type {keyof Settings} */ (name)] === value || ASKED[start]?.includes(/** @type {keyof Settings} */ (name)));
  return names.find(isAs) ?? null;
}
