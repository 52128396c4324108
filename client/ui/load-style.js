/** What holds or is on its way, by address. @type {Map<string, Promise<void>>} */
const loading = new Map();

/**
 * Styles of what is loaded later: each once, and once more where it could not be had.
 * @param {URL} url
 * @returns {Promise<void>} when they hold; rejects when they cannot be had
 */
export function loadStyle({ href, pathname }) {
  const begun = loading.get(href) ?? load(href).catch(() => {
    loading.delete(href);
    throw new Error(pathname);
  });
  loading.set(href, begun);
  return begun;
}

/** @param {string} href @returns {Promise<void>} */
const load = (href) => new Promise((resolve, reject) => {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = href;
  link.addEventListener('load', () => resolve());
  link.addEventListener('error', () => {
    link.remove();
    reject(new Error(href));
  });
  document.head.append(link);
});
