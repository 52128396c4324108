/** What the operator calls this site: a name, the same in every language. @returns {string} */
export const siteTitle = () => document.querySelector('.brand-name')?.textContent ?? '';
