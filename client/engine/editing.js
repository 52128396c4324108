/**
 * Documents that are edited, as the public seam gives them (api.js).
 *
 * @typedef {import('../document/document.js').Document} Document
 * @typedef {import('../shared/protocol.js').OutputOptions} OutputOptions
 * @typedef {import('../shared/protocol.js').Progress} Progress
 * @typedef {import('../shared/protocol.js').Report} Report
 */
import { revised } from '../document/document.js';
import { checkCall } from '../finish/output-options.js';
import { MatteboxError } from '../shared/errors.js';
import { onDemand } from '../shared/on-demand.js';
import { engine, readyOutput, recorded } from './calls.js';

const editChecks = onDemand(() => import('../document/check-edits.js'), 'check-edits.js');

/** Pixels of a box's side, at least: of less, nothing can be seen. */
const LEAST_LOOK = 16;

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
