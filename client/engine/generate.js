/**
 * Pictures from words, as the public seam gives them (api.js).
 *
 * @typedef {import('../shared/protocol-generate.js').GeneratorOffer} GeneratorOffer
 * @typedef {import('../shared/protocol-generate.js').MakingProgress} MakingProgress
 */
import { engine, history, recorded, site, supplies } from './calls.js';
import { Generators } from './generator.js';
import { room } from './shared-room.js';

const generators = new Generators(site.href, supplies, history, engine.own.router, room);

/**
 * What this site has installed that makes pictures from words. Downloads nothing.
 * @param {{ isStarting?: boolean }} [wanted] `isStarting`: and lets them begin with another picture, which takes more
 * @returns {Promise<GeneratorOffer | null>} null where there is none
 * @throws {import('../shared/errors.js').MatteboxError}
 */
export const offeredGenerator = (wanted) => generators.offered(wanted);

/**
 * A picture from words. Calling it is consent to download what it needs. The same words and seed make the same picture with the same model, but
 * for what devices round otherwise.
 * @param {import('./generator.js').Wanted} wanted `seed`: a whole number below 2 ** 32
 * @returns {Promise<{ picture: Blob, report: import('../shared/protocol.js').Report }>} a PNG, sRGB, opaque; the report names the model
 * @throws {import('../shared/errors.js').MatteboxError} whose `details.part` names the part
 */
export const generatePicture = (wanted) => recorded('generate', (report) => generators.generate(wanted, report));
