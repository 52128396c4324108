/**
 * Segmenting by points and boxes: an encoder sees a photo once, a decoder is asked about it for each prompt. What belongs to a family of
 * models is in the catalog: which tensor is for what, how photos and prompts become them.
 *
 * @typedef {import('../shared/catalog-entry.js').Pipeline} Pipeline
 * @typedef {import('../shared/catalog-entry.js').PipelinePart} PipelinePart
 * @typedef {import('../shared/protocol-segment.js').SegmentPrompt} SegmentPrompt
 * @typedef {import('../image/read/decode.js').Pixels} Pixels
 * @typedef {import('../runtime/session.js').Tensor} Tensor
 * @typedef {import('../runtime/session.js').Tensors} Tensors
 * @typedef {import('./segment-answer.js').Segmented} Segmented
 * @typedef {import('./segment-prompt.js').SegmentRules} SegmentRules
 *
 * @typedef {object} Sight of a photo, kept for the prompts to come
 * @property {{ width: number, height: number }} size of the photo
 * @property {Tensor[]} embeddings as the encoder gives them, in its order
 * @property {number} bytes that it holds
 */
import { MatteboxError } from '../shared/errors.js';
import { resizeToPlanes } from '../image/scale/resample.js';
import { TRIANGLE } from '../image/scale/triangle.js';
import { normalise } from '../image/tensor.js';
import { canaryPlanes } from './matting-canary.js';
import { Parts } from './parts.js';
import { assertSamples } from './samples.js';
import { answerOf } from './segment-answer.js';
import { fitted, pointsOf } from './segment-prompt.js';

/**
 * Both parts are up before the first photo.
 * @param {Pipeline} model
 * @param {import('./parts.js').Host} host
 * @returns {Promise<Segmenting>}
 * @throws {MatteboxError} `session-failed`, `model-interface` naming the part, `catalog-invalid`, and what `host.read` throws
 */
export async function load({ id, parts, rules }, host) {
  const [encoder, decoder] = ['encoder', 'decoder'].map((role) => parts.find((part) => part.role === role));
  if (!encoder || !decoder) throw new MatteboxError('catalog-invalid', { model: id, cause: 'an encoder and a decoder are needed' });
  const opened = new Parts(parts, host);
  for (const part of parts) await opened.open(part);
  return new Segmenting(opened, encoder, decoder, /** @type {SegmentRules} */ (/** @type {unknown} */ (rules)));
}

export class Segmenting {
  #parts;
  #encoder;
  #decoder;
  #rules;

  /**
   * @param {Parts<PipelinePart>} parts
   * @param {PipelinePart} encoder
   * @param {PipelinePart} decoder
   * @param {SegmentRules} rules
   */
  constructor(parts, encoder, decoder, rules) {
    this.#parts = parts;
    this.#encoder = encoder;
    this.#decoder = decoder;
    this.#rules = rules;
  }

  /**
   * The encoder on a picture of blocks, the decoder on one point in the middle of it.
   * @returns {Promise<import('./index.js').Check>}
   * @throws {MatteboxError} `canary-mismatch`, and what a run throws
   */
  check() {
    const { side } = this.#rules;
    const size = { width: side, height: side };
    /** @type {Tensor[]} */
    let embeddings = [];
    return this.#parts.check(async (part) => {
      const inputs = part === this.#encoder
        ? this.#pixelsOf(canaryPlanes(side, side, part.canary.seed), size)
        : this.#promptOf({ points: [{ x: side >> 1, y: side >> 1, isInside: true }], box: null }, { size, embeddings });
      const { outputs, ms } = await this.#parts.run(part, inputs);
      assertSamples(Object.fromEntries(part.outputs.map(({ name }) => [name, /** @type {Float32Array} */ (outputs[name].data)])), part);
      if (part === this.#encoder) embeddings = part.outputs.map(({ name }) => outputs[name]);
      return ms;
    });
  }

  /**
   * Both families' published processors resize as Pillow's bilinear filter does: Sam2ImageProcessorFast of transformers says so, and
   * ResizeLongestSide of segment-anything calls torchvision's `resize`, whose default it is.
   * @param {Pixels} pixels of a photo
   * @returns {Promise<Sight & { ms: { pre: number, run: number } }>}
   * @throws {MatteboxError} `out-of-memory`, `runtime-failed`, `canary-mismatch` and what else a GPU gives
   */
  async see(pixels) {
    const started = performance.now();
    const { width, height } = pixels;
    const seen = fitted({ width, height }, this.#rules);
    const inputs = this.#pixelsOf(resizeToPlanes(pixels, seen.width, seen.height, TRIANGLE), seen);
    const pre = performance.now() - started;
    const { outputs, ms: run } = await this.#parts.run(this.#encoder, inputs);
    const embeddings = this.#encoder.outputs.map(({ name }) => outputs[name]);
    await this.#doubt(embeddings);
    return { size: { width, height }, embeddings, bytes: embeddings.reduce((sum, { data }) => sum + data.byteLength, 0), ms: { pre, run } };
  }

  /**
   * @param {Pick<Sight, 'size' | 'embeddings'>} sight
   * @param {SegmentPrompt} prompt in the photo's pixels
   * @returns {Promise<Segmented & { ms: number }>} and the graph's own time
   * @throws {MatteboxError} `bad-matte`, `out-of-memory`, `runtime-failed`, and what the GPU gives
   */
  async ask(sight, prompt) {
    const { outputs, ms } = await this.#parts.run(this.#decoder, this.#promptOf(prompt, sight));
    const byUse = Object.fromEntries(this.#decoder.outputs.map(({ name, use }) => [use, outputs[name]]));
    await this.#doubt([byUse.masks]);
    return { ...answerOf(byUse, sight.size, this.#rules), ms };
  }

  /**
   * One value everywhere is right for a photo of one colour, and what a failing GPU gives for any: it is held to the canary again.
   * @param {Tensor[]} tensors
   * @throws {MatteboxError} `canary-mismatch`
   */
  async #doubt(tensors) {
    if (this.#parts.isGpu && tensors.some(isOneValue)) await this.check();
  }

  /** @throws {MatteboxError} what bringing up a part throws */
  async open() {
    for (const part of this.#parts.all) await this.#parts.open(part);
  }

  dispose() {
    return this.#parts.dispose();
  }

  /**
   * @param {Uint8ClampedArray} planes 3 planes of `size`
   * @param {{ width: number, height: number }} size
   * @returns {Tensors} the encoder's inputs
   */
  #pixelsOf(planes, { width, height }) {
    const [{ name, picture }] = this.#encoder.inputs;
    if (!picture) throw new MatteboxError('catalog-invalid', { model: this.#encoder.model, cause: 'its input is no picture' });
    const data = normalise(planes, picture);
    return { [name]: { type: 'float32', ...(picture.layout === 'HWC' ? { dims: [height, width, 3], data: interleaved(data) } : { dims: [1, 3, height, width], data }) } };
  }

  /**
   * @param {SegmentPrompt} prompt
   * @param {Pick<Sight, 'size' | 'embeddings'>} sight
   * @returns {Tensors} the decoder's inputs
   */
  #promptOf(prompt, { size, embeddings }) {
    const { coordinates, labels } = pointsOf(prompt, size, this.#rules);
    const values = { points: coordinates, labels };
    let seen = 0;
    return Object.fromEntries(this.#decoder.inputs.map(({ name, use, dtype, shape }) => {
      if (use === 'embedding') return [name, embeddings[seen++]];
      // A dimension that each run decides is how many points there are.
      const dims = shape.map((size_) => (typeof size_ === 'number' ? size_ : labels.length));
      return [name, tensorOf(dtype, dims, values[/** @type {'points' | 'labels'} */ (use)] ?? [])];
    }));
  }
}

/**
 * @param {import('../shared/catalog-entry.js').DType} type
 * @param {number[]} dims
 * @param {number[]} values zeros for none: no mask of an earlier answer, no boxes
 * @returns {Tensor}
 */
function tensorOf(type, dims, values) {
  const length = dims.reduce((product, dim) => product * dim, 1);
  if (type === 'int32') return { type, dims, data: Int32Array.from({ length }, (_, i) => values[i] ?? 0) };
  if (type === 'int64') return { type, dims, data: BigInt64Array.from({ length }, (_, i) => BigInt(values[i] ?? 0)) };
  return { type: 'float32', dims, data: Float32Array.from({ length }, (_, i) => values[i] ?? 0) };
}

/** @param {Tensor} tensor */
function isOneValue({ data }) {
  for (let i = 1; i < data.length; i++) if (data[i] !== data[0]) return false;
  return true;
}

/** @param {Float32Array} planes 3 of them @returns {Float32Array} pixel by pixel */
function interleaved(planes) {
  const plane = planes.length / 3;
  const out = new Float32Array(planes.length);
  for (let c = 0; c < 3; c++) for (let i = 0; i < plane; i++) out[i * 3 + c] = planes[c * plane + i];
  return out;
}
