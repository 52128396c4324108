/**
 * The edge brush is many loops, which engines compile once they have run for a while: the first stroke would take twice as long as later
 * ones. So it is run on a small drawing before a person needs it.
 */
import { applyEdge } from './edge.js';

/** Pixels of the drawing's side: a run of it takes no longer than a person notices. */
const SIDE = 72;
const RUNS = 12;

/**
 * @param {(run: () => void) => void} later calls it when nothing else is to be done
 * @param {number} [runs]
 */
export function warmUpEdge(later, runs = RUNS) {
  if (runs === 0) return;
  later(() => {
    const { matte, pixels } = drawing();
    applyEdge(matte, pixels, { kind: 'stroke', brush: 'edge', size: SIDE / 2, hardness: 1, points: Float32Array.of(SIDE / 2, SIDE / 4, 1, SIDE / 2, (3 * SIDE) / 4, 1) }, null);
    warmUpEdge(later, runs - 1);
  });
}

/** Two colours with a soft edge between them. */
function drawing() {
  const data = new Uint8ClampedArray(SIDE * SIDE * 4);
  const matte = new Uint16Array(SIDE * SIDE);
  for (let i = 0; i < matte.length; i++) {
    const x = i % SIDE;
    const share = Math.min(1, Math.max(0, (x - SIDE / 2) / 8 + 0.5));
    matte[i] = share * 65535;
    data.set([40 + 160 * share + (i % 5), 90 + 30 * share + (i % 3), 160 - 90 * share + (i % 7), 255], i * 4);
  }
  return { matte, pixels: { data, width: SIDE, height: SIDE } };
}
