import { Engine } from '../../client/engine/engine.js';
import { serve } from '../../client/shared/channel.js';
import { RunHistory } from '../../client/engine/run-history.js';
import { blankReport } from '../../client/engine/report.js';
import { standIn } from './stand-in.js';
import { FakeWorker } from './worker-pair.js';

const file = (name, bytes, download = bytes) => ({ name, url: `files/${name}`, bytes, download, sha256: `sha of ${name}`, segments: ['x'] });
const model = (id, bytes, backends = ['wasm']) => ({
  id, title: id, files: [{ ...file(`${id}.onnx`, bytes), role: 'graph' }], bytes, backends, gflop: 10, requirements: { memory_mib: 100, webgpu: { features: [], limits: {} } },
});
const build = (name, bytes, download) => ({ glue: `${name}/glue.mjs`, binary: file(`${name}.wasm`, bytes, download) });

/** A catalog of two models for the CPU, one of whose names begins with the other's, and one for both. */
export const CATALOG = {
  segment_bytes: 100,
  default: 'u2netp',
  runtime: { version: '1.30.0', builds: { wasm: build('runtime', 1000, 250), jspi: build('jspi', 1200, 300), asyncify: build('asyncify', 2000, 500) } },
  codecs: { webp: file('webp.wasm', 100), avif: file('avif.wasm', 100), heif: file('heif.wasm', 100) },
  pipelines: [],
  models: [model('u2netp', 500), model('u2net', 9000), model('both', 700, ['webgpu', 'wasm'])],
};
/** Bytes on the wire for the default model. */
export const DOWNLOAD = 250 + 500;

const MS = { decode: 1, pre: 2, run: 30, post: 4, compose: 0, encode: 5 };
const APPLIED = { refined: true, decontaminated: true, profile: false, copyright: false };

/** The delivery realm over a set of stored files instead of a network and a store. */
function deliveryOf(kept) {
  return {
    catalog: async () => CATALOG,
    held: async ({ files }) => files.map(({ name, bytes }) => ({ whole: kept.has(name), have: kept.has(name) ? bytes : 0 })),
    async obtain({ file: { name, bytes }, keep }, { progress, transfer }) {
      progress({ loaded: bytes / 2 });
      const buffer = keep ? null : new ArrayBuffer(bytes);
      if (keep) kept.add(name);
      else transfer(buffer);
      return { buffer, received: bytes, storage: null };
    },
    distrust: async ({ file: { name } }) => void kept.delete(name),
    prune: async () => {},
  };
}

/** What a look finds where there is no GPU. */
export const NOTHING = { trouble: 'no-webgpu', adapter: null, key: '', jspi: true, gpu: null, cpu: null, remembered: false, ms: 1 };

const LIMITS = {
  maxBufferSize: 2 ** 32, maxStorageBufferBindingSize: 2 ** 31, maxUniformBufferBindingSize: 65_536, maxStorageBuffersPerShaderStage: 16, maxBindGroups: 4,
  maxBindingsPerBindGroup: 1000, maxComputeWorkgroupStorageSize: 32_768, maxComputeInvocationsPerWorkgroup: 1024, maxComputeWorkgroupSizeX: 1024,
  maxComputeWorkgroupSizeY: 1024, maxComputeWorkgroupSizeZ: 64, maxComputeWorkgroupsPerDimension: 65_535,
};
export const ADAPTER = { vendor: 'acme', architecture: 'roadrunner', device: '', description: '', fallback: false, features: [], limits: LIMITS };
/** A GPU that does ten times what both threads of the CPU do: a run of 10 GFLOP takes them about half a second. */
export const FOUND = { trouble: null, adapter: ADAPTER, key: 'k', jspi: true, gpu: { gflops: 200, ms: 5 }, cpu: { gflops: 10, ms: 5 }, remembered: false, ms: 20 };

/** The inference realm with a model that answers at once. */
const INFERENCE = {
  judge: async () => NOTHING,
  loadScripts: async () => {},
  start: async () => {},
  prepare: async ({ threads, canary }) => {
    const isRun = canary === 'run';
    const ms = isRun ? { create: 11, canary: 12, first: 14, run: 13 } : { create: 11, canary: 0, first: null, run: null };
    return { threads, heap: 1_000_000, canary: isRun ? 'passed' : canary, ms };
  },
  expect: async () => {},
  complete: async () => ({ create: 5 }),
  prove: async () => ({ ms: { canary: 12, first: 14, run: 13 } }),
  inspect: async () => ({ type: 'JPEG', drawing: null, width: 3, height: 2, codecs: [] }),
  load: async () => {},
  ahead: async () => {},
  finish: async ({ source }) => ({ cutout: source, size: { width: 3, height: 2 }, result: { width: 1, height: 1 }, applied: APPLIED }),
  async cutout({ source }, { progress }) {
    for (const stage of ['decoding', 'running', 'encoding']) progress({ stage });
    const size = { width: 3, height: 2 };
    return { cutout: source, matte: source, original: null, size, result: size, applied: APPLIED, notes: [], doubts: [], heap: 2_000_000, ms: MS };
  },
};

/**
 * An engine whose workers run in this thread, on a secure and isolated page with two cores.
 * @param {import('node:test').TestContext} t
 * @param {object} [options]
 * @param {object} [options.delivery] handlers in place of the usual ones
 * @param {object} [options.inference] the same, for every inference worker
 * @param {Record<string, unknown>} [options.page] other globals
 */
export function site(t, { delivery = {}, inference = {}, page = {} } = {}) {
  const kept = new Set();
  /** Every worker that was started, by realm. */
  const workers = { delivery: [], inference: [] };
  /** Every call that a worker answered, e.g. "delivery obtain", with its arguments. */
  const calls = [];
  const handlers = { delivery: { ...deliveryOf(kept), ...delivery }, inference: { ...INFERENCE, ...inference } };

  class SiteWorker extends FakeWorker {
    constructor(url, { type }) {
      super();
      const [, name] = /\/client\/workers\/(\w+)\.js$/.exec(String(url)) ?? [];
      const realm = name === 'delivery' ? name : 'inference';
      if (type !== 'module' || !workers[realm]) throw new Error(`no worker at ${url}`);
      workers[realm].push(this);
      const noted = ([kind, handler]) => [kind, (args, context) => (calls.push({ call: `${realm} ${kind}`, args }), handler(args, context))];
      serve(this.scope, Object.fromEntries(Object.entries(handlers[realm]).map(noted)));
    }
  }
  const secure = { isSecureContext: true, crossOriginIsolated: true, caches: {}, navigator: { hardwareConcurrency: 2, gpu: {} }, localStorage: undefined };
  standIn(t, { Worker: SiteWorker, ...secure, ...page });

  const memoryStorage = new Map();
  const storage = { getItem: (key) => memoryStorage.get(key) ?? null, setItem: (key, value) => memoryStorage.set(key, value), removeItem: (key) => memoryStorage.delete(key) };
  const history = new RunHistory({ open: () => storage, browser: 'a browser' });
  const engine = new Engine(new URL('https://mattebox.test/sub/'), history);
  // Its idle worker would keep this process waiting.
  t.after(async () => (await engine.documents()).end());
  const stages = [];
  /** A cutout of a photo, its progress noted in `stages`. */
  const cut = async (choice = {}, signal = undefined, output = {}, onWithdraw = undefined) => {
    const report = blankReport();
    const watch = { signal, onProgress: (event) => stages.push(event), onWithdraw };
    return { ...(await engine.cutout({ blob: new Blob(['photo']), output, reduce: false }, { backend: 'auto', ...choice }, watch, report)), report };
  };
  const preload = async (choice = {}, signal = undefined) => {
    const report = blankReport();
    await engine.preload({ backend: 'auto', ...choice }, { signal, onProgress: () => {} }, report);
    return report;
  };
  const offer = (id) => engine.offer({ model: id, backend: 'auto' });
  const argsOf = (call) => calls.filter((each) => each.call === call).map(({ args }) => args);
  return { engine, history, cut, preload, offer, stages, workers, calls, argsOf, kept };
}

/** A handler that waits until it is let go, call by call. */
export function gate(handler) {
  const waiting = [];
  const gated = async (args, context) => {
    await new Promise((resolve) => waiting.push({ args, context, open: resolve }));
    return handler(args, context);
  };
  return { waiting, gated };
}

export { INFERENCE };
