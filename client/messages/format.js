/**
 * Numbers, sizes, durations and lists as a person reads them in their language. Decimal units, as operating systems and download pages use
 * them; a no-break space keeps number and unit on one line.
 */
import { formatter, isEnglish, number, t } from './index.js';

/** @param {string} words */
const onOneLine = (words) => words.replaceAll(' ', '\u00a0');

/**
 * @param {number} bytes
 * @returns {[unit: 'kilobytes' | 'megabytes' | 'gigabytes', value: string] | null} null below a thousand
 */
function inUnit(bytes) {
  if (bytes < 1000) return null;
  if (bytes < 999_500) return ['kilobytes', number(Math.round(bytes / 1000))];
  if (bytes < 9_995_000) return ['megabytes', number(bytes / 1e6, 2)];
  if (bytes < 99_950_000) return ['megabytes', number(bytes / 1e6, 1)];
  if (bytes < 999_500_000) return ['megabytes', number(Math.round(bytes / 1e6))];
  return ['gigabytes', number(bytes / 1e9, bytes < 9_995_000_000 ? 2 : 1)];
}

/**
 * @param {number} bytes
 * @returns {string} three digits that are true of this number alone; parts of a sum are not bent to add up
 */
export function formatBytes(bytes) {
  const [unit, value] = inUnit(bytes) ?? [];
  return unit && value ? onOneLine(t(`unit.${unit}`, { value })) : formatExactBytes(bytes);
}

/** @param {number} bytes @returns {string} every digit, for those who want to check */
export const formatExactBytes = (bytes) => onOneLine(t('unit.bytes', { count: bytes }));

/** Number and number, in one unit where they have the same: "12.4 of 88.2 MB". @param {number} here @param {number} whole @returns {string} */
export function formatShare(here, whole) {
  const [a, b] = [inUnit(here), inUnit(whole)];
  const isSame = a !== null && a[0] === b?.[0];
  return t('share.same-unit', { here: isSame ? a[1] : formatBytes(here), whole: formatBytes(whole) });
}

/** @param {{ width: number, height: number }} size in pixels @returns {string} */
export const formatSize = ({ width, height }) => t('unit.pixels', { width, height });

/** @param {number} share 0..1 @returns {string} */
export const formatPercent = (share) => t('unit.percent', { value: Math.round(share * 100) });

/** @param {number} ms @returns {string} */
export function formatDuration(ms) {
  if (ms < 100) return onOneLine(t('unit.milliseconds', { value: Math.round(ms) }));
  if (ms < 9950) return onOneLine(t('unit.seconds', { value: number(ms / 1000, 1) }));
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return onOneLine(t('unit.seconds', { value: seconds }));
  return onOneLine(t('unit.minutes', { minutes: Math.floor(seconds / 60), seconds: seconds % 60 }));
}

/** @param {number} ms @returns {string} no more precise than what is counted, not measured, can be */
export function formatAbout(ms) {
  if (ms < 950) return formatDuration(Math.round(ms / 100) * 100);
  const step = ms < 19_500 ? 1 : 10;
  const seconds = Math.round(ms / 1000 / step) * step;
  return seconds < 60 ? onOneLine(t('unit.seconds', { value: seconds })) : formatDuration(seconds * 1000);
}

/** @param {number} gflops @returns {string} as precise as such a measurement is */
export const formatSpeed = (gflops) => onOneLine(t('unit.gflops', { value: number(gflops, gflops < 10 ? 1 : 0) }));

/** @param {string[]} items @param {'conjunction' | 'disjunction' | 'unit'} [type] @returns {string} "a, b and c", "a, b or c", "a, b, c" */
export const formatList = (items, type = 'conjunction') => (isEnglish() && type === 'unit' ? items.join(', ') : formatter(Intl.ListFormat, { type, style: type === 'unit' ? 'short' : 'long' }).format(items));

/** @param {(string | false | null | undefined)[]} all @param {(first: string, second: string) => string} join */
const joined = (all, join) => all.filter((one) => typeof one === 'string' && one !== '').reduce((words, one) => (words === '' ? String(one) : join(String(words), String(one))), '') || '';

/** Whole sentences, one behind the other. @param {...(string | false | null | undefined)} all empty ones are left out @returns {string} */
export const sentences = (...all) => joined(all, (first, second) => t('join.sentences', { first, second }));

/** Short facts, side by side. @param {...(string | false | null | undefined)} all empty ones are left out @returns {string} */
export const facts = (...all) => joined(all, (first, second) => t('join.facts', { first, second }));
