/**
 * A WebGPU that multiplies matrices as fast, as late and as wrongly as a test wants it, by a clock of its own: nothing
 * here takes real time, except what never ends.
 */
import { FLOP, GROUPS, matrices } from '../../client/gpu/matmul.js';
import { cpuProduct } from '../../client/gpu/matmul-cpu.js';
import { LEAST } from '../../client/gpu/adapter.js';

const HARDWARE = { vendor: 'intel', isFallbackAdapter: false };
const NEVER = new Promise(() => {});
/** @returns {Float32Array} */
const product = (() => {
  const { multiply, product: result } = cpuProduct();
  multiply();
  const c = result();
  return () => c.slice();
})();

/**
 * @param {object} [behaviour]
 * @param {number} [behaviour.gflops]
 * @param {number} [behaviour.latencyMs] from a submission to being told that it is done
 * @param {number} [behaviour.tick] of the clock
 * @param {'reject' | 'never' | 'late' | 'throw'} [behaviour.device] what requestDevice does instead
 * @param {'reject' | 'never'} [behaviour.pipeline]
 * @param {'reject' | 'never' | 'lost' | 'error'} [behaviour.map]
 * @param {(c: Float32Array, round: number) => void} [behaviour.spoil] the product
 * @param {object} [behaviour.info]
 */
export function fakeGpu({ gflops = 200, latencyMs = 1, tick = 0, device, pipeline, map, spoil = () => {}, info = HARDWARE, ...limits } = {}) {
  let time = 0;
  const seen = { open: 0, opened: 0, rounds: [], now: () => (tick ? Math.floor(time / tick) * tick : time), late: () => {} };

  const openDevice = () => {
    seen.open++;
    seen.opened++;
    let lose;
    const lost = new Promise((resolve) => { lose = resolve; });
    const errors = new EventTarget();
    let written = 0;
    let waiting = 0;
    return {
      lost,
      addEventListener: (...args) => errors.addEventListener(...args),
      destroy() {
        seen.open--;
        lose({ reason: 'destroyed', message: 'bye' });
      },
      createShaderModule: ({ code }) => ({ code }),
      createComputePipelineAsync: async () => {
        if (pipeline === 'never') await NEVER;
        if (pipeline) throw new Error('cannot compile');
        return { getBindGroupLayout: () => ({}) };
      },
      createBuffer: ({ size }) => buffer(size),
      createBindGroup: ({ entries }) => entries,
      createCommandEncoder: () => encoder(),
      queue: {
        writeBuffer(_buffer, _offset, values) {
          const { a, b } = matrices();
          if (String(values) !== String([a, b][written++])) throw new Error('other matrices than those that are checked');
        },
        submit: (commands) => { for (const { dispatches } of commands) waiting += dispatches; },
      },
    };

    function buffer(size) {
      return {
        mapAsync: async () => {
          if (map === 'never') await NEVER;
          if (map === 'reject') throw new Error('cannot map');
          if (map === 'lost') lose({ reason: 'unknown', message: 'driver reset' });
          if (map === 'error') errors.dispatchEvent(Object.assign(new Event('uncapturederror'), { error: new Error('out of memory') }));
          if (map) await NEVER;
          time += latencyMs + (waiting * FLOP) / gflops / 1e6;
          seen.rounds.push(waiting);
          waiting = 0;
        },
        getMappedRange: () => {
          const c = product();
          spoil(c, seen.rounds.length);
          return c.buffer.slice(0, size);
        },
        unmap: () => {},
      };
    }
    function encoder() {
      let dispatches = 0;
      const pass = { setPipeline() {}, setBindGroup() {}, end() {}, dispatchWorkgroups: (x, y) => { if (x === GROUPS && y === GROUPS) dispatches++; } };
      return { clearBuffer() {}, beginComputePass: () => pass, copyBufferToBuffer() {}, finish: () => ({ dispatches }) };
    }
  };

  const adapter = {
    info,
    features: new Set(['core-features-and-limits']),
    limits: { ...LEAST, ...limits },
    requestDevice() {
      if (device === 'throw') throw new Error('no such method');
      if (device === 'reject') return Promise.reject(new Error('no device'));
      if (device === 'never') return NEVER;
      if (device === 'late') return new Promise((resolve) => { seen.late = () => resolve(openDevice()); });
      return Promise.resolve(openDevice());
    },
  };
  return { adapter, seen };
}
