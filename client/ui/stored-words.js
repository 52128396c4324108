/** What the page says of what is stored on this device. */

import { facts, formatBytes, formatExactBytes, formatShare, sentences } from '../messages/format.js';
import { formatAgo, formatDate } from '../messages/format-dates.js';
import { lookUp } from '../messages/index.js';
import { t } from '../messages/later.js';

/** @typedef {import('./stored-rows.js').StoredRow} StoredRow */

/** What reads or writes a kind of file, by the name of its own (server/asset_tree.py). @type {Record<string, string>} */
const CODECS = {
  'webp_enc_simd.wasm': 'codec.webp-writer',
  'avif_enc.wasm': 'codec.avif-writer',
  'libheif.wasm': 'codec.heic-reader',
  'jxl_dec.wasm': 'codec.jxl-reader',
  'magick.wasm': 'codec.tiff-reader',
  'lcms.wasm': 'codec.colour-converter',
};

/** Of a file, from which on a compressed download is not worth a word. */
const NEARLY_ALL = 0.98;

/** @param {string} role @param {string} name @returns {string} what a file is called that is not a model's */
export function nameOf(role, name) {
  if (role === 'runtime') return t('stored.engine');
  if (name in CODECS) return lookUp(CODECS[name]);
  return name || t('stored.unnamed');
}

/**
 * What browsers count is the whole site's: the page itself, settings and measurements as well, which no row shows.
 * @param {number} listed bytes of the rows
 * @param {number | null} usage
 * @param {number | null} quota
 */
export function usageWords(listed, usage, quota) {
  const rest = (usage ?? 0) - listed;
  return sentences(
    listed > 0 && t('stored.usage', { size: formatBytes(listed) }),
    rest > 0 && t(listed > 0 ? 'stored.usage.rest' : 'stored.usage.page', { size: formatBytes(rest) }),
    quota !== null && t('stored.quota', { size: formatBytes(quota) }),
  );
}

/** @param {boolean | null} persisted @param {boolean} wasAsked @returns {string} how long the browser keeps it */
export function keepingWords(persisted, wasAsked) {
  if (persisted === true) return t('stored.promised');
  if (persisted === null) return t('stored.may-delete');
  return t(wasAsked ? 'stored.not-promised' : 'stored.unless-promised');
}

/** @param {StoredRow} row @param {number} now ms since the epoch */
export const factsOf = ({ role, name, digests, bytes, download, usedAt, storedAt }, now) => facts(
  role === 'model' || role === 'old' ? t(`stored.kind.${role}`) : name,
  digests.length > 1 && t('stored.files', { count: digests.length }),
  // The download was smaller than what it became here.
  download > 0 && download < bytes * NEARLY_ALL && t('stored.downloaded-as', { size: formatBytes(download) }),
  whenUsed(usedAt, storedAt, now),
);

/** @param {number | null} usedAt @param {number} storedAt @param {number} now ms since the epoch */
export function whenUsed(usedAt, storedAt, now) {
  const at = usedAt ?? storedAt;
  if (at <= 0) return '';
  const when = formatAgo(at, now);
  if (usedAt !== null) return when ? t('stored.used', { when }) : t('stored.used.on', { date: formatDate(at) });
  return when ? t('stored.since', { when }) : t('stored.since.on', { date: formatDate(at) });
}

/** @param {Pick<StoredRow, 'have' | 'bytes' | 'isWhole'>} row */
export const sizeOf = ({ have, bytes, isWhole }) => (isWhole ? formatBytes(bytes) : t('stored.unfinished', { share: formatShare(have, bytes) }));

/** @param {Pick<StoredRow, 'have' | 'bytes' | 'isWhole'>} row */
export const exactSize = ({ have, bytes, isWhole }) => formatExactBytes(isWhole ? bytes : have);

/** @param {number} download bytes on the wire */
const again = (download) => (download === 0 ? t('stored.unused') : t('stored.again', { size: formatBytes(download) }));

/** @param {Pick<StoredRow, 'title' | 'have' | 'download'>} row */
export const askRow = ({ title, have, download }) => sentences(t('stored.ask', { name: title, size: formatBytes(have) }), again(download));

/** @param {number} bytes @param {number} download */
export const askAll = (bytes, download) => sentences(t('stored.ask-all', { size: formatBytes(bytes) }), again(download));
