/**
 * Documents, as the public seam gives them (api.js).
 *
 * @typedef {import('../document/document.js').Document} Document
 * @typedef {import('../api.js').PhotoInput} PhotoInput
 * @typedef {import('../api.js').Options} Options
 * @typedef {import('../api.js').BytesInput} BytesInput
 * @typedef {import('../shared/protocol.js').OutputOptions} OutputOptions
 * @typedef {import('../shared/protocol.js').Progress} Progress
 * @typedef {import('../shared/protocol.js').Report} Report
 */
import { revised } from '../document/document.js';
import { checkCall } from '../finish/output-options.js';
import { MatteboxError } from '../shared/errors.js';
import { loadAhead as loadHere, onDemand } from '../shared/on-demand.js';
import { asFile, engine, readyOutput, recorded } from './calls.js';

const editChecks = onDemand(() => import('../document/check-edits.js'), 'check-edits.js');
const sheets = onDemand(() => import('../finish/print-sheet.js'), 'print-sheet.js');

/** Pixels of a preview's longer side, at most, where nothing is asked for. */
const SCREEN = 1024;

/** Pixels of a box's side, at least: of less, nothing can be seen. */
const LEAST_LOOK = 16;

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

/**
 * A document with other edits: what is restored, erased, solved anew or looked at again. They are plain data, can be stored, and hold with
 * another output too.
 * @param {Document} document stays as it is
 * @param {readonly import('../document/edits.js').Edit[]} edits all that are to hold, in the order in which they are made, in pixels of `document.size`
 * @returns {Promise<Document>} its next revision
 * @throws {import('../shared/errors.js').MatteboxError} `bad-option`
 */
export const editDocument = async (document, edits) => revised(document, { edits: [...(await editChecks()).checkEdits(edits, document.size)] });

/**
 * Have the model look at a part of a document's photo, at its full resolution: it finds there what is small, far or was overlooked, and
 * the one that is meant of several subjects. Nothing is changed by it: the edit that it returns is for `editDocument`.
 *
 * Calls are worked one by one, in order, together with those of `openDocument`.
 *
 * @param {Document} document
 * @param {import('../document/edits.js').Box} box around what is meant, in whole pixels of `document.size`, at least 16 a side
 * @param {import('../api.js').PreloadOptions & { isOnly?: boolean }} [options] `isOnly`: the edit leaves nothing of the matte outside of the box
 * @returns {Promise<{ edit: import('../document/edits.js').Look, report: Report }>} the report notes `nothing-found` where the model sees no subject there
 * @throws {import('../shared/errors.js').MatteboxError} `bad-option`, and those of `openDocument`
 */
export async function lookAt(document, box, options = {}) {
  const [choice, watch] = checkCall(options);
  const { isOnly = false } = options;
  (await editChecks()).checkBox('box', box, document.size, LEAST_LOOK);
  if (typeof isOnly !== 'boolean') throw new MatteboxError('bad-option', { option: 'isOnly', value: isOnly, allowed: [true, false] });
  const part = { blob: document.file, size: document.size, box: { ...box } };
  return recorded('look', async (report) => ({ edit: { kind: 'look', box: part.box, isOnly, ...(await engine.look(part, choice, watch, report)) }, report }));
}

/** Let go of what is held of a document. It can be used on: what is needed is made again. @param {Document} document */
export const closeDocument = async (document) => (await engine.documents()).drop(document);

/**
 * Open a document to be edited. It is held opened, in a worker of its own, until `end` is called; what was edited is then for the caller
 * to keep, as `edits` tells it.
 * @param {Document} document
 * @param {{ output?: OutputOptions, signal?: AbortSignal, onProgress?: (event: Progress) => void }} [options] `signal` gives up the opening
 * @returns {Promise<import('./editor-worker.js').Editor>}
 * @throws {import('../shared/errors.js').MatteboxError}
 */
export async function openEditor(document, options = {}) {
  const [, watch] = checkCall(options);
  return engine.editor(document, await readyOutput(options.output ?? document.finish ?? {}), watch);
}

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
 * A photo as this browser shows it, made smaller outside of the page's thread.
 * @param {Blob} photo
 * @param {number} width in pixels, from 1; the height follows
 * @returns {Promise<ImageBitmap>}
 * @throws {import('../shared/errors.js').MatteboxError} where the browser itself cannot show it
 */
export const thumbnail = async (photo, width) => (await engine.documents()).thumbnail(photo, width);

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

/** @type {Promise<unknown> | null} */
let ahead = null;

/** Load what other photos and settings need, here and in workers, so that nothing is fetched when they come. Once. */
export async function loadAhead() {
  ahead ??= Promise.allSettled([loadHere(), engine.documents().then((documents) => documents.loadAhead())]);
  await ahead;
}
