/**
 * What the page's address asks for: `?model=ID&backend=auto|wasm|webgpu&threads=N`.
 * A value that cannot be used is reported and left out; the page still works.
 */
import { formatList } from '../messages/format.js';
import { t } from '../messages/index.js';
import { BACKENDS, isBackend, isThreads, MAX_THREADS } from '../shared/choices.js';

/** @typedef {{ model?: string, backend?: import('../shared/protocol.js').Backend, threads?: number }} Options */
/** @typedef {{ name: string, value: string, allowed: string[] | { least: number, most: number } }} Problem */

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
  else if (backend !== null) problems.push({ name: 'backend', value: backend, allowed: [...BACKENDS] });

  const threads = query.get('threads');
  if (threads !== null) {
    const count = /^\d{1,3}$/u.test(threads) ? Number(threads) : 0;
    if (isThreads(count)) options.threads = count;
    else problems.push({ name: 'threads', value: threads, allowed: { least: 1, most: MAX_THREADS } });
  }
  return { options, problems };
}

/** @param {Problem} problem @returns {import('./notices.js').Words} */
export function problemWords({ name, value, allowed }) {
  return {
    title: value ? t('address.bad-value', { name, value }) : t('address.no-value', { name }),
    body: Array.isArray(allowed) ? t('address.allowed', { name, allowed: formatList(allowed, 'unit') }) : t('address.allowed.range', { name, ...allowed }),
  };
}

/** @param {string} value @param {string[]} ids of the models that are here @param {string} used title of the model that is chosen now */
export const unknownModel = (value, ids, used) => ({
  title: t('address.unknown-model', { value }),
  body: t('address.unknown-model.body', { allowed: formatList(ids, 'unit'), used }),
});
