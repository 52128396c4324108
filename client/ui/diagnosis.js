/**
 * What `diagnostics()` tells, and its parts as a person reads them: label and value. Pure.
 *
 * @typedef {import('./routing-words.js').AdapterName & { fallback: boolean | null, features: string[], limits: Record<string, number> }} Adapter
 * @typedef {{ backend: string, build: string | null, threads: number, outcome: string, code: string | null, ms: number }} Attempt
 *
 * @typedef {object} Entry
 * @property {number} at ms since the epoch
 * @property {'preload' | 'cutout' | 'look' | 'proof'} kind
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
 * @property {Record<string, Record<string, Parameters<typeof learnedWords>[0]>>} learned by model and way
 * @property {Entry[]} entries newest first
 * @property {string | null} [trouble] why entries are in this page's memory only
 *
 * @typedef {[label: string, value: string]} Fact
 */
import { formatBytes, formatDuration, formatList } from '../messages/format.js';
import { number } from '../messages/index.js';
import { t } from '../messages/later.js';
import { flag, learnedWords, speedsOf, wayName } from './diagnosis-words.js';
import { adapterName } from './routing-words.js';

/** @typedef {{ title: string, verdict: import('./routing-words.js').Verdict['verdict'], sentence: string } | null} Judged the verdict on the adapter for the chosen model */

/**
 * @param {Diagnosis} diagnosis
 * @param {Judged} judged
 * @returns {{ title: string, facts: Fact[] }[]}
 */
export function factsOf(diagnosis, judged) {
  return [
    { title: t('device.gpu'), facts: gpuFacts(diagnosis, judged) },
    { title: t('device.engine'), facts: engineFacts(diagnosis) },
    { title: t('device.page'), facts: pageFacts(diagnosis) },
  ];
}

/**
 * @param {Diagnosis} diagnosis
 * @param {Judged} judged
 * @returns {Fact[]}
 */
function gpuFacts({ findings }, judged) {
  if (!findings) return [[t('device.found'), t('fact.not-looked')]];
  const { adapter, gpu, cpu, remembered, ms } = findings;
  /** @type {Fact[]} */
  const verdict = judged ? [[t('device.for', { model: judged.title }), judged.sentence ? t(`device.${judged.verdict}.why`, { reason: judged.sentence }) : t(`device.${judged.verdict}`)]] : [];
  /** @type {Fact[]} */
  const found = adapter ? [[t('device.fallback'), flag(adapter.fallback)], [t('device.features'), formatList(adapter.features, 'unit') || t('fact.none')]] : [];
  return [
    [t('device.found'), adapter ? adapterName(adapter) || t('fact.nameless') : t('fact.none')],
    ...verdict,
    [t('device.test'), speedsOf(gpu, cpu, remembered)],
    [t('device.looked'), formatDuration(ms)],
    ...found,
  ];
}

/**
 * @param {Diagnosis} diagnosis
 * @returns {Fact[]}
 */
function pageFacts({ environment, findings, version, tree }) {
  const { secure, isolated, sharedMemory, cores, threads, cacheStorage } = environment;
  return [
    [t('device.secure'), flag(secure)],
    [t('device.isolated'), flag(isolated)],
    [t('device.shared-memory'), flag(sharedMemory)],
    [t('device.suspended'), flag(findings?.jspi)],
    [t('device.cores'), number(cores)],
    [t('device.threads'), number(threads)],
    [t('device.stores'), flag(cacheStorage)],
    ['Mattebox', t('device.version', { version, tree })],
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
    [t('device.build'), latest?.runtime?.build ?? t('fact.none-yet')],
    [t('device.threads-asked'), latest ? formatList([latest.threads.asked, latest.threads.got].map((one) => number(one)), 'unit') : t('fact.none-yet')],
    [t('device.heap'), heap === null ? t('fact.not-known-yet') : formatBytes(heap)],
    [t('device.memory'), device === null ? t('fact.not-told') : t('device.memory.least', { size: device })],
  ];
}

/**
 * @param {Diagnosis} diagnosis
 * @param {(id: string) => string} titleOf
 * @returns {Fact[]} what runs have taught
 */
export function learnedOf({ learned }, titleOf) {
  return Object.entries(learned).flatMap(([id, ways]) =>
    Object.entries(ways).map(([key, known]) => /** @type {Fact} */ ([t('learned.way', { model: titleOf(id), way: wayName(key) }), learnedWords(known)])),
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
