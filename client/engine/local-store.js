/**
 * Where what is learned of this device outlasts the page, and for which browser it holds.
 *
 * @typedef {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} StringStorage
 */

/** @returns {StringStorage | null} null where there is none */
export function ownStorage() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    // Blocked by the person or by policy.
    return null;
  }
}

/** @returns {string} changes with the browser's version */
export function ownBrowser() {
  // eslint-disable-next-line no-restricted-properties -- compared with itself only, and never read
  return globalThis.navigator?.userAgent ?? '';
}
