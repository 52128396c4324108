/**
 * Which pictures the large view shows of a photo: pure.
 *
 * @typedef {import('./large-view.js').Photo} Photo
 * @typedef {import('./picture.js').Shown} Shown
 */
import { t } from '../messages/review.js';

/**
 * @param {Photo} photo
 * @param {{ isOriginal: boolean, isSplit: boolean }} look `isSplit`: the original is beside the result, where both show the same
 * @param {Blob} [result] a larger picture of it
 * @returns {Shown}
 */
export function shownOf(photo, { isOriginal, isSplit }, result = photo.picture) {
  const { name, original, isWhole } = photo;
  const before = { image: original, alt: t('review.original.of', { name }) };
  if (isOriginal) return { ...before, size: photo.originalSize, before: null };
  return { image: result, size: photo.size, alt: t('review.cutout.of', { name }), before: isSplit && isWhole ? before : null };
}
