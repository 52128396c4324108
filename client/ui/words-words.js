/** What the page says of pictures that are made from words. */
import { formatBytes, formatExactBytes, formatShare } from '../messages/format.js';
import { has, lookUp } from '../messages/index.js';
import { t } from '../messages/words.js';
import { because } from './routing-words.js';

/** @typedef {import('./words-panel.js').Offer} Offer */

const MIB = 2 ** 20;

/** @param {NonNullable<Offer['why']>} why @param {boolean} secure whether the page is @returns {{ what: string, advice: string }} why no picture can be made here, with the numbers */
export function cannotWords({ code, detail }, secure) {
  const { need, have, needed, available } = /** @type {Record<string, any>} */ (detail);
  if (code === 'storage-full') return { what: t('words.cannot.room', { needed: formatBytes(needed), available: formatBytes(available) }), advice: t('words.cannot.room.body') };
  const what = t('words.cannot');
  if (code === 'memory') return { what, advice: have ? t('words.cannot.memory', { need: formatBytes(need * MIB), have: formatBytes(have * MIB) }) : t('words.cannot.memory.unknown', { need: formatBytes(need * MIB) }) };
  return { what, advice: because({ reason: code, verdict: { verdict: 'unfit', reason: code, detail }, secure }) };
}

/** In the order in which they are told: the largest first. @param {Offer} offer @returns {{ name: string, size: string, exact: string, here: string }[]} */
export function partRows({ parts }) {
  return parts.toSorted((a, b) => b.bytes - a.bytes).map(({ role, bytes, have, isStored }) => ({
    name: partName(role),
    size: formatBytes(bytes),
    exact: formatExactBytes(bytes),
    here: hereWords(bytes, have, isStored),
  }));
}

/** @param {number} bytes @param {number} have @param {boolean} isStored */
function hereWords(bytes, have, isStored) {
  if (isStored) return t('words.part.here');
  return have > 0 ? t('words.part.begun', { share: formatShare(have, bytes) }) : '';
}

/** @param {string} role @returns {string} */
const partName = (role) => (has(`words.part.${role}`) ? lookUp(`words.part.${role}`) : role);

/**
 * @param {import('./words-panel.js').Progress | null} progress null where nothing is known yet
 * @param {number} number of the picture
 * @param {number} total of pictures
 * @returns {string}
 */
export function makingWords(progress, number, total) {
  if (!progress) return t('words.looking');
  if (progress.stage === 'downloading') return progress.total > 0 ? t('job.downloading', { loaded: formatBytes(progress.loaded), total: formatBytes(progress.total) }) : t('job.state.loading');
  const key = `words.${progress.stage}.${progress.part}`;
  if (has(key)) return lookUp(key, { number, total });
  return progress.stage === 'preparing' ? t('job.preparing') : t('words.running.unet', { number, total });
}

/** @param {import('./words-panel.js').Progress | null} progress @returns {number | null} 0..1 of what is going on, null where that is not known */
export function makingShare(progress) {
  if (progress?.stage === 'downloading' && progress.total > 0) return progress.loaded / progress.total;
  return progress?.stage === 'running' && progress.of > 1 ? progress.step / progress.of : null;
}
