import { Jobs } from '../../client/jobs/jobs.js';

export const photo = new Blob(['x']);
export const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Jobs whose attempts are finished by hand, in the order they were started. */
export function bench(kinds) {
  const attempts = [];
  const changes = [];
  const run = (job, watch) => new Promise((resolve, reject) => attempts.push({ job, ...watch, resolve, reject }));
  const runners = Object.fromEntries(['cutout', 'download', 'warm-up', 'file'].map((kind) => [kind, run]));
  const jobs = new Jobs(runners, (change) => changes.push(change), kinds);
  const state = (id) => jobs.toJSON().find((job) => job.id === id)?.state;
  const add = (name, facts) => jobs.add('cutout', { name, ...facts }, photo);
  const list = () => jobs.of('cutout');
  return { jobs, add, list, attempts, changes, state };
}
