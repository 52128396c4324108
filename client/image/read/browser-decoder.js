/**
 * What the browser decodes, and what is to be known of how it does.
 *
 * @typedef {import('./decode.js').Pixels} Pixels
 * @typedef {import('./heads/head.js').Head} Head
 * @typedef {import('./limits.js').Size} Size
 */
import { MatteboxError } from '../../shared/errors.js';
import { onDemand } from '../../shared/on-demand.js';
import { pixelsOf } from './bitmap.js';
import { isSideways } from './heads/head.js';

const abilities = onDemand(() => import('./abilities.js'), 'abilities.js');
const icons = onDemand(() => import('./ico.js'), 'ico.js');
const orienting = onDemand(() => import('./orient.js'), 'orient.js');
const wholeness = onDemand(() => import('./png-whole.js'), 'png-whole.js');
const scaling = onDemand(() => import('./scaled.js'), 'scaled.js');

/** For a photo that has neither profile nor orientation: nothing can be neglected. */
const PLAIN = { turns: true, converts: true, leaves: false };

/**
 * @param {import('./inspect.js').Look} seen
 * @param {Size | null} size upright; null when only decoding tells
 * @param {boolean} isRaw whether the file's own numbers are wanted
 * @returns {Promise<{ pixels: Pixels, isConverted: boolean } | null>} upright; null where this browser changes the numbers
 * @throws {MatteboxError} `corrupt-image`, `out-of-memory`, `browser-unsupported`
 */
export async function decodeByBrowser({ type, head, blob, bytes }, size, isRaw) {
  const isPlain = head.orientation === 1 && head.profile.length === 0;
  const { turns, converts, leaves } = isPlain ? PLAIN : await (await abilities()).abilityOf(type);
  if (isRaw && !leaves) return null;
  if (type === 'PNG') await (await wholeness()).assertWhole(blob);
  const isReduced = size !== null && size.width * size.height < Number(head.width) * Number(head.height);
  const scaled = isReduced && type === 'JPEG' && !isRaw ? await (await scaling()).decodeScaled(blob, head, size) : null;
  if (scaled) return { pixels: pixelsOf(scaled), isConverted: true };
  /** @type {ImageBitmapOptions} */
  const options = { imageOrientation: 'from-image', colorSpaceConversion: isRaw ? 'none' : 'default' };
  const file = type === 'ICO' ? await (await icons()).largestIcon(bytes) : blob;
  const bitmap = await createImageBitmap(file, { ...options, ...(isReduced ? resizing(head, size, turns) : {}) }).catch((thrown) => {
    throw MatteboxError.from(thrown, 'corrupt-image', { type, bytes: blob.size });
  });
  const pixels = pixelsOf(bitmap);
  return { pixels: turns ? pixels : (await orienting()).orient(pixels, head.orientation), isConverted: converts };
}

/**
 * @param {Head} head
 * @param {Size} size upright
 * @param {boolean} turns whether the browser counts upright, too
 * @returns {ImageBitmapOptions}
 */
function resizing({ orientation }, size, turns) {
  const isTurned = isSideways(orientation) && !turns;
  const [resizeWidth, resizeHeight] = isTurned ? [size.height, size.width] : [size.width, size.height];
  return { resizeWidth, resizeHeight, resizeQuality: 'high' };
}
