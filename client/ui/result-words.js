/** What a photo has become: its file, and how long that took. */

import { facts, formatBytes, formatDuration, formatSize } from '../messages/format.js';
import { t } from '../messages/index.js';
import { formatName } from './file-name.js';

/**
 * @typedef {object} Report what the page shows of the engine's report
 * @property {{ id: string }} model
 * @property {string | null} backend
 * @property {string} reason
 * @property {{ asked: number, got: number }} threads
 * @property {import('./routing-words.js').Verdict | null} [verdict]
 * @property {import('./routing-words.js').AdapterName | null} [adapter]
 * @property {boolean} [secure]
 * @property {Record<string, number>} ms
 * @property {{ width: number, height: number } | null} size
 * @property {import('./model-words.js').StorageTrouble | null} storage
 * @property {import('../shared/protocol.js').Note[]} [notes]
 */

/** The photo's own time: a first run's download says nothing about the next one. @param {Pick<Report, 'ms'>} report @returns {string} */
export function photoTime({ ms }) {
  const own = ['decode', 'pre', 'run', 'post', 'compose', 'encode'].map((stage) => ms[stage] ?? 0).reduce((a, b) => a + b, 0);
  return formatDuration(own || ms.total || 0);
}

/** @param {import('./job-card.js').Result} result @param {string} model its title, empty where there is only one @returns {string} the file, its size, its time */
export function resultWords({ cutout, size, report }, model) {
  const format = formatName(cutout.type);
  const file = size ? t('job.file', { size: formatSize(size), format }) : format;
  return facts(file, formatBytes(cutout.size), photoTime(report), model.replaceAll(' ', '\u00a0'));
}
