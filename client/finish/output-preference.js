/**
 * The finish a person chose, remembered for the next visit. No DOM. A picture behind the photos is kept with them (page/keep/), not here.
 *
 * @typedef {import('./output-settings.js').Settings} Settings
 * @typedef {import('../shared/local-store.js').OpenStorage} OpenStorage
 */
import { LocalEntry } from '../shared/local-store.js';
import { changed, DEFAULTS } from './output-settings.js';

/** @param {OpenStorage} [open] */
const entry = (open) => new LocalEntry('finish', open);

/**
 * @param {OpenStorage} [open]
 * @returns {Settings} whatever lies in the storage, only what can be used
 */
export function recallFinish(open) {
  const kept = changed(DEFAULTS, entry(open).read() ?? {});
  return kept.background === 'image' || kept.background === 'words' ? { ...kept, background: DEFAULTS.background } : kept;
}

/**
 * @param {Settings} settings where they cannot be stored, they hold for this visit
 * @param {OpenStorage} [open]
 */
export function rememberFinish(settings, open) {
  entry(open).write(settings);
}
