/** Moments as a person reads them in their language. */
import { formatter } from './index.js';

const DAY_MS = 86_400_000;
/** Longer ago, the date says more. */
const MOST_DAYS = 30;

/**
 * @param {number} then ms since the epoch
 * @param {number} now ms since the epoch
 * @returns {string | null} by the calendar of this device: "today", "yesterday", "3 days ago"; null when it is longer ago
 */
export function formatAgo(then, now) {
  const midnight = (/** @type {number} */ ms) => new Date(ms).setHours(0, 0, 0, 0);
  const days = Math.max(0, Math.round((midnight(now) - midnight(then)) / DAY_MS));
  return days < MOST_DAYS ? formatter(Intl.RelativeTimeFormat, { numeric: 'auto' }).format(-days, 'day') : null;
}

/** @param {number} at ms since the epoch @returns {string} "5 May 2026" */
export const formatDate = (at) => formatter(Intl.DateTimeFormat, { day: 'numeric', month: 'long', year: 'numeric' }).format(at);

/** @param {number} at ms since the epoch @returns {string} "14:05:09" */
export const formatTime = (at) => formatter(Intl.DateTimeFormat, { timeStyle: 'medium' }).format(at);
