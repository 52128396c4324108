/** This module stands at `assets/<tree>/page/keep/kept-here.js` below the site's root: several sites may share an origin. */
const SITE = new URL('../../../../', import.meta.url).pathname;

/** Of the database that photos are kept in. */
export const NAME = `mattebox-photos ${SITE}`;

/** @returns {Promise<boolean>} whether something was kept once; true where that cannot be told */
export async function isKeptHere() {
  const all = await globalThis.indexedDB?.databases?.().catch(() => null);
  return all ? all.some(({ name }) => name === NAME) : Boolean(globalThis.indexedDB);
}
