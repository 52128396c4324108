/** What the page says of CPU and GPU: which one runs, why, and what was moved where. */

import { formatDuration, formatSpeed, sentences } from '../messages/format.js';
import { has, lookUp, number, t } from '../messages/index.js';

/**
 * @typedef {{ vendor: string, architecture: string, device: string, description: string }} AdapterName
 * @typedef {{ verdict: 'fit' | 'degraded' | 'unfit', reason: string, detail: Record<string, unknown> }} Verdict
 * @typedef {{ backend: string, threads: number }} Place
 * @typedef {{ reason: string, verdict?: Verdict | null, adapter?: AdapterName | null, secure?: boolean }} Why
 *
 * @typedef {object} Ran what is said of a report
 * @property {string | null} backend
 * @property {string} reason
 * @property {{ asked: number, got: number }} threads
 * @property {Verdict | null} [verdict]
 * @property {AdapterName | null} [adapter]
 * @property {boolean} [secure]
 */

/** As they write themselves; browsers give them in lower case. @type {Record<string, string>} */
const VENDORS = { amd: 'AMD', apple: 'Apple', arm: 'Arm', google: 'Google', intel: 'Intel', microsoft: 'Microsoft', nvidia: 'NVIDIA', qualcomm: 'Qualcomm' };

/** @param {AdapterName | null | undefined} adapter @returns {string} empty when it has no name: some browsers keep it to themselves */
export function adapterName(adapter) {
  if (!adapter) return '';
  if (adapter.description) return adapter.description;
  const words = [VENDORS[adapter.vendor] ?? adapter.vendor, adapter.architecture, adapter.device].filter(Boolean);
  return [...new Set(words)].join(' ');
}

/** What a verdict's numbers decide about its words. @type {Record<string, (detail: Record<string, any>, why: Why) => string>} */
const REASONS = {
  'hardware-adapter': ({ factor, threads }) => (factor > 1 ? t('reason.hardware-adapter', { factor: number(factor, factor < 10 ? 1 : 0), count: threads }) : ''),
  'fallback-adapter': software,
  'software-adapter': software,
  'slow-adapter': ({ gpu, cpu, threads, margin }) => {
    if (!(gpu > 0 && cpu > 0)) return t('reason.slow-adapter');
    const measured = { gpu: formatSpeed(gpu), cpu: formatSpeed(cpu * threads) };
    return margin === 2 ? t('reason.slow-adapter.twice', measured) : t('reason.slow-adapter.measured', { ...measured, margin });
  },
  'no-webgpu': (_, { secure }) => t(secure === false ? 'reason.no-webgpu.insecure' : 'reason.no-webgpu'),
  'nonsense-limits': ({ name, have }) => (typeof have === 'number' && Number.isFinite(have) ? t('reason.nonsense-limits', { name, have }) : t('reason.nonsense-limits.nothing', { name })),
};

/** @param {Record<string, any>} detail */
function software({ name }) {
  const isKnown = typeof name === 'string' && name !== 'fallback adapter';
  return isKnown ? t('reason.software-adapter.named', { name }) : t('reason.software-adapter');
}

/** @param {Why} why @returns {string} a sentence, empty when there is nothing worth saying */
export function because(why) {
  const detail = why.verdict?.detail ?? {};
  if (why.reason in REASONS) return REASONS[why.reason](detail, why);
  const key = `reason.${why.reason}`;
  return has(key) ? lookUp(key, /** @type {import('../messages/index.js').Params} */ (detail)) : '';
}

/**
 * @param {{ reason: string, verdict: Verdict | null, findings: { adapter: AdapterName | null } | null }} route
 * @param {boolean} secure whether the page is
 * @returns {Why}
 */
export const whyOf = ({ reason, verdict, findings }, secure) => ({ reason, verdict, adapter: findings?.adapter ?? null, secure });

/** @param {Place} place @param {Why} why @returns {string} where photos run now, and why */
export function runsOn({ backend, threads }, why) {
  if (backend !== 'webgpu') return sentences(t('runs.on-cpu', { count: threads }), because(why));
  const name = ['hardware-adapter', 'learned-faster'].includes(why.reason) ? adapterName(why.adapter) : '';
  return sentences(name ? t('runs.on-gpu.named', { name }) : t('runs.on-gpu'), because(why));
}

/** @param {string} code of an error @returns {boolean} it makes a photo move on from the GPU */
const isMove = (code) => has(`moved.${code}`);

/** @param {string} code of the error that made a photo move on from the GPU @returns {string} a sentence */
export const moved = (code) => lookUp(isMove(code) ? `moved.${code}` : 'moved.other');

/** @param {string} from backend @param {string} code of the error @returns {string} what comes after an attempt that failed */
export const movingOn = (from, code) => (from === 'webgpu' ? sentences(t('job.moving'), moved(code)) : t('job.again'));

/** @param {Ran} report @param {string} time @returns {string} where a photo ran, for how long, and why there */
export function ran(report, time) {
  const { backend, reason, threads: { asked, got } } = report;
  if (backend === null) return t('ran.no-model', { time });
  if (backend === 'webgpu') return sentences(t('ran.on-gpu', { time }), because(report));
  const line = got < asked ? t('ran.on-cpu.fewer', { got, asked, time }) : t('ran.on-cpu', { count: got, time });
  return sentences(line, isMove(reason) ? moved(reason) : because(report));
}

/** @param {Place | null} place @returns {string} in a word or two */
export function placeName(place) {
  if (!place) return t('runs.automatic');
  return place.backend === 'webgpu' ? t('runs.gpu') : t('runs.cpu');
}

/** @param {{ secure: boolean, sharedMemory: boolean, cores: number }} environment @returns {string} why there is only one thread */
export function threadsNote({ secure, sharedMemory, cores }) {
  if (cores === 1) return t('runs.one-core');
  if (sharedMemory) return '';
  return t(secure ? 'runs.not-isolated' : 'runs.insecure');
}

/** @param {Why} why @returns {string} why the GPU cannot be chosen */
export function cannot(why) {
  const reason = because(why);
  return reason ? sentences(t('runs.cannot'), reason) : t('runs.cannot.not-offered');
}

/** @param {Why} why @returns {import('./notices.js').Words} what the address asks for, and cannot be */
export const refused = (why) => ({ title: t('runs.refused'), body: sentences(because(why), t('runs.refused.body')) });

/**
 * @param {Why} why
 * @param {number | null} gpuMs
 * @param {number | null} cpuMs for one photo, null where nothing is known
 * @returns {string} what to know before a GPU is used that is slower
 */
export function slow(why, gpuMs, cpuMs) {
  const gpu = gpuMs === null ? '' : formatDuration(gpuMs);
  const cpu = cpuMs === null ? '' : formatDuration(cpuMs);
  return sentences(because(why), estimate(why.reason === 'slow-adapter', gpu, cpu), t('runs.slow.stop'));
}

/**
 * @param {'choice' | 'address' | 'earlier'} source where the wish for it comes from
 * @param {Why} why
 * @param {number | null} gpuMs
 * @param {number | null} cpuMs
 */
export const questionWords = (source, why, gpuMs, cpuMs) => ({ title: t(`runs.ask.${source}`), why: slow(why, gpuMs, cpuMs) });

/** @param {boolean} isMeasured it only is not fast enough @param {string} gpu @param {string} cpu times, empty where not known */
function estimate(isMeasured, gpu, cpu) {
  if (gpu) return cpu ? t('runs.slow.compared', { gpu, cpu }) : t('runs.slow', { gpu });
  if (isMeasured) return cpu ? t('runs.slow.unknown.compared', { cpu }) : t('runs.slow.unknown');
  return cpu ? t('runs.slow.minutes.compared', { cpu }) : t('runs.slow.minutes');
}
