/**
 * Parts of the program that are loaded when something needs them: a type of photo that is rare, a setting that is seldom chosen.
 */
import { MatteboxError } from './errors.js';

/** Those that are declared in this realm. @type {Set<() => Promise<unknown>>} */
const declared = new Set();

/**
 * @template T
 * @param {() => Promise<T>} load imports a module
 * @param {string} name of its file, for the sentence that tells of it
 * @returns {() => Promise<T>} the module. Rejects with `network` where it cannot be had. A realm remembers that (HTML, "fetch a single
 *   module script"), so what asks again needs another one: `details.source` is "script"
 */
export function onDemand(load, name) {
  const get = () => load().catch((thrown) => { throw MatteboxError.from(thrown, 'network', { name, source: 'script' }); });
  declared.add(get);
  return get;
}

/**
 * Load all that may be needed later, and what that may need: the server may be gone by then.
 * @throws {MatteboxError} `network` once all others are loaded, where one cannot be had: a worker ends of it, and the next one asks anew
 */
export async function loadAhead() {
  /** @type {Set<() => Promise<unknown>>} */
  const begun = new Set();
  /** @type {unknown} */
  let trouble;
  // What is loaded may declare more.
  for (let next = [...declared]; next.length > 0; next = [...declared].filter((get) => !begun.has(get))) {
    await Promise.all(next.map((get) => begun.add(get) && get().catch((thrown) => { trouble ??= thrown; })));
  }
  if (trouble) throw trouble;
}
