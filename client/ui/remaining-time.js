import { t } from '../messages/work.js';

/** @param {number} ms an estimate @returns {string} no more precise than an estimate can be, so that it does not flicker */
export function remainingTime(ms) {
  const seconds = ms / 1000;
  if (seconds < 5) return t('download.left.moments');
  if (seconds <= 55) return t('download.left.seconds', { seconds: Math.ceil(seconds / 5) * 5 });
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return t('download.left.minutes', { minutes });
  return t('download.left.hours', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}
