/** What a photo has become: its file, and how long that took. */

import { facts, formatBytes, formatDuration, formatSize } from '../messages/format.js';
import { t } from '../messages/work.js';
import { formatName } from '../shared/file-types.js';

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
 * @property {import('../shared/protocol.js').Doubt[]} [doubts]
 */

/**
 * @typedef {object} Shown what the card shows
 * @property {Blob} image at the size of a screen
 * @property {{ width: number, height: number }} frame its size
 * @property {{ width: number, height: number } | null} size that the file has; null while only making it would tell
 * @property {boolean} isWhole its frame is the photo's own, not a crop
 * @property {boolean} isAroundHead its frame is that of an ID photo, and a person can move it
 * @property {boolean} isMatte
 * @property {import('../shared/protocol.js').Note[]} notes on how it was finished
 * @property {string} key of what was wanted
 *
 * @typedef {object} Made a file
 * @property {Blob} blob
 * @property {{ width: number, height: number }} size
 * @property {boolean} isMatte
 * @property {import('../shared/protocol.js').Note[]} notes on how it was finished
 * @property {string} key of what was wanted
 *
 * @typedef {object} Result
 * @property {import('../document/document.js').Document} document
 * @property {Blob | null} original what shows the photo as it was read, where a browser might show the file otherwise, or with too many pixels for a card
 * @property {Shown} preview
 * @property {Made | null} file null until it is made, and once it has been let go
 * @property {import('../shared/protocol.js').Note[]} notes on the photo
 * @property {Report} report
 */

/** The photo's own time: a first run's download says nothing about the next one. @param {Pick<Report, 'ms'>} report @returns {string} */
export function photoTime({ ms }) {
  const own = ['decode', 'pre', 'run', 'post', 'compose', 'encode'].map((stage) => ms[stage] ?? 0).reduce((a, b) => a + b, 0);
  return formatDuration(own || ms.total || 0);
}

/**
 * @param {Result} result
 * @param {string} model its title, empty where there is only one
 * @returns {string} the file, its size, its time; of a file that is not made yet what is known of it
 */
export function resultWords({ preview, file, report }, model) {
  const made = file ? [t('job.file', { size: formatSize(file.size), format: formatName(file.blob.type) }), formatBytes(file.blob.size)] : [preview.size ? formatSize(preview.size) : ''];
  return facts(...made, photoTime(report), model.replaceAll(' ', '\u00a0'));
}
