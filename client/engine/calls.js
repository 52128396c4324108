/**
 * What the calls of the public seam share: the engine, and what is kept of each run.
 *
 * @typedef {import('../shared/protocol.js').OutputOptions} OutputOptions
 * @typedef {import('../shared/protocol.js').Report} Report
 */
import { MatteboxError } from '../shared/errors.js';
import { checkOutput } from '../finish/output-options.js';
import { Engine } from './engine.js';
import { blankReport } from './report.js';
import { RunHistory } from './run-history.js';
import { Supplies } from './supplies.js';

export const history = new RunHistory();
/** This module stands at `assets/<tree>/engine/calls.js` below the site's root, whatever prefix the site has. */
export const site = new URL('../../../', import.meta.url);
export const supplies = new Supplies(site.href);
export const engine = new Engine(site, history, recorded, supplies);
/** Until what came of a first cutout has been seen: then what keeps runs is loaded. */
const SEEN_MS = 2000;
/** Runs behind which somebody may be waiting for a first file. */
const FIRST = ['cutout', 'preload', 'proof'];
/** @type {Promise<import('./diagnostics.js').Diagnostics> | null} */
let loading = null;
/** Runs that are still to be kept. @type {import('./diagnostics-entry.js').Entry[]} */
const due = [];

/** @returns {Promise<import('./diagnostics.js').Diagnostics>} what is kept of runs */
export async function entries() {
  loading ??= import('./diagnostics.js').then(({ Diagnostics }) => new Diagnostics()).catch((error) => {
    loading = null;
    throw error;
  });
  const all = await loading;
  for (const entry of due.splice(0)) void all.add(entry);
  return all;
}

/** @param {import('./diagnostics-entry.js').Entry} entry kept as it is now */
function keep(entry) {
  due.push(structuredClone(entry));
  const load = () => void entries().catch(() => {});
  if (loading || !FIRST.includes(entry.kind)) load();
  else setTimeout(load, SEEN_MS);
}

/**
 * @template T
 * @param {import('./diagnostics-entry.js').Entry['kind']} kind
 * @param {(report: Report) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function recorded(kind, work) {
  const at = Date.now();
  const report = blankReport();
  try {
    const result = await work(report);
    keep({ at, kind, report, error: null });
    return result;
  } catch (thrown) {
    const error = MatteboxError.from(thrown);
    if (error.code !== 'cancelled') keep({ at, kind, report, error: error.toWire() });
    throw error;
  }
}

/**
 * @param {string} option
 * @param {unknown} value
 * @param {{ pixels: boolean }} [may]
 * @returns {Promise<Blob>}
 * @throws {MatteboxError} `bad-option`
 */
export async function asFile(option, value, may) {
  if (value instanceof Blob) return value;
  const { fileOf } = await import('./photo-input.js');
  return fileOf(option, value, may);
}

/**
 * @param {OutputOptions} [output]
 * @returns {Promise<OutputOptions>} whose background is a file
 * @throws {MatteboxError} `bad-option`
 */
export async function readyOutput(output = {}) {
  checkOutput(output);
  const { background } = output;
  return background?.kind === 'image' ? { ...output, background: { ...background, image: await asFile('output.background.image', background.image) } } : output;
}
