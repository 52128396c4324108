/** What the diagnostics say. Loaded with them. */

import { formatAgo, formatBytes, formatDuration, formatSize } from './format.js';
import { adapterName, formatSpeed, routingText } from './strings-routing.js';

/** @typedef {import('./diagnosis.js').Entry} Entry */
/** @typedef {import('./diagnosis.js').Attempt} Attempt */

/** @type {Record<string, string>} */
const STAGES = {
  judge: 'looking at the GPU', download: 'download', create: 'loading the model', canary: 'test image', decode: 'reading the photo', pre: 'scaling it',
  run: 'model', post: 'enlarging the matte', encode: 'writing the PNG',
};

/** In a word or two, for a table. @type {Record<string, string>} */
const REASONS = {
  'hardware-adapter': 'GPU is fit',
  'fallback-adapter': 'software GPU refused',
  'software-adapter': 'software GPU refused',
  'slow-adapter': 'slow GPU refused',
  'no-webgpu': 'no WebGPU',
  'no-adapter': 'no GPU offered',
  'adapter-failed': 'GPU did not open',
  'adapter-timeout': 'GPU did not answer',
  'missing-feature': 'GPU lacks a feature',
  'limit-too-low': 'GPU too small',
  'nonsense-limits': 'GPU not credible',
  'probe-failed': 'GPU failed its test',
  'probe-timeout': 'GPU too slow at its test',
  'probe-wrong': 'GPU wrong at its test',
  'only-backend': 'only choice for this model',
  requested: 'as asked',
  'backend-not-offered': 'no GPU for this model',
  'learned-slower': 'GPU was slower before',
  'learned-faster': 'GPU was faster before',
  'failed-before': 'GPU failed before',
};

/** Why runs are remembered by this page only. @type {Record<string, string>} */
const TROUBLES = {
  'no-indexeddb': 'this browser stores nothing for this page',
  'storage-full': 'this browser’s storage is full',
  'storage-slow': 'this browser’s storage does not answer',
  'storage-failed': 'this browser’s storage failed',
};

/** @param {number} n @param {string} one */
const plural = (n, one) => `${n} ${one}${n === 1 ? '' : 's'}`;

/** @param {number} at ms since the epoch */
const clock = (at) => {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
};

/** @param {string | null} build */
const buildName = (build) => (build === null ? '' : ` (${build})`);

export const diagnosticText = Object.freeze({
  /** @type {Record<import('./stages.js').StageGroup, string>} */
  groups: { start: 'Starting', read: 'Reading', model: 'Model', write: 'Writing' },
  /** @param {string} stage @param {number} ms */
  stage: (stage, ms) => `${STAGES[stage] ?? stage} ${formatDuration(ms)}`,
  /** @param {import('./stages.js').Share[]} shares text alternative of a bar */
  bar: (shares) => shares.map(({ group, ms }) => `${diagnosticText.groups[group]} ${formatDuration(ms)}`).join(', '),
  /** @param {number} at @param {number} now ms since the epoch */
  when: (at, now) => (new Date(at).toDateString() === new Date(now).toDateString() ? clock(at) : `${formatAgo(at, now)}, ${clock(at)}`),
  /** @param {string} title @param {Entry} entry */
  what: (title, { kind, report }) => {
    const size = report.size ? formatSize(report.size) : '';
    return [title, kind === 'preload' ? 'getting ready' : size].filter(Boolean).join(' · ');
  },
  /** @param {Entry['report']} report */
  where: ({ backend, threads, notes }) => {
    if (backend === null) return notes?.some(({ code }) => code === 'already-cut-out') ? 'No model needed' : 'Not started';
    return backend === 'webgpu' ? 'GPU' : `CPU, ${plural(threads.got, 'thread')}`;
  },
  /** @param {string} reason or the code that made it move */
  why: (reason) => REASONS[reason] ?? (reason ? `moved: ${routingText.moved(reason)}` : ''),
  /** @param {number} ms @param {number} download ms */
  total: (ms, download) => (download > 0 ? `${formatDuration(ms)}, with ${formatDuration(download)} of download` : formatDuration(ms)),
  /** @param {string} code */
  failed: (code) => `Failed: ${code}`,
  /** @param {Attempt} attempt */
  attempt: ({ backend, build, threads, outcome, code, ms }) => {
    const where = backend === 'webgpu' ? `GPU${buildName(build)}` : `CPU, ${plural(threads, 'thread')}`;
    if (outcome === 'refused') return `${where}: not tried, ${code}`;
    return outcome === 'failed' ? `${where}: failed after ${formatDuration(ms)}, ${code}` : `${where}: ran, ${formatDuration(ms)}`;
  },
  /** @param {Entry['report']} report */
  circumstances: ({ requested, threads, runtime, memory, bytes, adapter }) => [
    `Asked for ${requested}; ${plural(threads.asked, 'thread')} asked, ${threads.got} got.`,
    runtime && `Engine ${runtime.version}, build ${runtime.build}.`,
    adapterName(adapter) && `GPU found: ${adapterName(adapter)}.`,
    memory?.heap && `Engine memory ${formatBytes(memory.heap)}.`,
    bytes.received > 0 && `Downloaded ${formatBytes(bytes.received)}.`,
  ].filter(Boolean).join(' '),
  /** @param {string} when */
  details: (when) => `Details of the run at ${when}`,
  /** @param {number} n */
  more: (n) => `Show all ${n}`,
  none: 'Nothing has run on this device yet.',
  checking: 'Looking…',
  /** @param {string | null} trouble */
  kept: (trouble) => `The last 200 runs are kept on this device${trouble ? ` while this page is open: ${TROUBLES[trouble] ?? trouble}` : ''}. They hold no photos and no file names, and nothing is ever sent.`,
  /** @param {number} n */
  clear: (n) => `Clear ${plural(n, 'run')}? What was learned of speeds stays; “Measure again” forgets it.`,
  cleared: 'Cleared.',
  notCleared: 'The browser’s storage did not answer: what it holds may still be there.',
  copied: 'Copied.',
  copyByHand: 'This page may not copy by itself. The text below is marked: press Ctrl+C, or ⌘C on a Mac.',
  exported: 'Saved as a file.',
  measuring: 'Measuring…',
  measured: 'Measured anew.',
  /** @param {boolean | null | undefined} value */
  flag: (value) => (value === null || value === undefined ? 'not told' : value ? 'yes' : 'no'),
  /** @param {string} key of what was learned: "wasm×2", "jspi", "asyncify" */
  way: (key) => {
    const threads = /^wasm×(\d+)$/u.exec(key)?.[1];
    return threads ? `CPU, ${plural(Number(threads), 'thread')}` : `GPU${buildName(key)}`;
  },
  /** @param {{ createMs: number | null, firstMs: number | null, runMs: number | null, runs: number, failure: { code: string, count: number } | null }} known */
  learned: ({ createMs, firstMs, runMs, runs, failure }) => [
    runMs !== null && `${formatDuration(runMs)} per run (median of ${runs})`,
    firstMs !== null && `first run ${formatDuration(firstMs)}`,
    createMs !== null && `loading ${formatDuration(createMs)}`,
    failure && `failed ${failure.count === 1 ? 'once' : `${failure.count} times`}: ${failure.code}`,
  ].filter(Boolean).join(', '),
  /** @param {{ gflops: number } | { trouble: string } | null} gpu @param {{ gflops: number } | null} cpu @param {boolean} remembered */
  speeds: (gpu, cpu, remembered) => {
    if (!gpu) return 'not measured';
    if ('trouble' in gpu) return gpu.trouble;
    const one = cpu ? `, one CPU thread ${formatSpeed(cpu.gflops)}` : '';
    return `GPU ${formatSpeed(gpu.gflops)}${one}${remembered ? ', from an earlier visit' : ''}`;
  },
});
