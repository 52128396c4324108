/** What the page says of CPU and GPU: which one runs, why, and what was moved where. */

import { formatDuration } from './format.js';

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

/** What made the photos move on from the GPU, by error code. @type {Record<string, string>} */
const MOVED = {
  'gpu-unavailable': 'the GPU could not be opened',
  'gpu-lost': 'the GPU was lost',
  'gpu-failed': 'the GPU reported an error',
  'timed-out': 'the GPU took too long',
  'too-slow': 'the GPU was slower than the CPU',
  'canary-mismatch': 'the GPU got the test image wrong',
  'bad-matte': 'the GPU gave an unusable result',
  'out-of-memory': 'the GPU ran out of memory',
  'runtime-failed': 'the engine for the GPU did not start',
  'session-failed': 'the model could not be loaded on the GPU',
  'worker-crashed': 'the engine for the GPU stopped unexpectedly',
};

/** @param {number} n @param {string} one */
const plural = (n, one) => `${n} ${one}${n === 1 ? '' : 's'}`;

/** @param {unknown} value */
const count = (value) => (typeof value === 'number' && Number.isFinite(value) ? String(value).replace(/\B(?=(\d{3})+$)/g, ',') : 'nothing');

/** @param {unknown} gflops @returns {string} as precise as such a measurement is */
export function formatSpeed(gflops) {
  if (typeof gflops !== 'number' || !Number.isFinite(gflops)) return 'unknown';
  return `${gflops < 10 ? gflops.toFixed(1) : Math.round(gflops)}\u00a0GFLOP/s`;
}

/** @param {number} factor */
const formatFactor = (factor) => (factor < 10 ? factor.toFixed(1) : String(Math.round(factor)));

/** @param {AdapterName | null | undefined} adapter @returns {string} empty when it has no name: some browsers keep it to themselves */
export function adapterName(adapter) {
  if (!adapter) return '';
  if (adapter.description) return adapter.description;
  const words = [VENDORS[adapter.vendor] ?? adapter.vendor, adapter.architecture, adapter.device].filter(Boolean);
  return [...new Set(words)].join(' ');
}

/**
 * @type {Record<string, (why: Why) => string>}
 * A clause that can follow a colon.
 */
const BECAUSE = {
  'hardware-adapter': ({ adapter, verdict }) => {
    const { factor, threads } = /** @type {Record<string, number>} */ (verdict?.detail ?? {});
    const measured = factor > 1 ? `${formatFactor(factor)} times as fast as ${plural(threads, 'CPU thread')} in a small test` : '';
    return [adapterName(adapter), measured].filter(Boolean).join(', ');
  },
  'fallback-adapter': software,
  'software-adapter': software,
  'slow-adapter': ({ verdict }) => {
    const { gpu, cpu, threads, margin } = /** @type {Record<string, number>} */ (verdict?.detail ?? {});
    if (!(gpu > 0 && cpu > 0)) return 'this device’s GPU would not be faster';
    const need = margin === 2 ? 'twice as much' : `${margin} times as much`;
    return `this device’s GPU would not save time (${formatSpeed(gpu)} in a small test against ${formatSpeed(cpu * threads)} on the CPU; a whole model needs ${need})`;
  },
  'no-webgpu': ({ secure }) => (secure === false ? 'over plain http, browsers give pages no GPU' : 'this browser gives pages no GPU (it has no WebGPU)'),
  'no-adapter': () => 'this browser offers no GPU on this device',
  'adapter-failed': () => 'the browser failed to open the GPU',
  'adapter-timeout': () => 'the GPU did not answer',
  'missing-feature': ({ verdict }) => `the GPU lacks what this model needs (${verdict?.detail.name})`,
  'limit-too-low': ({ verdict }) => `the GPU is too small for this model (${verdict?.detail.name}: ${count(verdict?.detail.need)} needed, ${count(verdict?.detail.have)} offered)`,
  'nonsense-limits': ({ verdict }) => `the GPU says of itself what cannot be true (${verdict?.detail.name}: ${count(verdict?.detail.have)})`,
  'probe-failed': () => 'the GPU failed a small test',
  'probe-timeout': () => 'the GPU did not finish a small test in time',
  'probe-wrong': () => 'the GPU got a small test wrong',
  'only-backend': () => 'this model is made for it alone',
  'backend-not-offered': () => 'the GPU was asked for, but this model is not offered on it',
  'learned-slower': () => 'photos have taken longer on this device’s GPU',
  'learned-faster': ({ adapter }) => ['photos have been faster on it here', adapterName(adapter)].filter(Boolean).join(', '),
  'failed-before': () => 'this model has failed on this device’s GPU before',
};

/**
 * @param {{ reason: string, verdict: Verdict | null, findings: { adapter: AdapterName | null } | null }} route
 * @param {boolean} secure whether the page is
 * @returns {Why}
 */
export const whyOf = ({ reason, verdict, findings }, secure) => ({ reason, verdict, adapter: findings?.adapter ?? null, secure });

/** @param {Why} why */
function software({ verdict }) {
  const { name } = verdict?.detail ?? {};
  const known = typeof name === 'string' && name !== 'fallback adapter' ? ` (${name})` : '';
  return `this browser’s GPU is a software one${known}, which would be slower`;
}

/** @param {Why} why @returns {string} empty when there is nothing worth saying */
const because = (why) => BECAUSE[why.reason]?.(why) ?? '';

export const routingText = Object.freeze({
  because,
  /** @param {Place} place */
  where: ({ backend, threads }) => (backend === 'webgpu' ? 'the GPU' : plural(threads, 'CPU thread')),
  /** @param {Place} place @param {Why} why one sentence */
  line: (place, why) => `Running on ${routingText.where(place)}${clause(because(why))}.`,
  /** @param {string} code of the error that made it move */
  moved: (code) => MOVED[code] ?? 'the GPU failed',
  /** @param {Ran} report @param {string} time @returns {string} */
  ran: (report, time) => {
    if (report.backend === null) return `The picture’s own transparent background was kept, in ${time}.`;
    const { asked, got } = report.threads;
    const threads = got < asked ? `${got} of ${asked} threads` : plural(got, 'thread');
    const where = report.backend === 'webgpu' ? 'Ran on the GPU' : `Ran on the CPU, ${threads},`;
    if (report.reason in MOVED && report.backend === 'wasm') return `${where} in ${time}, moved there because ${routingText.moved(report.reason)}.`;
    return `${where} in ${time}${clause(because(report))}.`;
  },
  stages: {
    judging: 'Looking at the GPU',
    /** @param {string} from @param {string} code */
    fallingBack: (from, code) => (from === 'webgpu' ? `Moving to the CPU: ${routingText.moved(code)}` : 'Starting again, another way'),
  },
  choice: {
    looking: 'looking at the GPU…',
    /** @type {Record<'auto' | 'choice' | 'address', string>} who decided */
    by: { auto: 'chosen automatically', choice: 'your choice', address: 'set by the address' },
    instead: 'instead of the GPU',
    waiting: 'waiting for your answer',
    /** @param {Place | null} place */
    summary: (place) => (place ? (place.backend === 'webgpu' ? 'GPU' : routingText.where(place)) : 'Automatic'),
    unknown: 'Not looked at yet',
    fit: 'Found by the browser',
    degraded: 'Slower than the CPU here',
    unfit: 'Cannot be used here',
    notOffered: 'Not offered for this model',
    /** @param {number} n */
    cpu: (n) => plural(n, 'thread'),
    /** @param {number} n */
    autoThreads: (n) => `Auto (${n})`,
    /** @param {{ secure: boolean, sharedMemory: boolean, cores: number }} environment */
    threadsNote: ({ secure, sharedMemory, cores }) => {
      if (cores === 1) return 'This device offers one processor core.';
      if (sharedMemory) return '';
      return `One only: ${secure ? 'this page is not cross-origin isolated' : 'this page came over plain http'}. Whoever runs this site can change that.`;
    },
    /** @param {{ backend?: string, threads?: number }} address */
    overridden: ({ backend, threads }) => {
      const asked = [backend && `backend=${backend}`, threads && `threads=${threads}`].filter(Boolean).join(' and ');
      return `The address asks for ${asked}, which holds for this visit. To choose here, open the page without it.`;
    },
    /** @param {Why} why */
    refused: (why) => ({ title: 'The address asks for the GPU, which cannot be used here.', body: `${sentence(because(why))} The CPU is used instead.`.trim() }),
    /** @param {Why} why */
    cannot: (why) => `The GPU cannot be used: ${because(why) || 'it is not offered here'}.`,
    /** @param {'choice' | 'address' | 'earlier'} source */
    ask: (source) => {
      const asked = { choice: '', address: 'The address asks for the GPU. ', earlier: 'The GPU was chosen at an earlier visit. ' };
      return `${asked[source]}Use the GPU although it is slower?`;
    },
    /** @param {Why} why @param {number | null} gpuMs @param {number | null} cpuMs for one photo, null where nothing is known */
    slow: (why, gpuMs, cpuMs) => {
      const reason = sentence(because(why));
      const cpu = cpuMs === null ? '' : `, against ${formatDuration(cpuMs)} on the CPU`;
      const unknown = why.reason === 'slow-adapter' ? 'How long a photo takes there is not known yet' : 'One photo may take minutes';
      const estimate = `${gpuMs === null ? unknown : `One photo is expected to take about ${formatDuration(gpuMs)}`}${cpu}.`;
      return `${reason} ${estimate} You can stop it at any time.`.trim();
    },
    stopped: 'Stopped. The photo starts again on the CPU.',
  },
});

/** @param {string} words */
const clause = (words) => (words ? `: ${words}` : '');

/** @param {string} words */
const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

/** @param {string} words */
const sentence = (words) => (words ? `${capital(words)}.` : '');
