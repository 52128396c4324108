/**
 * The finish a person chose, remembered for the next visit. No DOM. A picture of their own is not kept: it is a photo.
 *
 * @typedef {import('./output-settings.js').Settings} Settings
 */
import { changed, DEFAULTS } from './output-settings.js';

const KEY = 'mattebox.finish';

/** @typedef {() => Pick<Storage, 'getItem' | 'setItem'>} OpenMemory asking for it throws where site data is blocked */

/**
 * @param {OpenMemory} [open]
 * @returns {Settings} whatever lies in the storage, only what can be used
 */
export function recallFinish(open = () => localStorage) {
  try {
    const kept = changed(DEFAULTS, JSON.parse(open().getItem(KEY) ?? '{}'));
    return kept.background === 'image' ? { ...kept, background: DEFAULTS.background } : kept;
  } catch {
    return { ...DEFAULTS };
  }
}

/**
 * @param {Settings} settings
 * @param {OpenMemory} [open]
 */
export function rememberFinish(settings, open = () => localStorage) {
  try {
    open().setItem(KEY, JSON.stringify(settings));
  } catch {
    // Blocked or full: the choice holds for this visit.
  }
}
