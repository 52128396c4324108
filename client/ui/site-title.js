/** What the operator calls this site: a name, the same in every language. @returns {string} */
export const siteTitle = () => document.querySelector('.brand-name')?.textContent ?? '';

/** @param {string} title of the window */
export function showTitle(title) {
  if (document.title !== title) document.title = title;
}
