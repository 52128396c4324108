/**
 * @typedef {import('../shared/protocol.js').Report} Report
 */
import { deviceMemory, environment } from './environment.js';
import { found } from '../shared/policy.js';

/** @returns {Report} to be filled in as things become known */
export function blankReport() {
  const { isolated, secure } = environment();
  return {
    model: { id: '', sha256: '' },
    requested: 'auto',
    backend: null,
    reason: '',
    attempts: [],
    threads: { asked: 0, got: 0 },
    isolated,
    secure,
    walls: found.walls,
    bytes: { expected: 0, received: 0, stored: 0 },
    runtime: null,
    adapter: null,
    verdict: null,
    memory: { heap: null, device: deviceMemory() ?? null },
    canary: null,
    storage: null,
    size: null,
    result: null,
    applied: { refined: false, decontaminated: false, profile: false, copyright: false },
    notes: [],
    doubts: [],
    ms: { judge: 0, download: 0, create: 0, canary: 0, decode: 0, pre: 0, run: 0, post: 0, compose: 0, encode: 0, total: 0 },
  };
}

/**
 * @param {Report} report to be filled with what was used
 * @param {import('../shared/protocol.js').Catalog} catalog
 * @param {{ threads?: number }} asked
 * @param {Pick<import('./live-session.js').LiveSession, 'step' | 'facts'>} session
 */
export function fillReport(report, catalog, { threads }, { step, facts }) {
  const failed = report.attempts.findLast(({ backend, outcome }) => outcome === 'failed' && backend !== step.backend);
  Object.assign(report, {
    backend: step.backend,
    canary: facts.canary,
    threads: { asked: threads ?? environment().cores, got: facts.threads },
    runtime: { version: catalog.runtime.version, build: step.build, simd: true },
  });
  // The plan was right about the first attempt only until it failed.
  if (failed) report.reason = failed.code ?? report.reason;
  report.memory.heap = facts.heap;
}
