/** Names of files in a sentence. */
import { formatList } from './format.js';
import { t } from './index.js';

/** More of them would be a list to read, not a sentence. */
export const MOST_NAMES = 3;
const LONGEST_NAME = 40;

/** @param {string[]} names of files; empty ones are not known @returns {string} "a.jpg, b.jpg and 2 more", empty where no name is known */
export function formatNames(names) {
  // What cannot be seen could turn the rest of the sentence around.
  const known = names.map((name) => name.replace(/[\p{Cc}\p{Cf}]/gu, '')).filter(Boolean);
  const shown = known.slice(0, MOST_NAMES).map((name) => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name));
  if (shown.length === 0) return '';
  return formatList(names.length > shown.length ? [...shown, t('list.more', { count: names.length - shown.length })] : shown);
}
