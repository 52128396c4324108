/**
 * Pictures from words, as the public seam gives them (api.js).
 *
 * @typedef {import('../shared/protocol-generate.js').GeneratorOffer} GeneratorOffer
 * @typedef {import('../shared/protocol-generate.js').MakingProgress} MakingProgress
 */
import { history, recorded, site, supplies } from './calls.js';
import { Generators } from './generator.js';

const generators = new Generators(site.href, supplies, history);

/**
 * What this site has installed that makes pictures from words. Downloads nothing.
 * @returns {Promise<GeneratorOffer | null>} null where there is none
 * @throws {import('../shared/errors.js').MatteboxError}
 */
export const offeredGenerator = () => generators.offered();

/**
 * A picture from words. Calling it is consent to download what it needs. The same words and seed make the same picture with the same model, but
 * for what devices round otherwise.
 * @param {{ prompt: string, seed: number, signal?: AbortSignal, onProgress?: (event: MakingProgress) => void }} wanted `seed`: a whole number below 2 ** 32
 * @returns {Promise<{ picture: Blob, report: import('../shared/protocol.js').Report }>} a PNG, sRGB, opaque; the report names the model
 * @throws {import('../shared/errors.js').MatteboxError} whose `details.part` names the part
 */
export const generatePicture = (wanted) => recorded('generate', (report) => generators.generate(wanted, report));
