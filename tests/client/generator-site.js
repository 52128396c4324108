/**
 * A site with a generator installed, whose worker makes pictures at once: what each part adds to one is written into it.
 */
import { Generators } from '../../client/engine/generator.js';
import { Room } from '../../client/engine/room.js';
import { Supplies } from '../../client/engine/supplies.js';
import { GpuCheck } from '../../client/engine/gpu-check.js';
import { RunHistory } from '../../client/engine/run-history.js';
import { blankReport } from '../../client/engine/report.js';
import { CATALOG, FOUND, INFERENCE, site } from './site.js';

const file = (role, name, bytes) => ({ role, name, url: `files/${name}`, bytes, download: bytes, sha256: `sha of ${name}`, segments: ['x'] });
const TOKENS = [file('tokenizer', 'vocab.json', 30), file('tokenizer', 'merges.txt', 20)];
const part = (role, bytes, memory_mib, limits = {}) => ({
  model: `words/${role}`, role, files: [file('graph', `${role}.onnx`, bytes)], dimensions: {}, inputs: [], outputs: [], canary: {},
  gflop: 10, heap_mib: memory_mib + 50, requirements: { memory_mib, webgpu: { features: ['shader-f16'], limits } },
});

/** @param {Record<string, number>} [memory] MiB of each part */
export function generatorOf({ text = 1400, encoder = 0, unet = 3400, decoder = 900 } = {}, backends = ['webgpu']) {
  const starts = encoder > 0 ? [part('vae-encoder', 70, encoder)] : [];
  const parts = [part('text-encoder', 700, text), ...starts, part('unet', 1700, unet, { maxBufferSize: 2 ** 28 }), part('vae-decoder', 100, decoder)];
  const files = [...parts.flatMap(({ files: own }) => own), ...TOKENS];
  return {
    id: 'words', title: 'Words', summary: '', tier: 'best', task: 'generate', licence: 'LicenseRef-Some', files, parts, backends, gflop: 30,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), requirements: parts.at(-2).requirements,
    rules: { tokenizer: {}, scheduler: {}, scale: 1, terms: { title: 'Some licence', isRestricted: true } },
  };
}

/** A GPU with halves. */
export const HALVES = { ...FOUND, adapter: { ...FOUND.adapter, features: ['shader-f16'] } };
/** The roles that a worker was prepared with. */
const rolesOf = ({ model }) => model.parts.map(({ role }) => role);
export const PICTURE = new Blob(['picture'], { type: 'image/png' });

/** What a worker with these parts makes of a picture on its way. */
export async function make(roles, { making }, { progress }) {
  for (const [i, role] of roles.entries()) {
    progress({ stage: 'running', part: role, step: i + 1, of: roles.length });
    if (role === 'text-encoder') making = { ...making, words: { type: 'float32', dims: [1], data: Float32Array.of(making.prompt.length) }, isCut: making.prompt.length > 77 };
    if (role === 'vae-encoder') making = { ...making, start: { ...making.start, latents: Float32Array.of(making.start.picture.size) } };
    if (role === 'unet') making = { ...making, latents: Float32Array.of(making.words.data[0], making.seed, ...(making.start?.latents ?? [])) };
    if (role === 'vae-decoder') making = { ...making, picture: new Blob([making.latents.join()], { type: 'image/png' }) };
  }
  return { made: making, heap: 5_000_000, ms: { run: 7, encode: 1 } };
}

/**
 * @param {import('node:test').TestContext} t
 * @param {{ models?: object[], findings?: object, memory?: number, estimate?: object, inference?: object, delivery?: object }} [options] `inference.make`
 *   and `inference.prepare` are given the roles first; `budget`: bytes of models that may be up
 */
export function generating(t, { models = [generatorOf()], findings = HALVES, memory = 8, estimate, inference = {}, delivery = {}, budget = 2000 } = {}) {
  let roles = [];
  const ours = {
    judge: async () => findings,
    prepare: async (args, context) => {
      roles = rolesOf(args);
      await inference.prepare?.(roles, args, context);
      return INFERENCE.prepare(args, context);
    },
    make: (args, context) => (inference.make ?? make)(roles, args, context),
  };
  const navigator = { hardwareConcurrency: 2, gpu: {}, deviceMemory: memory, ...(estimate && { storage: { estimate: async () => estimate } }) };
  const place = site(t, { inference: ours, delivery: { catalog: async () => ({ ...CATALOG, pipelines: models }), ...delivery }, page: { navigator } });
  const room = new Room(budget);
  const generators = new Generators('https://mattebox.test/sub/', new Supplies('https://mattebox.test/sub/'), new RunHistory({ open: () => ({ getItem: () => null, setItem() {}, removeItem() {} }) }), new GpuCheck(), room);
  t.after(() => generators.rest());
  const events = [];
  const generate = async (wanted = {}, report = blankReport()) => generators.generate({ prompt: 'a marble table', seed: 5, onProgress: (event) => events.push(event), ...wanted }, report);
  /** The roles of every worker that was prepared. */
  const prepared = () => place.argsOf('inference prepare').map(rolesOf);
  return { ...place, room, generators, generate, events, prepared };
}
