/**
 * Our own GPUDevice: limits are asked for explicitly, and a lost device or an error that nobody asked about is noticed, where
 * left to itself the runtime would hand over whatever the GPU's memory holds.
 */
import { MatteboxError } from '../shared/errors.js';

/** What every model's kernels gain from where the adapter offers it; none of it is needed. */
const WELCOME_FEATURES = ['shader-f16', 'subgroups'];
/** Limits that kernels are tiled by: the adapter's own, where the specification's defaults are far below what hardware has. */
const WELCOME_LIMITS = [
  'maxBufferSize', 'maxStorageBufferBindingSize', 'maxStorageBuffersPerShaderStage', 'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup', 'maxComputeWorkgroupSizeX', 'maxComputeWorkgroupSizeY', 'maxComputeWorkgroupSizeZ',
];

/**
 * Lanes of a subgroup at least: ONNX Runtime Web 1.30.0 computes attention wrongly in fewer. With SwiftShader's 4 a U-Net of random weights came out 20 %
 * off, and right without subgroups. A browser that does not tell how many there are has them as hardware does.
 */
const LANES = 8;

const GRACE_MS = 100;

export class Gpu {
  /** @type {MatteboxError | null} the first thing that went wrong; nothing is right afterwards */
  #trouble = null;
  /** @type {Promise<never>} */
  #lost;

  /** @param {GPUDevice} device */
  constructor(device) {
    this.device = device;
    this.#lost = device.lost.then(({ reason, message }) => {
      this.#trouble ??= new MatteboxError('gpu-lost', { reason: reason || 'unknown', cause: message });
      throw this.#trouble;
    });
    // Nobody may be waiting when it happens.
    this.#lost.catch(() => {});
    device.addEventListener('uncapturederror', ({ error }) => {
      this.#trouble ??= new MatteboxError('gpu-failed', { kind: kindOf(error), cause: error.message });
    });
  }

  /**
   * @param {{ features: string[], limits: Record<string, number> }} [requirements] the model's, which the adapter was judged by
   * @returns {Promise<Gpu>}
   * @throws {MatteboxError} `gpu-unavailable`
   */
  static async open({ features = [], limits = {} } = { features: [], limits: {} }) {
    try {
      const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
      if (!adapter) throw new MatteboxError('gpu-unavailable', { cause: 'no adapter' });
      const offered = /** @type {Record<string, number>} */ (/** @type {unknown} */ (adapter.limits));
      /** @type {Record<string, number>} */
      const requiredLimits = { ...limits };
      for (const name of WELCOME_LIMITS) if (offered[name] !== undefined) requiredLimits[name] = Math.max(offered[name], limits[name] ?? 0);
      const { subgroupMinSize = LANES } = /** @type {{ subgroupMinSize?: number }} */ (adapter.info ?? {});
      const welcome = WELCOME_FEATURES.filter((name) => adapter.features.has(name) && !features.includes(name) && (name !== 'subgroups' || subgroupMinSize >= LANES));
      const requiredFeatures = /** @type {GPUFeatureName[]} */ ([...features, ...welcome]);
      return new Gpu(await adapter.requestDevice({ label: 'mattebox', requiredFeatures, requiredLimits }));
    } catch (thrown) {
      throw MatteboxError.from(thrown, 'gpu-unavailable');
    }
  }

  /**
   * Wait for work on the device, but not beyond its loss.
   * @template T
   * @param {Promise<T>} work
   * @returns {Promise<T>}
   * @throws {MatteboxError} `gpu-lost`, `gpu-failed` even when the work seems to have succeeded, and what `work` throws
   */
  async guard(work) {
    const outcome = Promise.race([work, this.#lost]);
    try {
      const result = await outcome;
      await Promise.race([this.#settled(), this.#lost]);
      if (this.#trouble) throw this.#trouble;
      return result;
    } catch (thrown) {
      // What the runtime says of a lost device is a consequence; its loss may be told a moment later.
      await Promise.race([this.#lost, new Promise((resolve) => { setTimeout(resolve, GRACE_MS); })]).catch(() => {});
      throw this.#trouble ?? thrown;
    }
  }

  /** Errors arrive in the order of their causes: when an empty scope has ended, all that came before it have been told. */
  async #settled() {
    this.device.pushErrorScope('validation');
    await this.device.popErrorScope();
  }
}

/** @param {GPUError} error */
function kindOf(error) {
  if (error instanceof GPUOutOfMemoryError) return 'out-of-memory';
  return error instanceof GPUValidationError ? 'validation' : 'internal';
}
