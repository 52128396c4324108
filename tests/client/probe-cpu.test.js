import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { SIZE, isProduct, matrices } from '../../client/gpu/matmul.js';
import { BYTES, cpuProduct, measureCpu } from '../../client/gpu/matmul-cpu.js';
import { assembled } from './assemble.js';

describe('the product on the CPU', () => {
  test('its bytes are those of its source', async () => {
    assert.equal(BYTES, await assembled('matmul.wat'));
  });

  test('it is right, value by value', () => {
    const { a, b } = matrices();
    const { multiply, product } = cpuProduct();
    multiply();
    const c = product();
    for (let row = 0; row < SIZE; row++) {
      for (let column = 0; column < SIZE; column++) {
        let sum = 0;
        for (let k = 0; k < SIZE; k++) sum += a[row * SIZE + k] * b[k * SIZE + column];
        assert.equal(c[row * SIZE + column], sum);
      }
    }
    assert.ok(isProduct({ a, b }, c));
  });

  test('the check finds any single wrong value, and a result of the wrong size', () => {
    const factors = matrices();
    const { multiply, product } = cpuProduct();
    multiply();
    const right = product();
    for (let at = 0; at < right.length; at += 997) {
      const wrong = right.slice();
      wrong[at] += 1;
      assert.equal(isProduct(factors, wrong), false, `${at}`);
    }
    assert.equal(isProduct(factors, right.subarray(1)), false);
    assert.equal(isProduct(factors, new Float32Array(0)), false);
  });

  test('matrices that make a check worth something: no two rows alike, both signs', () => {
    const { a, b } = matrices();
    for (const matrix of [a, b]) {
      const rows = Array.from({ length: SIZE }, (_, row) => String(matrix.subarray(row * SIZE, (row + 1) * SIZE)));
      assert.equal(new Set(rows).size, SIZE);
      assert.deepEqual([Math.min(...matrix), Math.max(...matrix)], [-4, 4]);
    }
    assert.notDeepEqual(a, b);
  });
});

describe('measuring the CPU', () => {
  test('a plausible speed', () => {
    const { gflops, ms } = measureCpu();
    // From a loaded old machine to twice of what four floats at a time can do at 6 GHz.
    assert.ok(gflops > 0.1 && gflops < 200, `${gflops}`);
    assert.ok(ms > 0);
  });

  test('a clock that stands still, or jumps, does not keep it', () => {
    assert.equal(measureCpu(40, () => 7), null);
    let calls = 0;
    const found = measureCpu(40, () => Math.floor(calls++ / 20) * 100);
    assert.ok(found === null || found.gflops > 0);
  });

  test('without WebAssembly SIMD there is nothing to compare', (t) => {
    t.mock.method(WebAssembly, 'Module', function refused() { throw new WebAssembly.CompileError('no SIMD'); });
    assert.equal(measureCpu(), null);
  });
});
