/**
 * Which codecs a photo needs that are fetched for it. Decided from its head: the worker that decodes can fetch nothing.
 *
 * @typedef {import('./inspect.js').Look} Look
 * @typedef {import('../../shared/protocol.js').CodecName} CodecName
 */
import { onDemand } from '../../shared/on-demand.js';

const abilities = onDemand(() => import('./abilities.js'), 'abilities.js');
const colours = onDemand(() => import('./colour.js'), 'colour.js');
const icc = onDemand(() => import('./icc.js'), 'icc.js');

/** Types whose colours are never converted by a browser, because it is not a browser that decodes them. */
const OURS = new Set(['TIFF', 'HEIC', 'Photoshop']);

/**
 * @param {Look} seen
 * @returns {Promise<CodecName[]>}
 */
export async function codecsFor(seen) {
  const codecs = await decodersOf(seen);
  return !seen.head.transfer && (await needsLittlecms(seen)) ? [...codecs, 'lcms'] : codecs;
}

/**
 * @param {Look} seen
 * @returns {Promise<CodecName[]>}
 */
async function decodersOf({ type, head }) {
  switch (type) {
    case 'HEIC':
      return head.isFullChroma ? [] : ['heif'];
    case 'AVIF':
      return head.transfer ? ['avif-reader'] : [];
    case 'TIFF':
      return head.isForLibtiff ? ['magick'] : [];
    case 'JPEG XL':
      // Safari decodes it itself.
      return (await (await abilities()).abilityOf(type)).decodes ? [] : ['jxl'];
    default:
      return [];
  }
}

/** @param {Look} seen */
async function needsLittlecms(seen) {
  if (seen.head.profile.length === 0 || (await isLeftToBrowser(seen))) return false;
  const profile = await (await icc()).readAnyProfile(seen);
  if (!profile) return false;
  const { needsLcms } = await colours();
  return needsLcms(profile, seen.head);
}

/** @param {Look} seen @returns {Promise<boolean>} whether a browser obeys its profile, or has made RGB of inks */
async function isLeftToBrowser({ type, head }) {
  return !OURS.has(type) && (head.colours === 'cmyk' || (await (await abilities()).abilityOf(type)).converts);
}
