/** States of the page for the tests of its rules. */
import { firstState } from '../../client/page/state.js';
import { reduce } from '../../client/page/reduce.js';

export const MB = 1e6;
const model = (id, title, tier = 'instant') => ({ id, title, tier, files: [], parts: [] });
export const CATALOG = { default: 'small', models: [model('small', 'Small'), model('large', 'Large')] };
/** The same where the large one is of a finer kind, and recommended. */
export const FINER = { default: 'small', recommended: 'large', models: [model('small', 'Small'), model('large', 'Large', 'fast')] };
export const offer = (id, download, more = {}) => ({ download, parts: [], ready: false, photoMs: null, hasRoom: true, model: { id, title: id, licence: '' }, ...more });
export const OFFERS = { small: offer('small', 5 * MB), large: offer('large', 88 * MB) };
export const NO_WISH = { backend: 'auto', threads: undefined, agreed: '' };

export const ON_CPU = { attempts: [{ backend: 'wasm', threads: 4 }], verdict: null, findings: null, expectedMs: 900 };
export const ON_GPU = { attempts: [{ backend: 'webgpu', threads: 1 }], verdict: { verdict: 'fit' }, findings: { key: 'fast' }, expectedMs: 90 };
export const ON_SLOW_GPU = { attempts: [{ backend: 'webgpu', threads: 1 }], verdict: { verdict: 'degraded' }, findings: { key: 'slow' }, expectedMs: 9000 };

export const photos = (waiting, count = waiting) => ({ type: 'photos', photos: { waiting, count, isBusy: waiting > 0 } });
export const offers = (known) => ({ type: 'offers', offers: known });
export const route = (found, cpuMs = null) => ({ type: 'route', route: found, cpuMs });
export const download = (state, loaded = 0) => ({ type: 'download', download: { state, model: 'large', loaded, total: 88 * MB, error: null } });

/** @param {object} state @param {...object} events @returns {object} */
export const after = (state, ...events) => events.reduce(reduce, state);

export const first = (address = {}, kept = NO_WISH, declined = null) => firstState(address, kept, declined);
/** The default model is known, and what it costs and runs on. */
export const ready = (address, kept, found = ON_CPU) => after(first(address, kept), { type: 'catalog', catalog: CATALOG, model: null }, offers(OFFERS), route(found));
/** The large model is chosen, and its question put. */
export const asking = () => after(ready(), { type: 'choose-model', model: 'large' }, offers(OFFERS), route(ON_CPU));
/** The default is large, and nobody has been asked. */
export const ASKING_DEFAULT = () => after(first(), { type: 'catalog', catalog: { ...FINER, default: 'large' }, model: null }, offers(OFFERS), route(ON_CPU));
