/**
 * The work that GPU and CPU are compared by: C = A B, 256 x 256, f32. Large enough to fill a small GPU (64 workgroups)
 * and small enough for one CPU thread to do it several times within the budget.
 *
 * The entries are small integers, so that every sum is below 2^24 and exact in f32 in whatever order it is made: a
 * product is right or wrong, without a tolerance.
 */

/** Rows and columns. */
export const SIZE = 256;
/** Floating-point operations of one product. */
export const FLOP = 2 * SIZE ** 3;

/** @returns {{ a: Float32Array, b: Float32Array }} row-major, entries -4..4; the same on every call */
export function matrices() {
  return { a: fill(1), b: fill(2) };
}

/** @param {number} seed */
function fill(seed) {
  const next = generator(seed);
  const values = new Float32Array(SIZE * SIZE);
  for (let i = 0; i < values.length; i++) values[i] = (next() % 9) - 4;
  return values;
}

/**
 * @param {number} seed
 * @returns {() => number} 0..65535 (Numerical Recipes' linear congruential generator, upper half)
 */
function generator(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 16;
  };
}

/**
 * Freivalds' check: C r = A (B r) for a vector r of random integers. A wrong entry cannot hide, wherever it is, and it
 * costs 0.2 million multiplications instead of 17. All sums are integers below 2^41, exact in a double.
 * @param {{ a: Float32Array, b: Float32Array }} factors
 * @param {Float32Array} c row-major
 */
export function isProduct({ a, b }, c) {
  const next = generator(3);
  const r = Float64Array.from({ length: SIZE }, () => next() + 1);
  const expected = times(a, times(b, r));
  return c.length === SIZE * SIZE && times(c, r).every((value, i) => value === expected[i]);
}

/**
 * @param {Float32Array} matrix
 * @param {Float64Array} vector
 */
function times(matrix, vector) {
  const product = new Float64Array(SIZE);
  for (let row = 0; row < SIZE; row++) {
    let sum = 0;
    for (let column = 0; column < SIZE; column++) sum += matrix[row * SIZE + column] * vector[column];
    product[row] = sum;
  }
  return product;
}

/** Invocations of a workgroup in x and y, and what each of its two tiles measures in rows and columns. */
const GROUP = 8;
const TILE = GROUP * 4;
/** Workgroups in x and y. */
export const GROUPS = SIZE / TILE;

/**
 * As the runtime's own shader does it: 8 x 8 invocations share tiles of 32 x 32 in workgroup memory (8 KB of the
 * 16 KB that every adapter has), and each sums 4 x 4 values in registers.
 */
export const SHADER = `
const VECTORS = ${SIZE / 4}u;
@group(0) @binding(0) var<storage, read> a: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> b: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> c: array<vec4<f32>>;
var<workgroup> tileA: array<array<vec4<f32>, ${GROUP}>, ${TILE}>;
var<workgroup> tileB: array<array<vec4<f32>, ${GROUP}>, ${TILE}>;

@compute @workgroup_size(${GROUP}, ${GROUP})
fn multiply(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  var sums: array<vec4<f32>, 4>;
  for (var k = 0u; k < VECTORS; k += ${GROUP}u) {
    for (var i = 0u; i < 4u; i++) {
      let row = local.y * 4u + i;
      tileA[row][local.x] = a[(group.y * ${TILE}u + row) * VECTORS + k + local.x];
      tileB[row][local.x] = b[(k * 4u + row) * VECTORS + group.x * ${GROUP}u + local.x];
    }
    workgroupBarrier();
    for (var j = 0u; j < ${GROUP}u; j++) {
      let b0 = tileB[j * 4u][local.x];
      let b1 = tileB[j * 4u + 1u][local.x];
      let b2 = tileB[j * 4u + 2u][local.x];
      let b3 = tileB[j * 4u + 3u][local.x];
      for (var i = 0u; i < 4u; i++) {
        let row = tileA[local.y * 4u + i][j];
        sums[i] += row.x * b0 + row.y * b1 + row.z * b2 + row.w * b3;
      }
    }
    workgroupBarrier();
  }
  for (var i = 0u; i < 4u; i++) {
    c[(group.y * ${TILE}u + local.y * 4u + i) * VECTORS + group.x * ${GROUP}u + local.x] = sums[i];
  }
}`;
