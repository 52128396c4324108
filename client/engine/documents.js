/**
 * Documents, as the public seam gives them (api.js).
 *
 * @typedef {import('../document/document.js').Document} Document
 * @typedef {import('../api.js').PhotoInput} PhotoInput
 * @typedef {import('../api.js').Options} Options
 * @typedef {import('../shared/protocol.js').OutputOptions} OutputOptions
 * @typedef {import('../shared/protocol.js').Progress} Progress
 * @typedef {import('../shared/protocol.js').Report} Report
 */
import { checkCall } from '../finish/output-options.js';
import { loadAhead as loadHere } from '../shared/on-demand.js';
import { asFile, engine, readyOutput, recorded } from './calls.js';

/** Pixels of a preview's longer side, at most, where nothing is asked for. */
const SCREEN = 1024;

/**
 * Cut the subject out of a photo, and keep what its files are made of: the document is small, can be cloned and stored, and needs no
 * model again, whatever is wanted of it.
 *
 * Calls are worked one by one, in order, together with those of `removeBackground`.
 *
 * @param {PhotoInput} photo
 * @param {Options & { longest?: number, next?: () => { blob: Blob, reduce: boolean } | null }} [options] `next` says which photo will be opened after this one: it is decoded while the
 *   model runs, where a core is idle. `output` is what the preview shows;
 *   `longest` pixels of its longer side, at most. `onPreview` is given a preview of the same size with a coarser matte, before the model has ended, where
 *   it consists of parts of which one is sooner: to be shown until the preview itself is there, and for nothing else
 * @returns {Promise<{ document: Document, preview: import('../shared/protocol.js').Preview, original: Blob | null, report: Report }>} `original`
 *   as of `removeBackground`, and of a large photo, at the size of the preview; the report tells of the preview where it would of the file
 * @throws {import('../shared/errors.js').MatteboxError}
 */
export async function openDocument(photo, options = {}) {
  const [choice, watch] = checkCall(options);
  const { reduce = false, longest = SCREEN, next } = options;
  const blob = await asFile('blob', photo);
  const output = await readyOutput(options.output);
  return recorded('cutout', async (report) => ({ ...(await engine.draft({ blob, output, reduce, longest, next }, choice, watch, report)), report }));
}

/**
 * A document as it is to be shown: as `output` says, or else as the document's own choices do.
 * @param {Document} document
 * @param {{ output?: OutputOptions, longest?: number, signal?: AbortSignal, onProgress?: (event: Progress) => void }} [options]
 * @returns {Promise<import('../shared/protocol.js').Preview>}
 * @throws {import('../shared/errors.js').MatteboxError}
 */
export async function previewDocument(document, options = {}) {
  const [, watch] = checkCall(options);
  const { longest = SCREEN } = options;
  return (await engine.documents()).preview(document, { output: await readyOutput(options.output ?? document.finish ?? {}), longest }, watch);
}

/**
 * A document's file: to the byte what `removeBackground` makes of its photo with the same `output`.
 * @param {Document} document
 * @param {{ output?: OutputOptions, signal?: AbortSignal, onProgress?: (event: Progress) => void }} [options]
 * @returns {Promise<import('../shared/protocol.js').Finished>}
 * @throws {import('../shared/errors.js').MatteboxError}
 */
export async function finishDocument(document, options = {}) {
  const [, watch] = checkCall(options);
  return (await engine.documents()).file(document, await readyOutput(options.output ?? document.finish ?? {}), watch);
}

/** Let go of what is held of a document. It can be used on: what is needed is made again. @param {Document} document */
export const closeDocument = async (document) => (await engine.documents()).drop(document);

/**
 * A photo as this browser shows it, made smaller outside of the page's thread.
 * @param {Blob} photo
 * @param {number} width in pixels, from 1; the height follows
 * @returns {Promise<ImageBitmap>}
 * @throws {import('../shared/errors.js').MatteboxError} where the browser itself cannot show it
 */
export const thumbnail = async (photo, width) => (await engine.documents()).thumbnail(photo, width);

/** @type {Promise<unknown> | null} */
let ahead = null;

/** Load what other photos and settings need, here and in workers, so that nothing is fetched when they come. Once. */
export async function loadAhead() {
  ahead ??= Promise.allSettled([Promise.allSettled([import('./editing.js'), import('./finishing.js')]).then(loadHere), engine.documents().then((documents) => documents.loadAhead())]);
  await ahead;
}
