/** What the page says of a download: how far, how fast, how long. */

import { facts, formatBytes, formatShare } from '../messages/format.js';
import { t } from '../messages/work.js';
import { remainingTime } from './remaining-time.js';

/** @param {import('./download-panel.js').Shown['phase']} phase @param {import('./download-panel.js').Circumstances} circumstances */
export function downloadNote(phase, { hasPhotos, kept, isBehind = false }) {
  if (phase === 'paused') return t(kept ? 'download.kept' : 'download.resume');
  if (phase === 'failed') return '';
  if (isBehind) return t('finer.loading');
  return t(hasPhotos ? 'download.photos-wait' : 'download.meanwhile');
}

/** @param {{ loaded: number, total: number }} state @param {ReturnType<typeof import('./rate.js').readPace> | null} pace null when nothing moves */
export function downloadNumbers({ loaded, total }, pace) {
  if (total === 0) return t('download.starting');
  const share = formatShare(loaded, total);
  if (pace?.isStalled) return facts(share, t('download.stalled'));
  if (!pace || pace.rate === null || pace.remainingMs === null) return share;
  return facts(share, t('unit.rate', { size: formatBytes(Math.round(pace.rate)) }), remainingTime(pace.remainingMs));
}
