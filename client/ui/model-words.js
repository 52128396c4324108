/** What the page says of models: what one costs here and what it needs. */

import { formatAbout, formatBytes, formatDuration, formatExactBytes, formatList, formatShare, sentences } from '../messages/format.js';
import { has, lookUp, t } from '../messages/index.js';

/**
 * @typedef {object} Part a file that a model needs on this device
 * @property {string} role `model` or `runtime`
 * @property {string} name of the file
 * @property {number} bytes of the file
 * @property {number} download bytes on the wire when nothing of it is here
 * @property {number} [have] bytes of it that are here already
 * @property {boolean} stored whether it is here, whole
 */
/** @typedef {{ download: number, parts: Part[], ready: boolean, photoMs?: number | null, model: { id: string, title: string, licence: string } }} Offer `photoMs`: of a photo, as measured or counted here */
/** @typedef {{ code: string, needed?: number, available?: number | null }} StorageTrouble why a file is in memory only */

/** What people know comes first. */
const ROLES = /** @type {const} */ (['model', 'runtime']);

/** @param {Offer} offer */
const missing = (offer) => offer.parts.filter(({ stored }) => !stored);

/** @param {Offer} offer @param {(bytes: number) => string} format @returns {string[]} one per role */
function partsOf(offer, format) {
  return ROLES.flatMap((role) => {
    const parts = missing(offer).filter((part) => part.role === role);
    return parts.length > 0 ? t(`part.${role}`, { size: format(parts.reduce((sum, { download }) => sum + download, 0)) }) : [];
  });
}

/**
 * What an interrupted download has left here. A file that is here whole is no part of this model's download.
 * @param {Offer} offer
 * @returns {number} bytes
 */
export const alreadyHere = (offer) => missing(offer).reduce((sum, { have = 0 }) => sum + have, 0);

/** @param {Offer} offer @returns {string} how much of a download that was begun is here, empty where none was */
function shareOf(offer) {
  const here = alreadyHere(offer);
  return here > 0 ? formatShare(here, here + offer.download) : '';
}

/** @param {Offer} offer @param {boolean} kept whether the browser can store it @returns {string} what a first run downloads */
export function offerLine(offer, kept) {
  if (offer.ready) return t('offer.ready');
  if (offer.download === 0) return t('offer.stored');
  const size = formatBytes(offer.download);
  const share = shareOf(offer);
  if (share) return t(kept ? 'offer.begun' : 'offer.begun.each-time', { size, share });
  return t(kept ? 'offer.once' : 'offer.each-time', { size });
}

/** @param {Offer} offer @returns {string} the same to the byte, one part in a line */
export const exactParts = (offer) => partsOf(offer, formatExactBytes).join('\n');

/** @param {Offer | null} offer @returns {'unknown' | 'ready' | 'stored' | 'begun' | 'download'} */
function costCode(offer) {
  if (!offer) return 'unknown';
  if (offer.ready) return 'ready';
  if (offer.download === 0) return 'stored';
  return alreadyHere(offer) > 0 ? 'begun' : 'download';
}

/** @param {Offer | null} offer */
const amounts = (offer) => ({ share: offer ? shareOf(offer) : '', size: formatBytes(offer?.download ?? 0) });

/** @param {Offer | null} offer @returns {string} what choosing a model costs now */
export const costOf = (offer) => t(`model.cost.${costCode(offer)}`, amounts(offer));

/** @param {Offer | null} offer @returns {string} the same to the byte */
export const exactCost = (offer) => (offer && offer.download > 0 ? t('model.cost.exact', { size: formatExactBytes(offer.download) }) : '');

/**
 * @param {{ model: { title: string }, quality: 'quick' | 'finer' | 'finest' | null, isShared: boolean }} choice
 * @returns {string} what it is called where it is chosen: the model's own name where there is no plain word, and beside one that is not its alone
 */
export function qualityName({ model: { title }, quality, isShared }) {
  if (quality === null) return title;
  return isShared ? t(`quality.${quality}.named`, { model: title }) : t(`quality.${quality}`);
}

/** @param {number | null} ms @returns {string} */
export const speedOf = (ms) => (ms === null ? '' : t('model.speed', { time: formatDuration(ms) }));

/**
 * @param {{ name: string, bytes: number }[]} contents
 * @param {number} sum bytes: what is shared counts once
 * @returns {string[]} a line for each, and one for all
 */
export function contentLines(contents, sum) {
  const lines = contents.map(({ name, bytes }) => lookUp(has(`model.content.${name}`) ? `model.content.${name}` : 'model.content', { name, size: formatBytes(bytes) }));
  return [...lines, t('model.together', { size: formatBytes(sum) })];
}

/** @param {string} model its title @param {Offer | null} offer @param {boolean} isAsked @returns {string} to be heard when it is chosen */
export const chosenWords = (model, offer, isAsked) => sentences(t(`model.chosen.${costCode(offer)}`, { model, ...amounts(offer) }), isAsked && t('model.chosen.asked'));

/** @param {number | null | undefined} ms @returns {string} the same for a time that was counted; nothing where none was */
export const countedSpeed = (ms) => (ms ? t('model.speed', { time: formatAbout(ms) }) : '');

/** @param {Offer} offer @param {boolean} kept whether the browser can store it @returns {string} why the download is needed */
export function needsWords(offer, kept) {
  const parts = partsOf(offer, formatBytes);
  const model = offer.model.title;
  const share = shareOf(offer);
  return sentences(
    parts.length > 1 ? t('consent.needs', { model, parts: formatList(parts, 'unit') }) : t('consent.not-here', { model }),
    share && t('consent.begun', { share }),
    t(kept ? 'consent.once' : 'consent.each-time'),
  );
}
