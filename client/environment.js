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
 * @property {Loss[]} losses what makes things slower or forgetful here, the root cause only
 */

import { threadCount } from './inference/plan.js';

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
  const cacheStorage = 'caches' in scope && scope.caches !== undefined;
  /** @type {Loss[]} */
  const losses = [];
  // Without a secure context there is neither isolation nor storage: one cause, one notice.
  if (!secure) losses.push('insecure-context');
  else {
    if (!isolated) losses.push('not-isolated');
    if (!cacheStorage) losses.push('no-cache-storage');
  }
  if (cores === 1) losses.push('one-core');
  return { secure, isolated, sharedMemory, cores, threads: threadCount({ cores, sharedMemory }), cacheStorage, losses };
}
