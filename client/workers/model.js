/**
 * The worker that cuts out. It is of the inference realm: it sees pixels and may open no connection. Its policy (`connect-src 'none'`)
 * comes with this script's own response headers, so everything binary reaches it through the store or by transfer.
 *
 * It holds one model. It is stopped by being terminated: a running model cannot be interrupted.
 */
import { serve } from '../shared/channel.js';
import { MatteboxError } from '../shared/errors.js';
import { onDemand } from '../shared/on-demand.js';
import { encode } from '../image/write/encode.js';
import { draft } from '../document/derive/draft.js';
import { decodeBackdrop } from '../document/derive/file.js';
import { within } from '../document/derive/preview.js';
import { buffersOf } from '../document/document.js';
import { Runtime } from '../runtime/ort.js';
import { sessionBudget, SessionPool } from '../runtime/session-pool.js';
import { findTask } from '../tasks/index.js';
import { weightsOf } from '../tasks/parts.js';
import { asMemory, bytesOf, pixelCalls } from './pixel-calls.js';

/** @typedef {import('../shared/protocol.js').Model} Model */
/** @typedef {import('../shared/protocol.js').Supply} Supply */

const cutting = onDemand(() => import('../document/derive/cutout.js'), 'cutout.js');
const gpuDevice = onDemand(() => import('../gpu/device.js'), 'device.js');
const looks = onDemand(() => import('../document/derive/look.js'), 'look.js');
const segments = onDemand(() => import('../document/derive/segment.js'), 'segment.js');

/** @type {{ runtime: Runtime, isGpu: boolean, ms: number } | null} */
let brought = null;
/** @type {{ task: import('../tasks/matting.js').MattingTask, runtime: Runtime } | null} */
let ready = null;
/** The model's files. @type {Supply[]} */
const supplies = [];
/** Those are here that came behind the others. */
let haveRest = () => {};
/** @type {Promise<void>} */
const rest = new Promise((resolve) => { haveRest = resolve; });
/** @type {import('../document/derive/segment.js').Sights | null} */
let sights = null;

/**
 * @param {Model} model
 * @param {boolean} isOnce whether every part is read once only: bytes in memory are then let go with their last use
 * @returns {(file: import('../shared/protocol.js').Deliverable) => Promise<ArrayBuffer>}
 */
function reader({ parts }, isOnce) {
  const left = parts.flatMap(({ files }) => files.map(({ sha256 }) => sha256));
  return async ({ sha256 }) => {
    const find = () => supplies.find(({ file }) => file.sha256 === sha256);
    if (!find()) await rest;
    const supply = find();
    if (!supply) throw new MatteboxError('internal', { cause: 'a part without its file' });
    const at = left.indexOf(sha256);
    if (at >= 0) left.splice(at, 1);
    const bytes = await bytesOf(supply);
    // A runtime takes what it is given as its own; what is stored can be read again.
    if (supply.isStored || (isOnce && at >= 0 && !left.includes(sha256))) supply.buffer = null;
    return bytes;
  };
}

/** What is known of photos by a model that selects what is pointed at. */
async function seen() {
  const { task, runtime } = loaded();
  sights ??= new (await segments()).Sights();
  return { task: /** @type {import('../tasks/segment.js').Segmenting} */ (/** @type {unknown} */ (task)), runtime, sights };
}

function loaded() {
  if (!ready) throw new MatteboxError('internal', { cause: 'a photo before the model' });
  return ready;
}

/** @type {import('../shared/channel.js').Handlers<import('../shared/protocol.js').ModelCalls>} */
const handlers = {
  async loadScripts({ backend, build, glue, model, isLazy }) {
    // Where one cannot be had, what needs it tells.
    await Promise.allSettled([...Runtime.scripts(build, glue), findTask(model), ...(backend === 'webgpu' ? [gpuDevice()] : []), ...(isLazy ? [] : [cutting()])]);
  },

  async start({ backend, build, threads, glue, runtime: binary, model }) {
    const begun = performance.now();
    const isGpu = backend === 'webgpu';
    // The device first: without one, nothing has been read in vain.
    const gpu = isGpu ? await (await gpuDevice()).Gpu.open(model.requirements.webgpu) : null;
    const runtime = await Runtime.start({ build, glue, binary: await bytesOf(binary), threads, gpu });
    brought = { runtime, isGpu, ms: performance.now() - begun };
  },

  async prepare({ model, files, canary, isLazy }, { progress }) {
    if (!brought) throw new MatteboxError('internal', { cause: 'a model before the runtime' });
    const begun = performance.now();
    const { runtime, isGpu } = brought;
    const { load } = await findTask(model);
    /** @type {import('../tasks/parts.js').Pool} */
    const pool = new SessionPool(sessionBudget({ memory: deviceMemory(), isGpu }));
    supplies.push(...files);
    const read = reader(model, pool.holds(weightsOf(model.parts)));
    const task = await load(model, { runtime, pool, isGpu, isLazy, read, open: decodeBackdrop });
    const create = brought.ms + performance.now() - begun;

    const facts = { threads: runtime.threads, heap: runtime.heap };
    if (canary !== 'run') {
      ready = { task, runtime };
      return { ...facts, canary, ms: { create, canary: 0, first: null, run: null } };
    }
    progress({ stage: 'canary' });
    const checked = await task.check();
    ready = { task, runtime };
    return { ...facts, heap: runtime.heap, canary: 'passed', ms: { create, ...checked } };
  },

  async supply({ files }) {
    supplies.push(...files);
    haveRest();
  },

  async expect() {
    loaded().task.expect();
  },

  async complete() {
    const started = performance.now();
    await loaded().task.open();
    return { create: performance.now() - started };
  },

  async prove() {
    return { ms: await loaded().task.check() };
  },

  ...pixelCalls,

  async cutout(photo, { progress }) {
    const { task, runtime } = loaded();
    const { cutout } = await cutting();
    return { ...(await cutout(photo, task, progress).catch(asMemory)), heap: runtime.heap };
  },

  async draft(photo, { progress, transfer }) {
    const { task, runtime } = loaded();
    const { background } = photo.output;
    try {
      const picture = background?.kind === 'image' ? await within(await decodeBackdrop(background.image), photo.longest * 2) : null;
      const made = await draft(photo, task, progress, picture);
      for (const buffer of buffersOf(made.layered)) transfer(buffer);
      if (made.matte) transfer(made.matte.values.buffer);
      return { ...made, heap: runtime.heap };
    } catch (thrown) {
      return asMemory(thrown);
    }
  },

  async make({ making }, { progress }) {
    const { task, runtime } = /** @type {{ task: import('../tasks/generate.js').GenerateTask, runtime: Runtime }} */ (/** @type {unknown} */ (loaded()));
    const { pixels, ms, ...made } = await task.run(making, ({ done, of, ...step }) => progress({ stage: 'running', step: done + 1, of, .../** @type {{ part: string }} */ (step) }));
    const started = performance.now();
    const picture = pixels && (await encode(pixels));
    return { made: { ...made, picture }, heap: runtime.heap, ms: { run: ms, encode: performance.now() - started } };
  },

  async look(part, { progress, transfer }) {
    const { task, runtime } = loaded();
    const { lookAt } = await looks();
    const made = await lookAt(part, task, progress).catch(asMemory);
    transfer(made.matte.values.buffer);
    return { ...made, heap: runtime.heap };
  },

  async see(photo, { progress }) {
    const { task, runtime, sights: kept } = await seen();
    return { ...(await kept.see(photo, task, progress).catch(asMemory)), heap: runtime.heap };
  },

  async ask(question, { transfer }) {
    const { task, sights: kept } = await seen();
    const found = await kept.ask(question, task).catch(asMemory);
    if (found) transfer(found.answer.matte.values.buffer);
    return found;
  },

  async dropPhoto({ handle }) {
    sights?.drop(handle);
  },
};

/** In GB; browsers that do not tell leave it out. */
function deviceMemory() {
  return /** @type {{ deviceMemory?: number }} */ (navigator).deviceMemory;
}

serve(globalThis, handlers);
