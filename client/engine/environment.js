/**
 * What this page was given to work with, and what it lacks.
 *
 * @typedef {'insecure-context' | 'not-isolated' | 'no-cache-storage' | 'one-core'} Loss
 *
 * @typedef {object} Environment
 * @property {boolean} secure https, or a loopback address
 * @property {boolean} isolated cross-origin isolated: threads may share memory
 * @property {boolean} sharedMemory whether workers can really share it; some WebKit builds are isolated and still cannot
 * @property {number} cores logical processors, 1 when the browser does not tell
 * @property {number} threads used when nobody asks for another number
 * @property {boolean} cacheStorage whether files can be kept on this device
 * @property {import('../shared/protocol.js').Walls} walls what has been found to stand between photos and the network, by realm
 * @property {Loss[]} losses what makes things slower or forgetful here, the root cause only
 */

import { threadCount } from './plan.js';
import { found } from '../shared/policy.js';

/** Storages that are there and let nobody in. @type {WeakSet<object>} */
const refusing = new WeakSet();
/** A storage that has not answered by then is taken for a slow one. */
const PATIENCE_MS = 1000;

/** @returns {string} changes with the browser's version: what was learned of one says nothing of the next */
export function ownBrowser() {
  // eslint-disable-next-line no-restricted-properties -- compared with itself only, and never read
  return globalThis.navigator?.userAgent ?? '';
}

/**
 * Where site data is blocked, some browsers show a storage all the same; asking it tells. `environment` knows afterwards.
 * @param {{ caches?: Pick<CacheStorage, 'has'> }} [scope]
 */
export async function tryStorage({ caches } = globalThis) {
  if (!caches) return;
  const asked = caches.has('mattebox').catch(() => refusing.add(caches));
  await Promise.race([asked, new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS); })]);
}

/**
 * Try to get out of this page, as its workers do by themselves when they start.
 * @param {() => void} [onChange] called whenever `environment().walls` may have changed, for as long as this page lives
 */
export async function tryWalls(onChange = () => {}) {
  const { tryWall } = await import('../shared/wall-check.js');
  found.addEventListener('change', onChange);
  found.add('page', await tryWall('page'));
}

/**
 * @param {object} [scope] the page's global, or one made up by a test
 * @param {boolean} [scope.isSecureContext]
 * @param {boolean} [scope.crossOriginIsolated]
 * @param {{ hardwareConcurrency?: number }} [scope.navigator]
 * @param {unknown} [scope.caches]
 * @param {unknown} [scope.SharedArrayBuffer]
 * @returns {Environment}
 */
export function environment(scope = globalThis) {
  const secure = scope.isSecureContext ?? false;
  const isolated = scope.crossOriginIsolated ?? false;
  const sharedMemory = isolated && scope.SharedArrayBuffer !== undefined;
  const cores = scope.navigator?.hardwareConcurrency || 1;
  const cacheStorage = typeof scope.caches === 'object' && scope.caches !== null && !refusing.has(scope.caches);
  /** @type {Loss[]} */
  const losses = [];
  // Without a secure context there is neither isolation nor storage: one cause, one notice.
  if (!secure) losses.push('insecure-context');
  else {
    if (!isolated) losses.push('not-isolated');
    if (!cacheStorage) losses.push('no-cache-storage');
  }
  if (cores === 1) losses.push('one-core');
  return { secure, isolated, sharedMemory, cores, threads: threadCount({ cores, sharedMemory }), cacheStorage, walls: found.walls, losses };
}

/** @returns {number | undefined} of the device, in GB; browsers that do not tell leave it out. */
export const deviceMemory = () => /** @type {{ deviceMemory?: number } | undefined} */ (globalThis.navigator)?.deviceMemory;
