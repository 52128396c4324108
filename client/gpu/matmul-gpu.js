/**
 * The product on the GPU: how fast, and whether it is right.
 *
 * What is timed is the difference between many products and one. To be told that work is done costs from 0.5 ms
 * (Chromium) to 100 ms (Firefox, where completion is polled), which says nothing about a network of hundred layers: it
 * waits once.
 *
 * @typedef {import('../shared/protocol.js').Speed} Speed
 * @typedef {import('../shared/protocol.js').Findings['gpu']} Outcome
 */
import { LATE, before } from './deadline.js';
import { FLOP, GROUPS, SHADER, SIZE, isProduct, matrices } from './matmul.js';

/** For opening a device and compiling the shader too, which may take some hundred ms the first time. */
const PATIENCE_MS = 1500;
/** For the products themselves. */
const BUDGET_MS = 50;
/** Each round has so many times more products than the one before, until the next would break the budget. */
const GROWTH = 8;
const MOST_PRODUCTS = 512;
/** When one product takes longer than Firefox's polling can account for, a better number would change nothing. */
const HOPELESS_MS = 150;
/** A submission, also an empty one, lets Firefox notice what is done (Mozilla bug 1870699); others do not mind. */
const NUDGE_MS = 4;
/** GPUBufferUsage and GPUMapMode, whose values are the specification's; TypeScript does not declare them. */
const MAP_READ = 0x1, COPY_SRC = 0x4, COPY_DST = 0x8, STORAGE = 0x80;
const MAP_MODE_READ = 0x1;
const BYTES = SIZE * SIZE * Float32Array.BYTES_PER_ELEMENT;

/**
 * @param {GPUAdapter} adapter used up by this: an adapter gives one device
 * @param {object} [options]
 * @param {number} [options.budgetMs] of computing, on top of opening, compiling and warming up
 * @param {number} [options.patienceMs] for everything
 * @param {() => number} [options.now] ms
 * @returns {Promise<Outcome>} never rejects; null where the clock is too coarse to tell
 */
export async function measureGpu(adapter, { budgetMs = BUDGET_MS, patienceMs = PATIENCE_MS, now = clock } = {}) {
  const over = new AbortController();
  const opening = (async () => adapter.requestDevice({ label: 'mattebox probe' }))();
  const measuring = opening.then((device) => (over.signal.aborted ? null : measure(device, budgetMs, now, over.signal)));
  try {
    const outcome = await before(patienceMs, measuring);
    return outcome === LATE ? { trouble: 'probe-timeout' } : outcome;
  } catch (thrown) {
    return { trouble: 'probe-failed', cause: String(thrown) };
  } finally {
    over.abort();
    // Also one that opens too late.
    void opening.then((device) => device.destroy()).catch(() => {});
  }
}

/**
 * @param {GPUDevice} device
 * @param {number} budgetMs
 * @param {() => number} now
 * @param {AbortSignal} over
 * @returns {Promise<Outcome>}
 */
async function measure(device, budgetMs, now, over) {
  const started = now();
  const broken = breakage(device);
  const factors = matrices();
  const multiply = await Promise.race([createProduct(device, factors, over), broken]);
  /** @param {number} products @returns {Promise<number>} ms */
  const timed = async (products) => {
    const sent = now();
    const c = await Promise.race([multiply(products), broken]);
    const ms = now() - sent;
    if (!isProduct(factors, c)) throw new WrongProduct();
    return ms;
  };
  try {
    await timed(1);
    const gflops = await speed(timed, budgetMs);
    return gflops === null ? null : { gflops, ms: now() - started };
  } catch (thrown) {
    if (thrown instanceof WrongProduct) return { trouble: 'probe-wrong' };
    throw thrown;
  }
}

const clock = () => performance.now();

class WrongProduct extends Error {}

/**
 * @param {(products: number) => Promise<number>} timed
 * @param {number} budgetMs
 * @returns {Promise<number | null>} GFLOP/s
 */
async function speed(timed, budgetMs) {
  const once = await timed(1);
  if (once > HOPELESS_MS) return FLOP / once / 1e6;
  let gflops = null;
  let spent = 0;
  for (let products = GROWTH; products <= MOST_PRODUCTS; products *= GROWTH) {
    const ms = await timed(products);
    const difference = Math.max(0, ms - once);
    // A difference that is small beside what it was taken from is noise; then only a lower bound is known.
    const [count, time] = difference > once / 2 ? [products - 1, difference] : [products, ms];
    if (time > 0) gflops = (FLOP * count) / time / 1e6;
    spent += difference;
    if (spent + difference * GROWTH > budgetMs) break;
  }
  return gflops;
}

/**
 * @param {GPUDevice} device
 * @returns {Promise<never>} rejects when the device is lost or an error comes up that nobody asked about
 */
function breakage(device) {
  const broken = new Promise((/** @type {(value: never) => void} */ _, reject) => {
    device.addEventListener('uncapturederror', ({ error }) => reject(new Error(error.message)));
    void device.lost.then(({ reason, message }) => reject(new Error(`device lost (${reason}): ${message}`)));
  });
  // The device is destroyed in the end, when nobody listens.
  broken.catch(() => {});
  return broken;
}

/**
 * @param {GPUDevice} device
 * @param {{ a: Float32Array, b: Float32Array }} factors
 * @param {AbortSignal} over nobody waits any more: a device that hangs need not settle its promises
 * @returns {Promise<(products: number) => Promise<Float32Array>>} does the same product so many times, and gives it
 */
async function createProduct(device, factors, over) {
  const module = device.createShaderModule({ code: SHADER });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'multiply' } });
  const [a, b] = [factors.a, factors.b].map((values) => {
    const buffer = device.createBuffer({ size: BYTES, usage: STORAGE | COPY_DST });
    device.queue.writeBuffer(buffer, 0, /** @type {Float32Array<ArrayBuffer>} */ (values));
    return buffer;
  });
  const c = device.createBuffer({ size: BYTES, usage: STORAGE | COPY_SRC | COPY_DST });
  const copy = device.createBuffer({ size: BYTES, usage: MAP_READ | COPY_DST });
  const entries = [a, b, c].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const bindings = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });

  return async (products) => {
    const encoder = device.createCommandEncoder();
    // What the round before has left there must not pass for this one's result.
    encoder.clearBuffer(c);
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    for (let i = 0; i < products; i++) pass.dispatchWorkgroups(GROUPS, GROUPS);
    pass.end();
    encoder.copyBufferToBuffer(c, 0, copy, 0, BYTES);
    device.queue.submit([encoder.finish()]);
    const nudging = setInterval(() => (over.aborted ? clearInterval(nudging) : device.queue.submit([])), NUDGE_MS);
    try {
      await copy.mapAsync(MAP_MODE_READ);
    } finally {
      clearInterval(nudging);
    }
    const product = new Float32Array(copy.getMappedRange().slice(0));
    copy.unmap();
    return product;
  };
}
