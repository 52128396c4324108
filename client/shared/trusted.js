/**
 * What may become code here. Where a browser has Trusted Types (W3C), the page's policy lets no string become a script's address or
 * markup, only what one of our policies made of it. server/headers.py names them all.
 */

/** This module stands at `assets/<tree>/shared/trusted.js` below the site's root. */
const WORKERS = new URL('../workers/', import.meta.url).href;
const SERVICE_WORKER = new URL('../../../sw.js', import.meta.url).href;

/**
 * A policy, to be kept by the module that makes it.
 * @template {Partial<Record<'createHTML' | 'createScriptURL', (text: string) => string>>} Rules
 * @param {string} name one that the page's policy lists
 * @param {Rules} rules a rule throws for what it does not let through
 * @returns {Rules} what it makes passes for a string, and is one where there are no Trusted Types, or a page that uses our seam
 *   knows none of this name
 */
export function trusting(name, rules) {
  try {
    return /** @type {Rules} */ (/** @type {unknown} */ (globalThis.trustedTypes?.createPolicy(name, rules) ?? rules));
  } catch {
    return rules;
  }
}

/** Made when it is needed: workers load this module too, and their policies know no such name. @type {{ createScriptURL: (address: string) => string } | null} */
let scripts = null;

/** @param {string} address */
function createScriptURL(address) {
  if (address === SERVICE_WORKER || address.startsWith(WORKERS)) return address;
  throw new TypeError(`${address} is none of our scripts`);
}

/**
 * @param {URL} address of a worker of this release, or of the service worker
 * @returns {string} for `new Worker` and `register`
 * @throws {TypeError} for any other
 */
export function ownScript(address) {
  scripts ??= trusting('mattebox-scripts', { createScriptURL });
  return scripts.createScriptURL(address.href);
}
