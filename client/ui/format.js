/**
 * Numbers as a person reads them. Decimal units, as operating systems and download pages use them;
 * a no-break space keeps number and unit on one line.
 */
import { count } from '../shared/errors.js';

/**
 * @param {number} bytes
 * @returns {string} three digits that are true of this number alone; parts of a sum are not bent to add up
 */
export function formatBytes(bytes) {
  if (bytes < 1000) return `${bytes}\u00a0bytes`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)}\u00a0kB`;
  if (bytes < 9_995_000) return `${(bytes / 1e6).toFixed(2)}\u00a0MB`;
  if (bytes < 99_950_000) return `${(bytes / 1e6).toFixed(1)}\u00a0MB`;
  if (bytes < 999_500_000) return `${Math.round(bytes / 1e6)}\u00a0MB`;
  return `${(bytes / 1e9).toFixed(1)}\u00a0GB`;
}

/**
 * @param {number} bytes
 * @returns {string} every digit, for those who want to check
 */
export function formatExactBytes(bytes) {
  return `${count(bytes)}\u00a0bytes`;
}

/**
 * @param {{ width: number, height: number }} size in pixels
 * @returns {string}
 */
export const formatSize = ({ width, height }) => `${count(width)} × ${count(height)}`;

/**
 * @param {number} ms
 * @returns {string}
 */
export function formatDuration(ms) {
  if (ms < 100) return `${Math.round(ms)}\u00a0ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)}\u00a0s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}\u00a0s`;
  return `${Math.floor(seconds / 60)}\u00a0min ${seconds % 60}\u00a0s`;
}

/**
 * @param {number} rate bytes per second
 * @returns {string}
 */
export const formatRate = (rate) => `${formatBytes(Math.round(rate))}/s`;

/**
 * @param {number} ms an estimate
 * @returns {string} no more precise than an estimate can be, so that it does not flicker
 */
export function formatRemaining(ms) {
  const seconds = ms / 1000;
  if (seconds < 5) return 'a few seconds left';
  if (seconds <= 55) return `about ${Math.ceil(seconds / 5) * 5}\u00a0s left`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `about ${minutes}\u00a0min left`;
  return `about ${Math.floor(minutes / 60)}\u00a0h ${minutes % 60}\u00a0min left`;
}

const DAY_MS = 86_400_000;

/**
 * @param {number} then ms since the epoch
 * @param {number} now ms since the epoch
 * @returns {string} by the calendar of this device: "today", "yesterday", "3 days ago", "on 5 May 2026"
 */
export function formatAgo(then, now) {
  const midnight = (/** @type {number} */ ms) => new Date(ms).setHours(0, 0, 0, 0);
  const days = Math.max(0, Math.round((midnight(now) - midnight(then)) / DAY_MS));
  if (days < 30) return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-days, 'day');
  return `on ${new Date(then).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })}`;
}

/** @type {Record<string, string>} */
const EXTENSIONS = { 'image/png': 'png', 'image/webp': 'webp', 'image/avif': 'avif', 'image/jpeg': 'jpg' };
/** Makes one emoji of several. */
const JOINER = '\u200d';
/** File systems give a name 255 bytes, and a browser may add " (12)". */
const LONGEST_STEM = new Uint8Array(200);

/**
 * @param {string} name the photo's file name
 * @param {string} [type] of the finished file
 * @param {'cutout' | 'matte'} [content]
 * @returns {string} the finished file's: "cat.photo.jpg" gives "cat.photo-cutout.png". What some file system does not take, or a
 *   browser would replace in its own way, becomes "_".
 */
export function cutoutName(name, type = 'image/png', content = 'cutout') {
  const stem = name.replace(/(?<=.)\.[^.]*$/u, '').normalize('NFC').replace(/[\p{Cc}\p{Cf}"*/:<>?\\|]/gu, (found) => (found === JOINER ? found : '_'));
  const short = stem.slice(0, new TextEncoder().encodeInto(stem, LONGEST_STEM).read).trim();
  return `${short || 'photo'}-${content}.${EXTENSIONS[type] ?? 'png'}`;
}
