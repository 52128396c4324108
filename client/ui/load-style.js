/**
 * Styles of what is loaded later.
 * @param {URL} url
 * @returns {Promise<void>} when they hold; rejects when they cannot be had
 */
export function loadStyle(url) {
  return new Promise((resolve, reject) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = url.href;
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => {
      link.remove();
      reject(new Error(url.pathname));
    });
    document.head.append(link);
  });
}
