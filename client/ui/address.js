/**
 * What the page's address asks for: `?model=ID&backend=auto|wasm|webgpu&threads=N`.
 * A value that cannot be used is reported and left out; the page still works.
 */

import { BACKENDS, isBackend, isThreads, MAX_THREADS } from '../shared/choices.js';

/** @typedef {{ model?: string, backend?: import('../shared/protocol.js').Backend, threads?: number }} Options */
/** @typedef {{ name: string, value: string, allowed: string }} Problem */

/**
 * @param {string} search `location.search`
 * @returns {{ options: Options, problems: Problem[] }}
 */
export function readAddress(search) {
  const query = new URLSearchParams(search);
  /** @type {Options} */
  const options = {};
  /** @type {Problem[]} */
  const problems = [];

  const model = query.get('model');
  if (model) options.model = model;

  const backend = query.get('backend');
  if (isBackend(backend)) options.backend = backend;
  else if (backend !== null) problems.push({ name: 'backend', value: backend, allowed: BACKENDS.join(', ') });

  const threads = query.get('threads');
  if (threads !== null) {
    const count = /^\d{1,3}$/u.test(threads) ? Number(threads) : 0;
    if (isThreads(count)) options.threads = count;
    else problems.push({ name: 'threads', value: threads, allowed: `1 to ${MAX_THREADS}` });
  }
  return { options, problems };
}
