/**
 * Which parts of a generator are up together, and what of it this device cannot do. Pure.
 *
 * @typedef {import('../shared/protocol-generate.js').GenerateModel} GenerateModel
 * @typedef {import('../shared/protocol-generate.js').GeneratePart} GeneratePart
 * @typedef {import('../shared/protocol-generate.js').Making} Making
 * @typedef {import('../shared/protocol.js').Model} Model
 */
import { hasRoom } from './expected.js';

/** What WebAssembly's heap can have, in MiB. One never shrinks, so what takes turns in it adds up where it falls unluckily. */
const HEAP_MIB = 4096;

/**
 * Parts that run one after the other share a worker where there is room for what they need together, the last ones first: they are those
 * that the next seed needs again.
 * @param {GenerateModel} model
 * @param {number} [memory] `navigator.deviceMemory`, in GB
 * @param {boolean} [isStarting] whether the picture begins with another one
 * @returns {Model[]} some of its parts each, as a model that is routed and brought up by itself
 */
export function groupsOf(model, memory, isStarting = false) {
  /** @type {GeneratePart[][]} */
  const groups = [];
  for (const part of partsFor(model, isStarting).toReversed()) {
    const [first] = groups;
    const together = first && [part, ...first].reduce((sum, one) => sum + memoryOf(one, model.backends.includes('wasm')), 0);
    if (together && together <= HEAP_MIB && hasRoom(together, memory)) first.unshift(part);
    else groups.unshift([part]);
  }
  return groups.map((parts) => asModel(model, parts));
}

/** @param {GenerateModel} model @returns {boolean} whether a picture can begin with another one */
export const canStart = ({ parts }) => parts.some(({ role }) => role === 'vae-encoder');

/** @param {GenerateModel} model @param {boolean} isStarting @returns {GeneratePart[]} those that a picture goes through */
export const partsFor = ({ parts }, isStarting) => parts.filter(({ role }) => isStarting || role !== 'vae-encoder');

/** @param {Making} making @param {Model} group @returns {boolean} whether there is nothing left to do for its parts */
export function isDone({ words, start }, { parts }) {
  const made = new Set([...(words ? ['text-encoder'] : []), ...(start?.latents ? ['vae-encoder'] : [])]);
  return parts.every(({ role }) => made.has(String(role)));
}

/**
 * @param {GenerateModel} model
 * @param {GeneratePart[]} parts of it
 * @returns {Model} what router and worker take for a model
 */
export function asModel(model, parts) {
  const isWhole = parts.length === model.parts.length;
  const isReading = parts.some(({ role }) => role === 'text-encoder');
  const files = [...parts.flatMap((part) => part.files), ...(isReading ? tokenizerOf(model) : [])];
  const all = parts.map(({ requirements }) => requirements);
  /** @type {Record<string, number>} */
  const limits = {};
  for (const { webgpu } of all) for (const [name, limit] of Object.entries(webgpu?.limits ?? {})) limits[name] = Math.max(limit, limits[name] ?? 0);
  const made = {
    ...model,
    id: isWhole ? model.id : [model.id, ...parts.map(({ role }) => role)].join('-'),
    parts, files, fusion: null,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    gflop: parts.reduce((sum, { gflop }) => sum + gflop, 0),
    requirements: {
      memory_mib: all.reduce((sum, { memory_mib }) => sum + memory_mib, 0),
      webgpu: { features: [...new Set(all.flatMap(({ webgpu }) => webgpu?.features ?? []))], limits },
    },
  };
  return /** @type {Model} */ (/** @type {unknown} */ (made));
}

/**
 * @param {Pick<GeneratePart, 'requirements' | 'heap_mib'>} part
 * @param {boolean} isOnCpu where halves are widened
 * @returns {number} MiB
 */
const memoryOf = ({ requirements: { memory_mib }, heap_mib }, isOnCpu) => (isOnCpu ? heap_mib ?? memory_mib : memory_mib);

/** @param {GenerateModel} model @returns {GenerateModel['files']} */
export const tokenizerOf = ({ files }) => files.filter(({ role }) => role === 'tokenizer');

/**
 * @param {object} found
 * @param {{ parts: Pick<GeneratePart, 'role' | 'requirements' | 'heap_mib'>[], route: Pick<import('./router.js').Route, 'attempts' | 'reason' | 'verdict'> }[]} found.groups
 * @param {number} [found.memory] `navigator.deviceMemory`, in GB
 * @param {number} found.remaining bytes that are to be stored
 * @param {number | null} found.room bytes that may be stored; null where the browser does not tell
 * @returns {import('../shared/protocol-generate.js').Obstacle | null} the first thing that is in the way
 */
export function obstacle({ groups, memory, remaining, room }) {
  for (const { parts, route: { attempts, reason, verdict } } of groups) {
    const [{ role: part }] = parts;
    if (attempts.length === 0) return { code: verdict?.reason ?? reason, detail: { ...verdict?.detail, part } };
    const mib = parts.reduce((sum, one) => sum + memoryOf(one, attempts[0].backend === 'wasm'), 0);
    if (!hasRoom(mib, memory)) return { code: 'memory', detail: { part, need: 2 * mib, have: memory === undefined ? null : memory * 1024 } };
  }
  if (room !== null && room < remaining) return { code: 'storage-full', detail: { needed: remaining, available: room } };
  return null;
}
