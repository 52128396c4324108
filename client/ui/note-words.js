/**
 * What a card says of a photo beside its state: one sentence, whole, the consequence first.
 *
 * @typedef {import('../shared/protocol.js').Note} Note
 */
import { formatPercent } from '../messages/format.js';
import { has, lookUp } from '../messages/index.js';
import { t } from '../messages/later.js';

/** Less of a picture than this is not worth a number. */
const LITTLE = 0.0005;

/** @param {Note['detail']} detail */
function incomplete({ missing = 0, kind }) {
  if (missing >= 0.01) return t('note.incomplete', { part: formatPercent(missing) });
  if (missing >= LITTLE) return t('note.incomplete.little', { part: formatPercent(0.01) });
  return t(kind === 'detail' ? 'note.incomplete.detail' : 'note.incomplete.end');
}

/** @param {Note} note */
export function noteWords({ code, detail }) {
  if (code === 'incomplete') return incomplete(detail);
  if (code === 'first-of-many' && detail.count === undefined) return t('note.first-of-many.unknown');
  const own = `note.${code}.${detail.kind}`;
  return lookUp(has(own) ? own : `note.${code}`, { count: detail.count ?? 0 });
}
