/**
 * Photos whose matte is known, finished without a document, and what surrounds them, as the public seam gives it (api.js).
 *
 * @typedef {import('../api.js').PhotoInput} PhotoInput
 * @typedef {import('../api.js').BytesInput} BytesInput
 * @typedef {import('../shared/protocol.js').OutputOptions} OutputOptions
 * @typedef {import('../shared/protocol.js').Progress} Progress
 */
import { checkCall } from '../finish/output-options.js';
import { onDemand } from '../shared/on-demand.js';
import { asFile, engine, readyOutput } from './calls.js';

const sheets = onDemand(() => import('../finish/print-sheet.js'), 'print-sheet.js');

/**
 * Finish a photo otherwise than it was: another background, crop or format. The model does not run again, and photos that are
 * being worked on go on meanwhile.
 * @param {PhotoInput} photo as it was given to `removeBackground`
 * @param {Blob | BytesInput} matte that it returned, or another grey PNG of that size
 * @param {{ output?: OutputOptions, reduce?: boolean, signal?: AbortSignal, onProgress?: (event: Progress) => void }} [options]
 * @returns {Promise<import('../shared/protocol.js').Finished>}
 * @throws {import('../shared/errors.js').MatteboxError}
 */
export async function finish(photo, matte, options = {}) {
  const [, watch] = checkCall(options);
  const work = { photo: await asFile('photo', photo), matte: await asFile('matte', matte, { pixels: false }), output: await readyOutput(options.output) };
  return (await engine.documents()).finish({ ...work, reduce: options.reduce ?? false }, watch);
}

/**
 * Open a picture as `background` would: what is wrong with it is told before a photo meets it.
 * @param {PhotoInput} image
 * @param {{ signal?: AbortSignal, onProgress?: (event: Progress) => void }} [options]
 * @throws {import('../shared/errors.js').MatteboxError} with `details.role` "background" where it is about the picture
 */
export async function checkBackground(image, options = {}) {
  const [, watch] = checkCall(options);
  return (await engine.documents()).check(await asFile('image', image), watch);
}

/**
 * Finished photos as often as they fit on sheets of paper, with lines to cut along.
 * @param {PhotoInput[]} photos all of one size
 * @param {{ paper: import('../finish/print-sheet.js').Paper, width: number, height: number, density: number, signal?: AbortSignal, onProgress?: (event: Progress) => void }} options
 *   `width`, `height`: of each photo in pixels; `density`: dots per inch that they are printed at
 * @returns {Promise<Blob[]>} a JPEG for each sheet, which names its density: one that the photos share, or of more photos than it holds, one copy of each
 * @throws {import('../shared/errors.js').MatteboxError} `bad-option`, also where a photo has another size or the paper is too small
 */
export async function printSheet(photos, options) {
  const [, watch] = checkCall(options);
  const { checkSheet, shared, sheetOf } = await sheets();
  checkSheet(photos, options);
  const { paper, width, height, density } = options;
  const { places, ...sheet } = sheetOf(paper, { width, height }, density);
  const files = await Promise.all(photos.map((photo) => asFile('photos', photo)));
  const made = [];
  for (const used of shared(files.length, places.length)) {
    const distinct = [...new Set(used)];
    const copies = used.map((of, i) => ({ ...places[i], of: distinct.indexOf(of) }));
    made.push(await (await engine.documents()).sheet(distinct.map((i) => files[i]), { ...sheet, photo: { width, height }, copies }, watch));
  }
  return made;
}
