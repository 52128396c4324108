/** What `before` gives when the time is over. */
export const LATE = Symbol('late');

/**
 * @template T
 * @param {number} ms
 * @param {Promise<T>} promise goes on by itself; what it comes to later is of no interest, nor is its failure
 * @returns {Promise<T | typeof LATE>}
 */
export async function before(ms, promise) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((/** @type {(value: typeof LATE) => void} */ resolve) => {
    timer = setTimeout(() => resolve(LATE), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
