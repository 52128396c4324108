/**
 * Drawings into pixels. Only a page can do that, and it shows them as it shows any image: without running scripts and without loading
 * anything.
 */
import { MatteboxError } from '../shared/errors.js';
import { trusting } from '../shared/trusted.js';

/** For `DOMParser` only: what is parsed is shown as an image, and never becomes a part of the page. */
const POLICY = trusting('mattebox-drawing', { createHTML: (/** @type {string} */ xml) => xml });

/** Pixels of the longer side: what a drawing that names no size, or a small one, is worth; and what none may ask beyond. */
const LEAST = 1024;
const MOST = 4096;
const NAMESPACE = 'http://www.w3.org/2000/svg';
/** CSS's absolute units in pixels. */
const UNITS = /** @type {Record<string, number>} */ ({ '': 1, px: 1, pt: 4 / 3, pc: 16, mm: 96 / 25.4, cm: 96 / 2.54, in: 96 });
/** What a browser gives a drawing that says nothing of its size (CSS Images, 5.3). */
const UNSIZED = { width: 300, height: 150 };

/**
 * @param {string} xml SVG
 * @param {{ width: number | null, height: number | null }} [frame] in pixels that it is to cover, if it can be so large
 * @returns {Promise<ImageBitmap>}
 * @throws {MatteboxError} `corrupt-image`, `unsupported-image`
 */
export async function rasterise(xml, frame = { width: null, height: null }) {
  const parsed = new DOMParser().parseFromString(POLICY.createHTML(xml), 'image/svg+xml');
  const root = parsed.documentElement;
  if (root.localName !== 'svg' || parsed.querySelector('parsererror')) throw new MatteboxError('corrupt-image', { type: 'SVG', cause: 'no XML' });
  if (root.namespaceURI !== NAMESPACE) throw new MatteboxError('unsupported-image', { type: 'SVG', variant: 'other-namespace' });
  const { width, height } = sizeOf(root);
  // In so many words, because browsers differ in what they make of a drawing without them.
  if (!root.hasAttribute('viewBox')) root.setAttribute('viewBox', `0 0 ${width} ${height}`);
  const covering = Math.max((frame.width ?? 0) / width, (frame.height ?? 0) / height);
  const scale = Math.min(Math.max(1, LEAST / Math.max(width, height), covering), MOST / Math.max(width, height));
  root.setAttribute('width', String(Math.max(1, Math.round(width * scale))));
  root.setAttribute('height', String(Math.max(1, Math.round(height * scale))));
  const url = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(parsed)], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return await createImageBitmap(image);
  } catch (thrown) {
    throw MatteboxError.from(thrown, 'corrupt-image', { type: 'SVG' });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * Its own size, or else that of its view box.
 * @param {Element} root
 * @returns {{ width: number, height: number }} in CSS pixels
 */
export function sizeOf(root) {
  const [width, height] = [length(root.getAttribute('width')), length(root.getAttribute('height'))];
  const [, , boxWidth, boxHeight] = (root.getAttribute('viewBox') ?? '').trim().split(/[\s,]+/).map(Number);
  const box = boxWidth > 0 && boxHeight > 0 ? { width: boxWidth, height: boxHeight } : null;
  if (width && height) return { width, height };
  if (!box) return { width: width ?? UNSIZED.width, height: height ?? UNSIZED.height };
  if (width) return { width, height: (width * box.height) / box.width };
  return height ? { width: (height * box.width) / box.height, height } : box;
}

/**
 * @param {string | null} text
 * @returns {number | null} CSS pixels; null for none, and for what depends on where it is shown
 */
function length(text) {
  const [, number, unit] = /^\s*\+?([\d.]+(?:e[+-]?\d+)?)\s*([a-z]*)\s*$/i.exec(text ?? '') ?? [];
  const pixels = Number(number) * (UNITS[unit?.toLowerCase()] ?? NaN);
  return pixels > 0 && Number.isFinite(pixels) ? pixels : null;
}
