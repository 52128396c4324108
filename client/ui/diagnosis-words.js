/** What the diagnostics say of runs, and of what they taught. Loaded with them. */

import { facts, formatBytes, formatDuration, formatList, formatSize, formatSpeed, sentences } from '../messages/format.js';
import { formatAgo, formatDate, formatTime } from '../messages/format-dates.js';
import { has, lookUp } from '../messages/index.js';
import { t } from '../messages/later.js';
import { adapterName, moved } from './routing-words.js';

/** @typedef {import('./diagnosis.js').Entry} Entry */
/** @typedef {import('./diagnosis.js').Attempt} Attempt */

/** @param {string} stage @param {number} ms */
export const stageTime = (stage, ms) => lookUp(has(`stage.${stage}`) ? `stage.${stage}` : 'stage', { stage, time: formatDuration(ms) });

/** @param {import('./stages.js').Share[]} shares @returns {string} text alternative of a bar */
export const barWords = (shares) => formatList(shares.map(({ group, ms }) => t(`stages.${group}.time`, { time: formatDuration(ms) })), 'unit');

/** @param {number} at @param {number} now ms since the epoch */
export function whenRan(at, now) {
  const time = formatTime(at);
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return isToday ? time : t('run.when', { day: formatAgo(at, now) ?? formatDate(at), time });
}

/** @param {string} title @param {Entry} entry @returns {string} what ran, on what */
export function whatRan(title, { kind, report }) {
  if (kind === 'preload' || kind === 'proof') return facts(title, t(`run.${kind}`));
  return facts(title, report.size && formatSize(report.size), kind === 'look' && t('run.look'));
}

/** @param {number} threads */
const cpuName = (threads) => t('run.on-cpu', { count: threads });

/** @param {string | null} build of the engine, where it is known */
const gpuName = (build) => (build === null ? t('device.gpu') : t('run.on-gpu', { build }));

/** @param {Entry['report']} report */
export function whereRan({ backend, threads, notes }) {
  if (backend === null) return t(notes?.some(({ code }) => code === 'already-cut-out') ? 'run.no-model' : 'run.not-started');
  return backend === 'webgpu' ? gpuName(null) : cpuName(threads.got);
}

/** @param {string} reason or the code that made it move on @returns {string} in a word or two */
export function whyRan(reason) {
  const key = `run.why.${reason}`;
  if (has(key)) return lookUp(key);
  return reason ? moved(reason) : '';
}

/** @param {number} ms @param {number} download ms */
export const totalTime = (ms, download) => (download > 0 ? t('run.total', { time: formatDuration(ms), download: formatDuration(download) }) : formatDuration(ms));

/** @param {Attempt} attempt */
export function attemptWords({ backend, build, threads, outcome, code, ms }) {
  const result = outcome === 'refused' || outcome === 'failed' ? outcome : 'ran';
  return t(`attempt.${result}`, { where: backend === 'webgpu' ? gpuName(build) : cpuName(threads), code: code ?? '', time: formatDuration(ms) });
}

/** @param {Entry['report']} report */
export const circumstances = ({ requested, threads, runtime, memory, bytes, adapter }) => sentences(
  t('run.asked', { backend: requested, count: threads.asked, got: threads.got }),
  runtime && t('run.engine', { version: runtime.version, build: runtime.build }),
  adapterName(adapter) && t('run.gpu', { name: adapterName(adapter) }),
  memory?.heap ? t('run.memory', { size: formatBytes(memory.heap) }) : '',
  bytes.received > 0 && t('run.downloaded', { size: formatBytes(bytes.received) }),
);

/** @param {string | null} trouble why runs are remembered by this page only */
export function keptWords(trouble) {
  const key = `diagnostics.kept.${trouble ?? ''}`;
  if (trouble === null) return t('diagnostics.kept');
  return has(key) ? lookUp(key) : t('diagnostics.kept.storage-failed');
}

/** @param {boolean | null | undefined} value */
export const flag = (value) => (value === null || value === undefined ? t('fact.not-told') : t(value ? 'fact.yes' : 'fact.no'));

/** @param {string} key of what was learned: "wasm×2", "jspi", "asyncify" */
export function wayName(key) {
  const threads = /^wasm×(\d+)$/u.exec(key)?.[1];
  return threads ? cpuName(Number(threads)) : gpuName(key);
}

/** @param {{ createMs: number | null, firstMs: number | null, runMs: number | null, runs: number, failure: { code: string, count: number } | null }} known */
export const learnedWords = ({ createMs, firstMs, runMs, runs, failure }) => formatList([
  runMs !== null && t('learned.runs', { time: formatDuration(runMs), runs }),
  firstMs !== null && t('learned.first', { time: formatDuration(firstMs) }),
  createMs !== null && t('learned.loading', { time: formatDuration(createMs) }),
  failure && t('learned.failed', { code: failure.code, count: failure.count }),
].flatMap((one) => one || []), 'unit');

/** @param {{ gflops: number } | { trouble: string } | null} gpu @param {{ gflops: number } | null} cpu @param {boolean} remembered */
export function speedsOf(gpu, cpu, remembered) {
  if (!gpu) return t('fact.not-measured');
  if ('trouble' in gpu) return whyRan(gpu.trouble);
  return formatList([
    t('device.test.gpu', { gpu: formatSpeed(gpu.gflops) }),
    cpu && t('device.test.cpu', { cpu: formatSpeed(cpu.gflops) }),
    remembered && t('device.test.remembered'),
  ].flatMap((one) => one || []), 'unit');
}
