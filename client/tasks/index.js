/**
 * What models do: a file and a row each. The catalog's `task` chooses the row.
 *
 * @typedef {import('../shared/catalog-entry.js').TaskName} TaskName
 * @typedef {import('../shared/protocol.js').Model} Model
 * @typedef {import('./parts.js').Host} Host
 *
 * @typedef {{ canary: number, first: number, run: number }} Check ms of the whole check, and of the graphs' first and latest runs
 * @typedef {{ done: number, of: number }} Step how far a run is
 */

/**
 * @typedef {object} Up a model that is up; what can be asked of it is its task's
 * @property {() => Promise<Check>} check every part on its canary. Throws `canary-mismatch`, and what a run throws
 * @property {() => Promise<void>} open have all parts up. Throws what `Parts.open` throws
 * @property {() => Promise<void>} dispose free what it holds
 */

/**
 * @template Input
 * @template Output
 * @typedef {Up & { run: (input: Input, progress?: (step: Step) => void, early?: (output: any) => Promise<void>) => Promise<Output> }} Task of one question; `run` one
 *   at a time, `early` is given a first, coarser output where there is one
 */

/**
 * @template {Up} T
 * @typedef {{ load: (model: any, host: Host) => Promise<T> }} TaskModule `load` has the model's parts up as far as
 *   its task wants them before the first run, and throws what `Parts.open` throws
 */
import { MatteboxError } from '../shared/errors.js';

/** @satisfies {Record<TaskName, () => Promise<TaskModule<any>>>} */
export const TASKS = {
  matting: () => import('./matting.js'),
  segment: () => import('./segment.js'),
  generate: () => import('./generate.js'),
};

/**
 * @param {Pick<Model, 'id'> & { task: string }} model
 * @param {Record<string, () => Promise<TaskModule<any>>>} [tasks]
 * @returns {Promise<TaskModule<any>>} what loads the model
 * @throws {MatteboxError} `catalog-invalid` for a task that only a later version of this page knows, `runtime-failed` where its script
 *   cannot be had
 */
export async function findTask({ id, task }, tasks = TASKS) {
  if (!Object.hasOwn(tasks, task)) throw new MatteboxError('catalog-invalid', { model: id, cause: `its task is ${task}` });
  return tasks[task]().catch((thrown) => { throw MatteboxError.from(thrown, 'runtime-failed', { part: task }); });
}
