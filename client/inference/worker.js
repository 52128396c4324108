/**
 * The inference realm: it sees pixels and may open no connection. Its policy (`connect-src 'none'`) comes with this
 * script's own response headers, so everything binary reaches it through the store or by transfer.
 *
 * One worker holds one session. It is stopped by being terminated: a running model cannot be interrupted.
 */
import { serve } from '../channel.js';
import { MatteboxError } from '../errors.js';
import { loadPngCodec } from '../image/encode.js';
import { Store } from '../storage/store.js';
import { cutout } from './cutout.js';
import { Gpu } from './gpu.js';
import { Runtime } from './ort.js';
import { lookAtGpu } from './probe.js';
import { assertInterface, runCanary } from './session.js';

/** @typedef {import('../protocol.js').Model} Model */

/** @type {{ session: import('./ort.js').Session, model: Model, runtime: Runtime, isGpu: boolean } | null} */
let ready = null;

/**
 * @param {import('../protocol.js').Supply} supply
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

/** @type {import('../channel.js').Handlers<import('../protocol.js').InferenceCalls>} */
const handlers = {
  judge: ({ known }) => lookAtGpu({ known }),

  async prepare({ site, backend, build, threads, glue, runtime: binary, png, model, files }, { progress }) {
    const started = performance.now();
    progress({ stage: 'starting' });
    const isGpu = backend === 'webgpu';
    // The device first: without one, nothing has been read in vain.
    const gpu = isGpu ? await Gpu.open(model.requirements.webgpu) : null;
    const [binaryBytes, codec, ...parts] = await Promise.all([binary, png, ...files].map(bytesOf));
    await loadPngCodec(codec);
    const runtime = await Runtime.start({ build, glue: new URL(glue, site).href, binary: binaryBytes, threads, gpu });

    progress({ stage: 'creating' });
    const named = model.files.map(({ role, name }, i) => ({ role, name, bytes: parts[i] }));
    const session = await runtime.createSession(model.id, named);
    assertInterface(session, model);
    const create = performance.now() - started;

    progress({ stage: 'canary' });
    const first = await runCanary(session, model);
    // A GPU compiles its shaders in the first run: only the second tells how fast it is.
    const steady = isGpu ? await runCanary(session, model) : first;
    ready = { session, model, runtime, isGpu };
    const canary = isGpu ? first.canary + steady.canary : first.canary;
    return { threads: runtime.threads, heap: runtime.heap, ms: { create, canary, first: first.run, run: steady.run } };
  },

  async cutout({ blob }, { progress }) {
    if (!ready) throw new MatteboxError('internal', { cause: 'cutout before prepare' });
    const { session, model, runtime, isGpu } = ready;
    const doubt = async () => void (isGpu && (await runCanary(session, model)));
    return { ...(await cutout(blob, session, model, { progress, doubt })), heap: runtime.heap };
  },
};

serve(globalThis, handlers);
