/**
 * Numbers as a person reads them. Decimal units, as operating systems and download pages use them;
 * a no-break space keeps number and unit on one line.
 */

/**
 * @param {number} bytes
 * @returns {string} three digits that are true of this number alone; parts of a sum are not bent to add up
 */
export function formatBytes(bytes) {
  if (bytes < 1000) return `${bytes}\u00a0bytes`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)}\u00a0kB`;
  if (bytes < 9_995_000) return `${(bytes / 1e6).toFixed(2)}\u00a0MB`;
  if (bytes < 99_950_000) return `${(bytes / 1e6).toFixed(1)}\u00a0MB`;
  if (bytes < 999_500_000) return `${Math.round(bytes / 1e6)}\u00a0MB`;
  return `${(bytes / 1e9).toFixed(1)}\u00a0GB`;
}

/**
 * @param {number} bytes
 * @returns {string} every digit, for those who want to check
 */
export function formatExactBytes(bytes) {
  return `${bytes.toLocaleString('en')}\u00a0bytes`;
}

/**
 * @param {number} ms
 * @returns {string}
 */
export function formatDuration(ms) {
  if (ms < 100) return `${Math.round(ms)}\u00a0ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)}\u00a0s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}\u00a0s`;
  return `${Math.floor(seconds / 60)}\u00a0min ${seconds % 60}\u00a0s`;
}

/**
 * @param {string} name the photo's file name
 * @returns {string} the cutout's: "cat.photo.jpg" gives "cat.photo-cutout.png"
 */
export function cutoutName(name) {
  const stem = name.replace(/(?<=.)\.[^.]*$/u, '');
  return `${stem || 'photo'}-cutout.png`;
}
