/**
 * What is said of what came and is not in the list: it was no photo, could not be read, or is there already.
 *
 * @typedef {import('./receiving.js').Refused} Refused
 * @typedef {{ key: 'lacking' | 'unread' | 'leftOut' | 'again' | 'isCut', words: import('../ui/notices.js').Words, action?: import('../ui/notices.js').Action }} Told
 */
import { errorWords } from '../messages/errors.js';
import { sentences } from '../messages/format.js';
import { formatNames } from '../messages/format-names.js';
import { t } from '../messages/later.js';
import { namesFolded } from '../ui/names-folded.js';

/**
 * @param {import('../ui/dropzone.js').Arrival} arrival
 * @param {{ refused: Refused[], again: File[] }} outcome
 * @param {() => void} onAgain those that are here already are to be added all the same
 * @returns {Told[]} in the order in which they are shown
 */
export function leftOut({ unread = [], leftOut: others = [], isCut = false, lacking }, { refused, again }, onAgain) {
  /** @type {Told[]} */
  const told = [];
  /** @param {Told['key']} key @param {import('../ui/notices.js').Words} words @param {string[]} [names] @param {Told['action']} [action] */
  const warn = (key, words, names = [], action) => told.push({ key, words: { ...words, more: namesFolded(names) }, action });
  if (lacking) warn('lacking', { title: t(`arrival.${lacking}`), body: t(`arrival.${lacking}.body`) });
  if (unread.length > 0) warn('unread', listed('unread', unread), unread);
  const out = [...refused.map(({ name }) => name), ...others];
  if (out.length > 0) warn('leftOut', refusedWords(out, refused), out);
  const names = again.map(({ name }) => name);
  if (again.length > 0) warn('again', listed('again', names), names, { label: t('arrival.again.add'), act: onAgain, isLasting: false });
  if (isCut) warn('isCut', { title: t('arrival.is-cut'), body: t('arrival.is-cut.body') });
  return told;
}

/** @param {'unread' | 'left-out' | 'again'} what @param {string[]} all the names of files and folders; empty ones are not known */
export function listed(what, all) {
  const [count, names] = [all.length, formatNames(all)];
  return { title: names ? t(`arrival.${what}.named`, { count, names }) : t(`arrival.${what}`, { count }), body: t(`arrival.${what}.body`, { count }) };
}

/**
 * @param {string[]} names of all that are no photos
 * @param {Refused[]} refused those of them whose first bytes told
 * @returns {{ title: string, body: string }} of a single one, what it is, and what to do about it
 */
function refusedWords(names, refused) {
  const words = listed('left-out', names);
  if (names.length > 1 || refused.length === 0) return words;
  const [{ type }] = refused;
  const { what, advice } = errorWords(type === 'empty' ? { code: 'empty-image', details: {} } : { code: 'unsupported-image', details: { type } });
  return { ...words, body: sentences(what, advice) };
}
