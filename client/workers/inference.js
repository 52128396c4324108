/**
 * The inference realm: it sees pixels and may open no connection. Its policy (`connect-src 'none'`) comes with this
 * script's own response headers, so everything binary reaches it through the store or by transfer.
 *
 * One worker holds one model. It is stopped by being terminated: a running model cannot be interrupted.
 */
import { serve } from '../shared/channel.js';
import { MatteboxError } from '../shared/errors.js';
import { loadCodec } from '../image/write/encode.js';
import { inspect } from '../image/read/inspect.js';
import { Store } from '../storage/store.js';
import { cutout } from '../tasks/cutout.js';
import { decodeBackdrop, finishAgain } from '../tasks/finish.js';
import { Gpu } from '../gpu/device.js';
import { Runtime } from '../runtime/ort.js';
import { lookAtGpu } from '../gpu/probe.js';
import { Runner } from '../tasks/matting.js';

/** @typedef {import('../shared/protocol.js').Model} Model */
/** @typedef {import('../shared/protocol.js').Supply} Supply */

/** Codecs that read, and who takes their binary. The others write. */
/** @type {Partial<Record<import('../shared/protocol.js').CodecName | 'png', (bytes: ArrayBuffer) => Promise<void>>>} */
const READERS = {
  heif: async (bytes) => (await import('../image/read/heif.js')).loadHeif(bytes),
  jxl: async (bytes) => (await import('../image/read/jxl.js')).loadJxl(bytes),
  magick: async (bytes) => (await import('../image/read/magick.js')).loadMagick(bytes),
  'avif-reader': async (bytes) => (await import('../image/read/avif-hdr.js')).loadAvifReader(bytes),
  lcms: async (bytes) => (await import('../image/read/lcms.js')).loadLcms(bytes),
};

/** @type {{ runner: Runner, runtime: Runtime } | null} */
let ready = null;

/**
 * @param {Supply} supply
 * @returns {Promise<ArrayBuffer>} verified bytes
 */
async function bytesOf({ file, buffer }) {
  if (buffer) return buffer;
  const store = await Store.open();
  if (!store) throw new MatteboxError('storage-failed', { name: file.name, source: 'store' });
  const bytes = await store.read(file);
  void store.touch(file);
  return bytes;
}

/**
 * @param {Model} model
 * @param {Supply[]} supplies
 * @returns {(file: import('../shared/protocol.js').Deliverable) => Promise<ArrayBuffer>} bytes in memory are let go with their last use
 */
function reader({ parts }, supplies) {
  const left = parts.flatMap(({ files }) => files.map(({ sha256 }) => sha256));
  return async ({ sha256 }) => {
    const supply = supplies.find(({ file }) => file.sha256 === sha256);
    if (!supply) throw new MatteboxError('internal', { cause: 'a part without its file' });
    left.splice(left.indexOf(sha256), 1);
    const bytes = await bytesOf(supply);
    if (!left.includes(sha256)) supply.buffer = null;
    return bytes;
  };
}

/**
 * An array that could not be had throws a RangeError in every engine, wherever a stage made it.
 * @param {unknown} thrown
 * @returns {never}
 */
function asMemory(thrown) {
  throw thrown instanceof RangeError ? MatteboxError.from(thrown, 'out-of-memory') : thrown;
}

/** @type {import('../shared/channel.js').Handlers<import('../shared/protocol.js').InferenceCalls>} */
const handlers = {
  judge: ({ known }) => lookAtGpu({ known }),

  async prepare({ site, backend, build, threads, glue, runtime: binary, png, model, files, isPassed }, { progress }) {
    const started = performance.now();
    progress({ stage: 'starting' });
    const isGpu = backend === 'webgpu';
    // The device first: without one, nothing has been read in vain.
    const gpu = isGpu ? await Gpu.open(model.requirements.webgpu) : null;
    const [binaryBytes, codec] = await Promise.all([binary, png].map(bytesOf));
    await loadCodec('png', codec);
    const runtime = await Runtime.start({ build, glue: new URL(glue, site).href, binary: binaryBytes, threads, gpu });

    progress({ stage: 'creating' });
    const runner = await Runner.load(runtime, model, { isGpu, read: reader(model, files) });
    const create = performance.now() - started;

    if (!isPassed) progress({ stage: 'canary' });
    const checked = isPassed ? { canary: 0, first: null, run: null } : await runner.check();
    ready = { runner, runtime };
    return { threads: runtime.threads, heap: runtime.heap, canary: isPassed ? 'remembered' : 'passed', ms: { create, ...checked } };
  },

  inspect: ({ blob, reduce }) => inspect(blob, { reduce }),

  async load({ codec, supply }) {
    const bytes = await bytesOf(supply);
    const read = READERS[codec];
    if (read) await read(bytes);
    else await loadCodec(/** @type {'png' | 'webp' | 'avif'} */ (codec), bytes);
  },

  finish: ({ source, matte, output, reduce }) => finishAgain(source, matte, { ...output, reduce }).catch(asMemory),

  async check({ source }) {
    const { width, height } = await decodeBackdrop(source).catch(asMemory);
    return { width, height };
  },

  async cutout(photo, { progress }) {
    if (!ready) throw new MatteboxError('internal', { cause: 'cutout before prepare' });
    const { runner, runtime } = ready;
    return { ...(await cutout(photo, runner, progress).catch(asMemory)), heap: runtime.heap };
  },
};

serve(globalThis, handlers);
