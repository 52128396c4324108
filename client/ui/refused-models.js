/**
 * Models of other tasks that this site has installed and this device cannot run, and why.
 *
 * @typedef {{ model: string, code: string, detail: Record<string, any> }} Refusal `detail.need` of memory is what the device is to have, in MiB
 * @typedef {object} Asked
 * @property {() => { offered: () => Promise<unknown>, refusals: () => Promise<readonly Refusal[]> }} segmenter
 * @property {() => Promise<{ id: string, why: { code: string, detail: Record<string, any> } | null } | null>} offeredGenerator
 */
import { formatBytes } from '../messages/format.js';
import { t } from '../messages/later.js';
import { because } from './routing-words.js';

/** @param {Asked} engine @param {readonly { task: string }[]} pipelines that are installed @returns {Promise<Refusal[]>} */
export async function refusalsOf(engine, pipelines) {
  const has = (/** @type {string} */ task) => pipelines.some((one) => one.task === task);
  const refusals = [];
  if (has('segment')) {
    const segmenter = engine.segmenter();
    await segmenter.offered();
    refusals.push(...await segmenter.refusals());
  }
  const generator = has('generate') ? await engine.offeredGenerator() : null;
  // Room can be made, and the question before the download says how much.
  if (generator?.why && generator.why.code !== 'storage-full') refusals.push({ model: generator.id, ...generator.why });
  return refusals;
}

/** @param {Refusal} refusal @param {boolean} secure whether the page is @returns {string} */
export function refusalWords({ code, detail }, secure) {
  if (code === 'memory') return t('device.refused.memory', { need: formatBytes(detail.need * 2 ** 20) });
  return because({ secure, reason: code, verdict: /** @type {any} */ ({ verdict: 'unfit', reason: code, detail }) }) || t('device.unfit');
}
