/**
 * One thread of WebAssembly with 128-bit SIMD, at its best: what the CPU could reach in a network is below this times
 * its threads.
 *
 * @typedef {import('../shared/protocol.js').Speed} Speed
 */
import { FLOP, SIZE, matrices } from './matmul.js';

/** tests/client/matmul.wat, assembled; a test compares. This realm may fetch nothing, so the bytes are here. */
export const BYTES =
  'AGFzbQEAAAABCgJgA39/fwBgAAADAwIAAQUDAQAMBxUCBm1lbW9yeQIACG11bHRpcGx5AAEK2gICigICAX8LeyAAQYAgaiEDA0AgAf0ABAAhBCAB/QAEECEF' +
  'IAD9CQIAIQYgByAGIAT95gH95AEhByAIIAYgBf3mAf3kASEIIAD9CQIEIQYgCSAGIAT95gH95AEhCSAKIAYgBf3mAf3kASEKIAD9CQIIIQYgCyAGIAT95gH9' +
  '5AEhCyAMIAYgBf3mAf3kASEMIAD9CQIMIQYgDSAGIAT95gH95AEhDSAOIAYgBf3mAf3kASEOIAFBIGohASAAQRBqIgAgA0kNAAsgAiAH/QsEACACIAj9CwQQ' +
  'IAIgCf0LBIAIIAIgCv0LBJAIIAIgC/0LBIAQIAIgDP0LBJAQIAIgDf0LBIAYIAIgDv0LBJAYC0wBAn9BACEBA0BBACEAA0AgAEEMdEGAgBAgAUENdGpBgIAg' +
  'IABBDHQgAUEFdGpqEAAgAEEBaiIAQcAASQ0ACyABQQFqIgFBIEkNAAsL';

/** Where the three matrices are in its memory, in floats, and how wide the strips are that A and B are cut into. */
const AT = { a: 0, b: 0x10000, c: 0x20000 };
const STRIP = { rows: 4, columns: 8 };

/** Engines start with code that was compiled quickly and have the fast one ready, on another thread, some ms later. */
const WARM_UP_MS = 10;
/** How many ticks of the clock a round must last: five tell the speed to 20 % where they are 1 ms, the coarsest by default. */
const TICKS = 5;
/** A clock that stands still (some browsers round to 100 ms on request) must not keep us here. */
const MOST_PRODUCTS = 128;

/** @returns {{ multiply: () => void, product: () => Float32Array }} `product` is C, row-major */
export function cpuProduct() {
  const module = new WebAssembly.Module(Uint8Array.from(atob(BYTES), (character) => character.charCodeAt(0)));
  const { memory, multiply } = /** @type {{ memory: WebAssembly.Memory, multiply: () => void }} */ (
    /** @type {unknown} */ (new WebAssembly.Instance(module).exports)
  );
  const floats = new Float32Array(memory.buffer);
  const { a, b } = matrices();
  for (let i = 0; i < SIZE; i++) {
    for (let j = 0; j < SIZE; j++) {
      floats[AT.a + (i - (i % STRIP.rows)) * SIZE + j * STRIP.rows + (i % STRIP.rows)] = a[i * SIZE + j];
      floats[AT.b + (j - (j % STRIP.columns)) * SIZE + i * STRIP.columns + (j % STRIP.columns)] = b[i * SIZE + j];
    }
  }
  return { multiply, product: () => floats.slice(AT.c, AT.c + SIZE * SIZE) };
}

/**
 * Blocks this thread for about `budgetMs`. The best round counts: others may have been interrupted, the shorter the less.
 * @param {number} [budgetMs]
 * @param {() => number} [now] ms
 * @returns {Speed | null} null without SIMD, which every build of the runtime needs too, or without a clock
 */
export function measureCpu(budgetMs = 40, now = () => performance.now()) {
  const multiply = startProduct();
  if (!multiply) return null;
  const started = now();
  for (let i = 0; i < MOST_PRODUCTS && now() - started < WARM_UP_MS; i++) multiply();
  const shortest = TICKS * tick(now);
  let best = 0;
  let products = 1;
  for (let total = 0; total < MOST_PRODUCTS && (best === 0 || now() - started < budgetMs); total += products) {
    const before = now();
    for (let i = 0; i < products; i++) multiply();
    const ms = now() - before;
    if (ms > 0) best = Math.max(best, (FLOP * products) / ms);
    if (ms < shortest) products *= 2;
  }
  return best > 0 ? { gflops: best / 1e6, ms: now() - started } : null;
}

/**
 * @param {() => number} now
 * @returns {number} ms between two times that differ, 0 when none do for a while
 */
function tick(now) {
  const started = now();
  for (let i = 0; i < 100_000; i++) {
    const later = now();
    if (later > started) return later - started;
  }
  return 0;
}

/** @returns {(() => void) | null} */
function startProduct() {
  try {
    return cpuProduct().multiply;
  } catch {
    return null;
  }
}
