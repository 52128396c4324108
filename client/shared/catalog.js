/**
 * Questions to the catalog. The server has checked it against the bytes on its disk before it answered at all.
 *
 * @typedef {import('./protocol.js').Catalog} Catalog
 * @typedef {import('./protocol.js').Model} Model
 * @typedef {import('./protocol.js').Pipeline} Pipeline
 * @typedef {import('./protocol.js').Deliverable} Deliverable
 */
import { MatteboxError } from './errors.js';

/**
 * @param {Catalog} catalog
 * @param {string} [id] the default model when left out
 * @returns {Model}
 * @throws {MatteboxError} `unknown-model`
 */
export function findModel(catalog, id = catalog.default) {
  const model = catalog.models.find((entry) => entry.id === id);
  if (!model) throw new MatteboxError('unknown-model', { model: id, available: catalog.models.map((entry) => entry.id) });
  return model;
}

/**
 * @param {Catalog} catalog
 * @param {import('./catalog-entry.js').TaskName} task
 * @returns {Pipeline | null} the first that does it; null where none is installed
 */
export const findPipeline = ({ pipelines }, task) => pipelines.find((pipeline) => pipeline.task === task) ?? null;

/**
 * Everything that has to be on this device before the model can run.
 * @param {Catalog} catalog
 * @param {Pick<Model, 'files'>} model
 * @param {import('./protocol.js').Build} build of the runtime that will run it
 * @returns {{ role: 'runtime' | 'model', file: Deliverable }[]}
 */
export function parts(catalog, model, build) {
  return [
    { role: 'runtime', file: catalog.runtime.builds[build].binary },
    ...model.files.map((file) => ({ role: /** @type {const} */ ('model'), file })),
  ];
}

/**
 * @param {Catalog} catalog
 * @returns {{ role: 'runtime' | 'codec' | 'model', file: Deliverable, model: string }[]} all that this version may use, by any model under any build
 */
export function everyPart(catalog) {
  const builds = /** @type {import('./protocol.js').Build[]} */ (Object.keys(catalog.runtime.builds));
  // Photos and formats need codecs whatever the model.
  const codecs = Object.values(catalog.codecs).map((file) => ({ role: /** @type {const} */ ('codec'), file }));
  return [...catalog.models, ...catalog.pipelines].flatMap((model) => [...builds.flatMap((build) => parts(catalog, model, build)), ...codecs].map((part) => ({ ...part, model: model.id })));
}

/**
 * @param {Catalog} catalog
 * @param {string} sha256
 * @returns {{ role: 'runtime' | 'codec' | 'model' | 'old', models: string[], download: number | null }} what a stored file
 *   is for; `download`: bytes on the wire, null when nothing uses it any more
 */
export function usersOf(catalog, sha256) {
  const uses = everyPart(catalog).filter(({ file }) => file.sha256 === sha256);
  return {
    role: uses[0]?.role ?? 'old',
    models: [...new Set(uses.map(({ model }) => model))],
    download: uses[0]?.file.download ?? null,
  };
}

/**
 * @template {Pick<import('./protocol.js').Model, 'gflop' | 'fusion' | 'task' | 'backends'>} M
 * @param {{ models: readonly M[] }} catalog
 * @param {M} model
 * @returns {M | null} the one of least work that runs on the processor; null where there is none that is smaller
 */
export function coarserThan({ models }, model) {
  const [least] = models.filter(({ fusion, task, backends }) => !fusion && task === model.task && backends.includes('wasm')).toSorted((a, b) => a.gflop - b.gflop);
  return least && least.gflop < model.gflop ? least : null;
}
