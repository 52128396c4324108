/**
 * Making a picture from words: the prompt's ids through a text encoder, seeded noise and that through a U-Net once, and what is left of the
 * noise through the decoder of a VAE. One that begins with another picture adds its noise to what the VAE's encoder makes of that one. A worker may hold all of the parts or some: a picture goes through those that are there.
 *
 * @typedef {import('../shared/protocol-generate.js').GenerateModel} GenerateModel
 * @typedef {import('../shared/protocol-generate.js').GeneratePart} GeneratePart
 * @typedef {import('../shared/protocol-generate.js').Making} Making
 * @typedef {import('../runtime/session.js').Tensor} Tensor
 * @typedef {import('../image/read/decode.js').Pixels} Pixels
 * @typedef {Making & { pixels: Pixels | null, ms: number }} Made what the parts here have made; `ms`: the graphs' own time
 * @typedef {import('./index.js').Task<Making, Made>} GenerateTask
 */
import { MatteboxError } from '../shared/errors.js';
import { onDemand } from '../shared/on-demand.js';
import { areFinite, denoised, noised, pixelsOf } from './generate/arithmetic.js';
import { integers, noise } from './generate/noise.js';
import { planesOf } from './generate/start.js';
import { numbersOf, tensor, usedFor } from './generate/tensors.js';
import { Parts, weightsOf } from './parts.js';
import { assertSamples } from './samples.js';

const tokenizing = onDemand(() => import('./generate/tokenizer.js'), 'tokenizer.js');

/**
 * Parts that are up together are brought up at once, so that what is wrong with a file shows before a picture is begun; others when they are needed.
 * @param {GenerateModel} model a generator of the catalog, or some of its parts
 * @param {import('./parts.js').Host} host
 * @returns {Promise<Generating>}
 * @throws {MatteboxError} `session-failed`, `model-interface`, and what `host.read` throws; `details.part` names the part
 */
export async function load(model, host) {
  const task = new Generating(model, new Parts(model.parts, host), host);
  if (host.pool.holds(weightsOf(model.parts))) await task.open();
  return task;
}

/** @implements {GenerateTask} */
class Generating {
  #model;
  #rules;
  #parts;
  #host;
  /** @type {Promise<import('../vendor/tokenizers/tokenizers.min.mjs').Tokenizer> | null} */
  #tokenizer = null;

  /**
   * What each part does to a picture on its way.
   * @type {Record<import('../shared/protocol-generate.js').GenerateRole, (part: GeneratePart, making: Making) => Promise<{ ms: number, made: Partial<Made> }>>}
   */
  #steps = {
    'text-encoder': async (part, { prompt }) => {
      const { ids, isCut } = await this.#idsOf(prompt);
      const { given, ms } = await this.#run(part, { ids: [Float32Array.from(ids), [1, ids.length]] });
      return { ms, made: { words: given, isCut } };
    },
    'vae-encoder': async (part, { start }) => {
      if (!start) throw new MatteboxError('internal', { cause: 'a picture that begins with none' });
      const [, , height, width] = shapeOf(part, 'start');
      const { given, ms } = await this.#encode(part, planesOf(await this.#host.open(start.picture), width, height));
      return { ms, made: { start: { ...start, latents: numbersOf(given).map((value) => value * this.#rules.scale) } } };
    },
    unet: async (part, { words, seed, start }) => {
      const { scheduler, scale } = this.#rules;
      const step = start ? this.#rules.start : scheduler;
      if (!words || !step || start?.latents === null) throw new MatteboxError('internal', { cause: 'a picture without what it is made of' });
      const { latents, seen } = noised(noise(seed, countOf(part)), step, start?.latents);
      const { given, ms } = await this.#predict(part, seen, step.timestep, numbersOf(words), words.dims);
      return { ms, made: { latents: denoised(latents, numbersOf(given), step, scale) } };
    },
    'vae-decoder': async (part, { latents }) => {
      if (!latents) throw new MatteboxError('internal', { cause: 'a picture without latents' });
      const { given, ms } = await this.#decode(part, latents);
      const [, , height, width] = given.dims;
      return { ms, made: { pixels: { data: pixelsOf(numbersOf(given)), width, height } } };
    },
  };

  /**
   * @param {GenerateModel} model
   * @param {Parts<GeneratePart>} parts
   * @param {Pick<import('./parts.js').Host, 'read' | 'open'>} host
   */
  constructor(model, parts, host) {
    this.#model = model;
    this.#rules = model.rules;
    this.#parts = parts;
    this.#host = host;
  }

  /**
   * @returns {Promise<import('./index.js').Check>}
   * @throws {MatteboxError} `canary-mismatch`, `bad-matte`, `model-interface` for a tokenizer that gives other ids; `details.part` names the part
   */
  check() {
    return this.#parts.check((part) => inPart(part, async () => {
      const { given, ms } = await this.#tryOut(part);
      assertSamples({ [usedFor(part, 'outputs', GIVES[part.role]).name]: numbersOf(given) }, part);
      return ms;
    }));
  }

  /**
   * @param {Making} making
   * @param {(step: import('./index.js').Step & { part: string }) => void} [progress] before each part
   * @returns {Promise<Made>}
   * @throws {MatteboxError} `bad-matte` for numbers that are none, `out-of-memory`, `runtime-failed`, what the GPU gives and what bringing up a part
   *   throws; `details.part` names it
   */
  async run(making, progress = () => {}) {
    const { all } = this.#parts;
    /** @type {Made} */
    let made = { ...making, pixels: null, ms: 0 };
    for (const [done, part] of all.entries()) {
      progress({ done, of: all.length, part: part.role });
      const step = await inPart(part, () => this.#steps[part.role](part, made));
      made = { ...made, ...step.made, ms: made.ms + step.ms };
    }
    return made;
  }

  async open() {
    for (const part of this.#parts.all) {
      await inPart(part, async () => {
        if (part.role === 'text-encoder') await this.#openTokenizer();
        await this.#parts.open(part);
      });
    }
  }

  dispose() {
    return this.#parts.dispose();
  }

  /** Recipe "noise-v1": ids, latents and words of the canary's seed. @param {GeneratePart} part */
  async #tryOut(part) {
    const { canary: { seed } } = part;
    const { vocabulary, length, proof, pad } = this.#rules.tokenizer;
    if (part.role === 'text-encoder') {
      const { ids } = await this.#idsOf(proof.text);
      const expected = [...proof.ids, ...Array(length - proof.ids.length).fill(pad)];
      if (String(expected) !== String(ids)) throw new MatteboxError('model-interface', { model: this.#model.id, what: 'ids', expected, found: [...ids] });
      const next = integers(seed);
      return this.#run(part, { ids: [Float32Array.from({ length }, () => next() % vocabulary), [1, length]] });
    }
    if (part.role === 'vae-encoder') return this.#encode(part, noise(seed, countOf(part, 'start')));
    const latents = noise(seed, countOf(part));
    if (part.role === 'vae-decoder') return this.#decode(part, latents);
    const width = Number(usedFor(part, 'inputs', 'words').shape.at(-1));
    return this.#predict(part, latents, this.#rules.scheduler.timestep, noise(seed + 1, length * width), [1, length, width]);
  }

  /** @param {string} prompt */
  async #idsOf(prompt) {
    const { idsOf } = await tokenizing();
    return idsOf(await this.#openTokenizer(), prompt, this.#rules.tokenizer);
  }

  #openTokenizer() {
    this.#tokenizer ??= (async () => {
      const { openTokenizer } = await tokenizing();
      const files = this.#model.files.filter(({ role }) => role === 'tokenizer');
      const contents = await Promise.all(files.map(async (file) => [file.name, await this.#host.read(file)]));
      return openTokenizer(Object.fromEntries(contents));
    })();
    return this.#tokenizer;
  }

  /** @param {GeneratePart} part @param {Float32Array} planes */
  #encode(part, planes) {
    return this.#run(part, { start: [planes, shapeOf(part, 'start')] });
  }

  /** @param {GeneratePart} part @param {Float32Array} seen latents of deviation 1 @param {number} timestep @param {Float32Array} words @param {readonly number[]} dims the words' */
  #predict(part, seen, timestep, words, dims) {
    return this.#run(part, { latents: [seen, shapeOf(part)], timestep: [Float32Array.of(timestep), [1]], words: [words, dims] });
  }

  /** @param {GeneratePart} part @param {Float32Array} latents */
  #decode(part, latents) {
    return this.#run(part, { latents: [latents, shapeOf(part)] });
  }

  /**
   * @param {GeneratePart} part
   * @param {Record<string, [numbers: Float32Array, dims: readonly number[]]>} takes by what it takes them for
   * @returns {Promise<{ given: Tensor, ms: number }>} what it gives, and the graph's own time
   */
  async #run(part, takes) {
    const inputs = Object.entries(takes).map(([use, [numbers, dims]]) => {
      const spec = usedFor(part, 'inputs', use);
      return [spec.name, tensor(spec, numbers, dims)];
    });
    const { outputs, ms } = await this.#parts.run(part, Object.fromEntries(inputs));
    const { name, shape } = usedFor(part, 'outputs', GIVES[part.role]);
    const given = outputs[name];
    if (given.dims.length !== shape.length || shape.some((size, i) => typeof size === 'number' && size !== given.dims[i])) {
      throw new MatteboxError('bad-matte', { reason: 'shape', expected: shape, found: given.dims });
    }
    // Halves that overflow are no numbers any more.
    if (!areFinite(numbersOf(given))) throw new MatteboxError('bad-matte', { reason: 'not-finite' });
    return { given, ms };
  }
}

/** What each part gives. */
const GIVES = /** @type {const} */ ({ 'text-encoder': 'words', 'vae-encoder': 'latents', unet: 'noise', 'vae-decoder': 'picture' });

/** @param {GeneratePart} part @param {'latents' | 'start'} [use] @returns {number[]} of what it takes for that: all sizes are fixed */
const shapeOf = (part, use = 'latents') => usedFor(part, 'inputs', use).shape.map(Number);
/** @param {GeneratePart} part @param {'latents' | 'start'} [use] @returns {number} how many numbers they are */
const countOf = (part, use) => shapeOf(part, use).reduce((product, size) => product * size, 1);

/**
 * @template T
 * @param {GeneratePart} part
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 * @throws {MatteboxError} that tells in which part it happened
 */
async function inPart({ role }, work) {
  try {
    return await work();
  } catch (thrown) {
    const error = MatteboxError.from(thrown, thrown instanceof RangeError ? 'out-of-memory' : 'internal');
    error.details.part ??= role;
    throw error;
  }
}
