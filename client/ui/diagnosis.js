/**
 * What `diagnostics()` tells, and its parts as a person reads them: label and value. Pure.
 *
 * @typedef {import('./strings-routing.js').AdapterName & { fallback: boolean | null, features: string[], limits: Record<string, number> }} Adapter
 * @typedef {{ backend: string, build: string | null, threads: number, outcome: string, code: string | null, ms: number }} Attempt
 *
 * @typedef {object} Entry
 * @property {number} at ms since the epoch
 * @property {'preload' | 'cutout'} kind
 * @property {{ code: string, details: Record<string, unknown> } | null} error
 * @property {{ model: { id: string }, requested: string, backend: string | null, reason: string, attempts: Attempt[],
 *   threads: { asked: number, got: number }, bytes: { received: number }, runtime: { version: string, build: string } | null,
 *   adapter: Adapter | null, memory: { heap: number | null, device: number | null } | null,
 *   size: { width: number, height: number } | null, notes?: { code: string }[], ms: Record<string, number> }} report
 *
 * @typedef {object} Diagnosis
 * @property {string} version
 * @property {string} tree
 * @property {string} runtime version of ONNX Runtime Web
 * @property {{ secure: boolean, isolated: boolean, sharedMemory: boolean, cores: number, threads: number, cacheStorage: boolean }} environment
 * @property {{ adapter: Adapter | null, jspi: boolean, gpu: { gflops: number } | { trouble: string } | null, cpu: { gflops: number } | null,
 *   remembered: boolean, ms: number } | null} findings
 * @property {Record<string, Record<string, Parameters<typeof diagnosticText.learned>[0]>>} learned by model and way
 * @property {Entry[]} entries newest first
 * @property {string | null} [trouble] why entries are in this page's memory only
 *
 * @typedef {[label: string, value: string]} Fact
 */
import { formatBytes, formatDuration } from './format.js';
import { diagnosticText } from './strings-diagnostics.js';
import { adapterName } from './strings-routing.js';

/** @typedef {{ title: string, verdict: string, sentence: string } | null} Judged the verdict on the adapter for the chosen model */

/**
 * @param {Diagnosis} diagnosis
 * @param {Judged} judged
 * @returns {{ title: string, facts: Fact[] }[]}
 */
export function factsOf(diagnosis, judged) {
  return [
    { title: 'GPU', facts: gpuFacts(diagnosis, judged) },
    { title: 'Engine', facts: engineFacts(diagnosis) },
    { title: 'Page', facts: pageFacts(diagnosis) },
  ];
}

/**
 * @param {Diagnosis} diagnosis
 * @param {Judged} judged
 * @returns {Fact[]}
 */
function gpuFacts({ findings }, judged) {
  if (!findings) return [['Found', 'nobody has looked']];
  const { adapter, gpu, cpu, remembered, ms } = findings;
  const { flag, speeds } = diagnosticText;
  /** @type {Fact[]} */
  const verdict = judged ? [[`For ${judged.title}`, [judged.verdict, judged.sentence].filter(Boolean).join(': ')]] : [];
  /** @type {Fact[]} */
  const found = adapter ? [['Fallback flag', flag(adapter.fallback)], ['Features', adapter.features.join(', ') || 'none']] : [];
  return [
    ['Found', adapter ? adapterName(adapter) || 'a GPU without a name' : 'none'],
    ...verdict,
    ['Small test', speeds(gpu, cpu, remembered)],
    ['Looked at within', formatDuration(ms)],
    ...found,
  ];
}

/**
 * @param {Diagnosis} diagnosis
 * @returns {Fact[]}
 */
function pageFacts({ environment, findings, version, tree }) {
  const { flag } = diagnosticText;
  const { secure, isolated, sharedMemory, cores, threads, cacheStorage } = environment;
  return [
    ['Secure connection', flag(secure)],
    ['Cross-origin isolated', flag(isolated)],
    ['Threads can share memory', flag(sharedMemory)],
    ['WebAssembly can be suspended', flag(findings?.jspi)],
    ['Processor cores', String(cores)],
    ['Threads used', String(threads)],
    ['Models can be stored', flag(cacheStorage)],
    ['Mattebox', `${version}, files ${tree}`],
  ];
}

/**
 * @param {Diagnosis} diagnosis
 * @returns {Fact[]} as of the last run
 */
function engineFacts({ runtime, entries }) {
  const latest = entries.find(({ report }) => report.backend !== null)?.report;
  const { heap = null, device = null } = latest?.memory ?? {};
  return [
    ['ONNX Runtime Web', runtime],
    ['Build of the last run', latest?.runtime?.build ?? 'none yet'],
    ['Threads asked, got', latest ? `${latest.threads.asked}, ${latest.threads.got}` : 'none yet'],
    ['Engine memory', heap === null ? 'not known yet' : formatBytes(heap)],
    ['Device memory', device === null ? 'not told' : `${device}\u00a0GB or more`],
  ];
}

/**
 * @param {Diagnosis} diagnosis
 * @param {(id: string) => string} titleOf
 * @returns {Fact[]} what runs have taught
 */
export function learnedOf({ learned }, titleOf) {
  return Object.entries(learned).flatMap(([id, ways]) =>
    Object.entries(ways).map(([key, known]) => /** @type {Fact} */ ([`${titleOf(id)}, ${diagnosticText.way(key)}`, diagnosticText.learned(known)])),
  );
}

/**
 * @param {Record<string, number>} offered by the adapter
 * @param {Record<string, number>} needed by the model
 * @returns {{ name: string, have: number, need: number | null }[]} those that are needed first
 */
export function limitsOf(offered, needed) {
  return Object.entries(offered)
    .map(([name, have]) => ({ name, have, need: needed[name] ?? null }))
    .sort((a, b) => Number(b.need !== null) - Number(a.need !== null) || a.name.localeCompare(b.name, 'en'));
}

/** @param {number} now ms since the epoch @returns {string} */
export function exportName(now) {
  const day = new Date(now);
  return `mattebox-diagnostics-${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}.json`;
}
