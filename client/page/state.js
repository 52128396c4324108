/**
 * All that is true of the page, as one value of plain data, but for its photos, which are jobs.
 *
 * @typedef {Awaited<ReturnType<typeof import('../api.js').catalog>>} Catalog
 * @typedef {Catalog['models'][number]} Model
 * @typedef {Awaited<ReturnType<typeof import('../api.js').offer>>} Offer what using a model would cost now
 * @typedef {Awaited<ReturnType<typeof import('../api.js').route>>} Route what would run, and why
 * @typedef {import('./preference.js').Preference} Preference
 * @typedef {import('../shared/protocol.js').Backend} Backend
 * @typedef {import('../shared/protocol.js').Reach} Reach
 *
 * @typedef {{ model?: string, backend?: Backend, threads?: number }} Address what the page's address asks for
 * @typedef {{ source: 'choice' | 'address' | 'earlier', route: Route, cpuMs: number | null }} GpuQuestion before a GPU that is slower than the CPU;
 *   `source`: who asks for that GPU, `cpuMs`: what a photo would take on the CPU
 * @typedef {{ state: 'loading' | 'paused' | 'failed', model: string, loaded: number, total: number, error: import('../shared/errors.js').WireError | null }} Download that was agreed
 *   to; `model` is an id, `loaded` and `total` are bytes, 0 while unknown
 * @typedef {{ isWhole: boolean, isOther: boolean, missing: import('../shared/protocol.js').Deliverable[] | null }} Shell the page that opens next, as
 *   it is kept on this device; `isOther`: of another release; `missing`: what the chosen model lacks to run in it, null where nothing tells
 *
 * @typedef {object} State
 * @property {Address} address
 * @property {Preference} kept what holds now; an answer to the address holds for the visit only
 * @property {Preference} remembered what the next visit will know
 * @property {Catalog | null} catalog
 * @property {string} model id of the chosen one, empty until the catalog is known
 * @property {boolean} isChosen a person or the address has named the model, now or at an earlier visit
 * @property {string | null} declined id of the model that was offered beside the photos and answered with "Not now", now or at an earlier visit
 * @property {string | null} coming id of the model that was agreed to there: it is fetched behind the work, and takes the chosen one's place once it is here
 * @property {string | null} before id of the model that goes on where the question about the chosen one is answered with "Not now"
 * @property {Readonly<Record<string, Offer>>} offers by model, of those that are known
 * @property {boolean} areOffersCurrent false while they are of what was to run before
 * @property {number} asks counts what makes another offer: each is answered once
 * @property {boolean} isLooking it is being looked up what would run
 * @property {number} looks counts what makes another route: each is answered once
 * @property {Route | null} route what would run now; null while that is not known
 * @property {Route | null} gpu what would run if the GPU was asked for; null where nobody wanted to know
 * @property {GpuQuestion | null} question
 * @property {string | null} agreed id of the model that may be downloaded although it is large
 * @property {'closed' | 'asking' | 'declined'} consent the question before a large download
 * @property {Download | null} download
 * @property {Reach} server
 * @property {boolean} isLost the server itself gave another answer than "here", and not just a failure that made us ask
 * @property {{ waiting: number, count: number, isBusy: boolean }} photos
 * @property {boolean} isComingBack photos of an earlier visit are being brought back, and nothing is begun ahead of need meanwhile
 * @property {boolean} isPaused no further photo is begun until the person says so
 * @property {Shell | null} shell null where nothing is kept
 */

/**
 * @param {Address} address
 * @param {Preference} kept from an earlier visit
 * @param {string | null} [declined] from an earlier visit
 * @returns {State}
 */
export function firstState(address, kept, declined = null) {
  return {
    address, kept, remembered: kept, catalog: null, model: '', isChosen: false, declined, coming: null, before: null, offers: {}, areOffersCurrent: false, asks: 0, isLooking: false, looks: 0,
    route: null, gpu: null, question: null, agreed: null, consent: 'closed', download: null, server: 'here', isLost: false,
    photos: { waiting: 0, count: 0, isBusy: false }, isComingBack: false, isPaused: false, shell: null,
  };
}

/** @param {State} state @returns {{ backend: Backend, threads?: number }} what a photo is to be worked on with */
export function placed({ address, kept }) {
  const threads = address.threads ?? kept.threads;
  return { backend: address.backend ?? kept.backend, ...(threads === undefined ? {} : { threads }) };
}

/** @param {State} state @returns {Model[]} in the catalog's order; empty until it is known */
export const models = ({ catalog }) => catalog?.models ?? [];

/** @param {State} state @param {string} id @returns {Model | null} */
export const modelOf = (state, id) => models(state).find((model) => model.id === id) ?? null;

/** @param {State} state @returns {Model | null} null until the catalog is known */
export const chosen = (state) => modelOf(state, state.model);

/** @param {State} state @returns {Offer | null} of the chosen model */
export const offerOf = ({ offers, model }) => offers[model] ?? null;

/**
 * @param {State} state
 * @param {number} free bytes that may be fetched unasked
 * @returns {Model | null} another model that can be used without a question
 */
export const otherModel = (state, free) => models(state).find(({ id }) => id !== state.model && (state.offers[id]?.download ?? Infinity) <= free) ?? null;

/**
 * The address rules over what was chosen before, and that over the catalog's default.
 * @param {Pick<Catalog, 'default'> & { models: { id: string }[] }} catalog
 * @param {string | undefined} asked
 * @param {string | null} remembered
 * @returns {string}
 */
export function pickModel({ models: all, default: preset }, asked, remembered) {
  const isHere = (/** @type {string | null | undefined} */ id) => all.some((model) => model.id === id);
  return [asked, remembered].find(isHere) ?? preset;
}

/** @param {State} state @returns {boolean} whether the GPU was asked for, by a person or the address */
export const isForced = (state) => placed(state).backend === 'webgpu';

/** @param {State} state @returns {boolean} whether the GPU will be used because somebody said so */
export const isOnGpu = (state) => isForced(state) && state.route?.attempts[0]?.backend === 'webgpu';

/** @param {State} state @returns {boolean} and is slower than the CPU */
export const isSlow = (state) => isOnGpu(state) && state.route?.verdict?.verdict === 'degraded';

/** @param {State} state @param {Route} route @returns {boolean} its GPU is slower, and nobody has agreed to that very one */
export const isToBeAsked = ({ kept }, { verdict, findings }) => verdict?.verdict === 'degraded' && kept.agreed !== findings?.key;
