import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { estimatedRunMs, expectedPhotoMs, hasRoom, workOf } from '../../client/engine/expected.js';
import { bestHere, isFiner, MOST_MS } from '../../client/page/best-here.js';

const MODELS = [['small', 'instant'], ['duo', 'fast'], ['light', 'fast'], ['large', 'best']].map(([id, tier]) => ({ id, tier }));
const catalog = (more = {}) => ({ models: MODELS, default: 'small', recommended: 'light', ...more });
const offers = (times) => Object.fromEntries(Object.entries(times).map(([id, photoMs]) => [id, { photoMs, hasRoom: true }]));

describe('what serves best here', () => {
  /** @type {[string, object, object, string | null][]} */
  const table = [
    ['what the catalog recommends, while nothing has been measured', catalog(), offers({ small: null, duo: null, light: null, large: null }), 'light'],
    ['the quickest of its kind: on a device with a GPU another one than on the processor', catalog(), offers({ small: 50, duo: 300, light: 4000, large: 900 }), 'duo'],
    ['and there, the recommended one', catalog(), offers({ small: 1500, duo: 6400, light: 4000, large: 9000 }), 'light'],
    ['what is known of another of its kind does not speak against it while nothing is known of it', catalog(), offers({ small: 50, duo: 300, light: null }), 'light'],
    ['another of its kind, where it cannot run here', catalog(), offers({ small: 50, duo: 300 }), 'duo'],
    ['the small one, where all others take too long', catalog(), offers({ small: 9000, duo: MOST_MS + 1, light: MOST_MS + 1, large: 10 * MOST_MS }), 'small'],
    ['the small one, where there is no memory for others', catalog(), { ...offers({ small: 1000 }), light: { photoMs: 4000, hasRoom: false }, duo: { photoMs: 4000, hasRoom: false } }, 'small'],
    ['where nothing is recommended, the finest that is known to be in time', catalog({ recommended: null }), offers({ small: 1000, duo: null, light: 4000, large: MOST_MS + 1 }), 'light'],
    ['and the small one, where nothing is known', catalog({ recommended: null }), offers({ small: null, duo: null, light: null, large: null }), 'small'],
    ['one that the operator made the default, where it is no small one', catalog({ default: 'large' }), offers({ small: null, light: null, large: null }), 'large'],
    ['nothing, while nothing is known of any', catalog(), {}, null],
  ];
  for (const [name, known, costs, id] of table) test(name, () => assert.equal(bestHere(known, costs), id));

  test('finer is what takes longer by its kind', () => {
    const [small, duo, light, large] = MODELS;
    assert.deepEqual([[light, small], [large, light], [small, light], [duo, light]].map(([one, other]) => isFiner(one, other)), [true, true, false, false]);
  });
});

describe('how long a photo should take', () => {
  const known = (runMs, photoMs) => ({ 'wasm×2': { runMs, photoMs } });
  const own = { gflop: 160, known: {} };
  const expected = (more) => expectedPhotoMs({ key: 'wasm×2', own, others: [], estimateMs: null, ...more });

  test('what was measured counts, whatever else is known', () => {
    assert.equal(expected({ own: { gflop: 160, known: known(3000, 3900) }, others: [{ gflop: 40, known: known(1200, 1500) }], estimateMs: 9000 }), 3900);
  });

  test('else it is counted from what another model took: the run by its work, the rest as it was', () => {
    assert.equal(expected({ others: [{ gflop: 40, known: known(1200, 1500) }], estimateMs: 9000 }), 5100);
  });

  test('of several, the one whose work is nearest', () => {
    assert.equal(expected({ others: [{ gflop: 10, known: known(1000, 1000) }, { gflop: 320, known: known(6000, 6500) }, { gflop: 40, known: known(1200, 1500) }] }), 3500);
  });

  test('whole numbers are computed in about half the time of floats', () => {
    const work = [{ gflop: 40 }, { gflop: 40, gflop_int8: 0 }, { gflop: 165, gflop_int8: 125 }].map(workOf);
    assert.deepEqual(work, [40, 40, 165 - 125 * 0.46]);
    // Measured on two quiet cores: 1,240 ms of one that has 39.5 GFLOP, then 3,956 ms of one that has 164.2, 124.7 of them in 8 bits.
    const others = [{ gflop: workOf({ gflop: 39.5, gflop_int8: 0 }), known: known(1240, 1240) }];
    const counted = expected({ own: { gflop: workOf({ gflop: 164.2, gflop_int8: 124.7 }), known: {} }, others });
    assert.ok(Math.abs(counted / 3956 - 1) < 0.2, `${counted} ms`);
  });

  test('another way of running it says nothing', () => {
    assert.equal(expected({ others: [{ gflop: 40, known: { jspi: { runMs: 20, photoMs: 90 } } }], estimateMs: 9000 }), 9000);
  });

  test('nothing, where nothing is known', () => assert.equal(expected({}), null));

  test('a small test of the device counts for both, a GPU by no more than what makes it worth taking', () => {
    const route = (backend, more) => ({ attempts: [{ backend }], cpuEstimateMs: 8000, expectedMs: null, verdict: { detail: { factor: 6, margin: 1.5 } }, ...more });
    assert.deepEqual([
      estimatedRunMs(route('webgpu')),
      estimatedRunMs(route('webgpu', { expectedMs: 90 })),
      estimatedRunMs(route('webgpu', { verdict: { detail: { factor: null, margin: 1.5 } } })),
      estimatedRunMs(route('webgpu', { cpuEstimateMs: null })),
      estimatedRunMs(route('wasm', { expectedMs: 8000 })),
    ], [2000, 90, null, null, 8000]);
  });
});

test('a run has room where the device has twice its memory; one that does not tell is a usual one', () => {
  assert.deepEqual([hasRoom(800, 1), hasRoom(800, 2), hasRoom(512, 1), hasRoom(2048), hasRoom(2049)], [false, true, true, true, false]);
});
