/**
 * What an event makes of the page's state. Pure.
 *
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Route} Route
 * @typedef {import('./state.js').Preference} Preference
 *
 * @typedef {{ type: 'catalog', catalog: import('./state.js').Catalog, model: string | null }
 *   | { type: 'offers', offers: Record<string, import('./state.js').Offer | null> }
 *   | { type: 'offers-failed' }
 *   | { type: 'choose-model', model: string }
 *   | { type: 'choose-backend', backend: import('./state.js').Backend }
 *   | { type: 'choose-threads', threads: number | undefined }
 *   | { type: 'use-cpu' }
 *   | { type: 'route', route: Route | null, cpuMs: number | null }
 *   | { type: 'gpu', route: Route | null }
 *   | { type: 'ask-gpu', route: Route, cpuMs: number | null }
 *   | { type: 'take-gpu', route: Route | null }
 *   | { type: 'answer-gpu', isYes: boolean }
 *   | { type: 'ran', report: { backend: string | null } }
 *   | { type: 'measured' }
 *   | { type: 'accept' } | { type: 'decline' } | { type: 'give-up' } | { type: 'forget' } | { type: 'refresh' } | { type: 'start-again' }
 *   | { type: 'download', download: import('./state.js').Download | null }
 *   | { type: 'downloaded' }
 *   | { type: 'take-finer', model: string } | { type: 'decline-finer', model: string } | { type: 'offer-finer' }
 *   | { type: 'arrived' }
 *   | { type: 'photos', photos: State['photos'] }
 *   | { type: 'coming-back', isUnderWay: boolean }
 *   | { type: 'pause', isPaused: boolean }
 *   | { type: 'doubt', error: import('../shared/errors.js').WireError }
 *   | { type: 'reach', server: import('./state.js').Reach }
 *   | { type: 'shell', shell: State['shell'] }} Event
 */
import { ASK_ABOVE_BYTES, isConsentPossible, missing, needsConsent } from './gate.js';
import { isForced, isToBeAsked, offerOf, otherModel, pickModel } from './state.js';

/**
 * @param {State} state
 * @param {Event} event
 * @returns {State}
 */
export const reduce = (state, event) => withConsent(changed(state, event), event);

/** @param {State} state @param {Event} event @returns {State} */
function changed(state, event) {
  return ofModels(state, event) ?? ofPlacement(state, event) ?? ofDownload(state, event) ?? ofSurroundings(state, event);
}

/** @param {State} state @param {Event} event @returns {State | null} null where the event is about something else */
function ofModels(state, event) {
  switch (event.type) {
    case 'catalog': {
      const model = pickModel(event.catalog, state.address.model, event.model);
      // One that is not installed is told of, and asked for no more.
      const address = { ...state.address, model: state.address.model === model ? model : undefined };
      const isChosen = address.model === model || event.model === model;
      return lookAgain(askAgain({ ...state, address, catalog: event.catalog, model, isChosen }));
    }
    case 'offers': {
      const known = Object.entries(event.offers).filter(([, offer]) => offer !== null);
      return beginning({ ...state, offers: /** @type {State['offers']} */ (Object.fromEntries(known)), areOffersCurrent: true });
    }
    // An offer that is there still holds as far as anybody knows: the photo meets what is wrong, and shows it.
    case 'offers-failed': return { ...state, areOffersCurrent: true };
    case 'choose-model': return { ...withModel(state, event.model), agreed: null };
    default: return null;
  }
}

/** @param {State} state @param {Event} event @returns {State | null} */
function ofPlacement(state, event) {
  switch (event.type) {
    // The GPU is used once it is known what it can do.
    case 'choose-backend': return event.backend === 'webgpu' ? { ...state, question: null } : preferring(state, { backend: event.backend });
    case 'choose-threads': return preferring(state, { threads: event.threads });
    case 'use-cpu': return preferring(state, { backend: 'wasm' }, state.remembered.backend === 'webgpu');
    case 'route': return { ...state, isLooking: false, route: event.route, question: isForced(state) ? questionBefore(state, event) : state.question };
    case 'gpu': return { ...state, gpu: event.route };
    // Nothing is to be asked.
    case 'take-gpu': return preferring({ ...state, gpu: event.route }, { backend: 'webgpu' });
    case 'ask-gpu': return { ...state, gpu: event.route, question: { source: 'choice', route: event.route, cpuMs: event.cpuMs } };
    case 'answer-gpu': return answered(state, event.isYes);
    case 'ran': return afterRun(state, event.report.backend);
    case 'measured': return lookAgain(state);
    default: return null;
  }
}

/** @param {State} state @param {Event} event @returns {State | null} */
function ofDownload(state, event) {
  switch (event.type) {
    case 'accept': return { ...state, agreed: state.model, consent: 'closed', download: { state: 'loading', model: state.model, loaded: 0, total: 0, error: null } };
    case 'decline': return { ...state, consent: 'declined' };
    // Back to the question; what has arrived by now will not be asked for again.
    case 'give-up': return askAgain({ ...state, agreed: null, download: null, coming: null, consent: 'asking' });
    // What is deleted must not come back by what is under way.
    case 'forget': return { ...state, agreed: null, download: null, coming: null };
    // What is stored may have changed.
    case 'refresh': return askAgain(state);
    case 'start-again': return { ...state, consent: 'closed' };
    case 'download': return { ...state, download: event.download };
    case 'downloaded': return state.coming === null ? askAgain({ ...state, download: null }) : withModel(state, state.coming);
    // Photos go on with the model that is here.
    case 'take-finer': return { ...state, agreed: event.model, coming: event.model, declined: null, download: { state: 'loading', model: event.model, loaded: 0, total: 0, error: null } };
    case 'decline-finer': return { ...state, declined: event.model };
    case 'offer-finer': return { ...state, declined: null };
    default: return null;
  }
}

/** @param {State} state @param {Event} event @returns {State} */
function ofSurroundings(state, event) {
  switch (event.type) {
    // Where nothing waits any more, what comes next is not held.
    case 'photos': return { ...state, photos: event.photos, isPaused: state.isPaused && event.photos.isBusy };
    case 'coming-back': return event.isUnderWay === state.isComingBack ? state : comingBack(state, event.isUnderWay);
    case 'pause': return { ...state, isPaused: event.isPaused };
    case 'doubt': return { ...state, server: doubted(event.error) ?? state.server };
    case 'reach': return { ...state, server: event.server, isLost: event.server !== 'here' };
    case 'shell': return { ...state, shell: event.shell };
    default: return state;
  }
}

/**
 * The question before a large download is put where somebody waits for it, or chose the model, and taken back where there is nothing to
 * ask any more. "Not now" holds until then, or until more photos come.
 * @param {State} state
 * @param {Event} event
 * @returns {State}
 */
function withConsent(state, { type }) {
  if (!isConsentPossible(state)) return state.download || state.consent === 'closed' ? state : { ...state, consent: 'closed' };
  const isWaitedFor = state.photos.waiting > 0 && missing(state) === 'consent' && (type === 'arrived' || state.consent === 'closed');
  return isWaitedFor || type === 'choose-model' ? { ...state, consent: 'asking' } : state;
}

/**
 * If the server was lost, the next photo, which is about to start, need not fail of it too.
 * @param {import('../shared/errors.js').WireError} error that a photo or a download met
 * @returns {State['server'] | null} null where it says nothing of the server
 */
function doubted({ code, details }) {
  if (code === 'network' && details.reason !== 'policy') return 'away';
  return code === 'signed-out' ? code : null;
}

/**
 * Where nobody has named a model, photos begin with one that may be used without a question; the other one is offered beside them.
 * @param {State} state
 * @returns {State}
 */
function beginning(state) {
  const other = state.isChosen || !needsConsent(state) ? null : otherModel(state, ASK_ABOVE_BYTES);
  return other ? { ...withModel(state, other.id), isChosen: false, before: null } : state;
}

/**
 * Nothing that was about the other model holds any more. Offers are known of all models, and asked anew.
 * @param {State} state
 * @param {string} model
 * @returns {State}
 */
function withModel(state, model) {
  const shell = state.shell && { ...state.shell, missing: null };
  // One that was itself asked about is no way back.
  const before = needsConsent(state) ? state.before : state.model;
  return lookAgain(askAgain({ ...state, model, isChosen: true, before, coming: null, download: null, consent: 'closed', route: null, gpu: null, question: null, shell }));
}

/** While photos come back, both wait until these are seen: they start workers. @param {State} state @returns {State} */
const lookAgain = (state) => ({ ...state, isLooking: true, looks: state.looks + (state.isComingBack ? 0 : 1) });

/** @param {State} state @returns {State} */
const askAgain = (state) => ({ ...state, asks: state.asks + (state.isComingBack ? 0 : 1) });

/** @param {State} state @param {boolean} isComingBack @returns {State} in which what waited is asked, once photos are back */
function comingBack(state, isComingBack) {
  const next = { ...state, isComingBack };
  if (isComingBack || !state.catalog) return next;
  return state.isLooking ? lookAgain(askAgain(next)) : askAgain(next);
}

/**
 * Something else is to be run on: what has to be downloaded may differ, so nothing starts until that is known.
 * @param {State} state
 * @param {Partial<Preference>} choice
 * @param {boolean} [isRemembered] for the next visit; what answers the address is not
 * @returns {State}
 */
function preferring(state, choice, isRemembered = !('backend' in choice && state.address.backend)) {
  const address = 'backend' in choice ? { ...state.address, backend: undefined } : state.address;
  const remembered = isRemembered ? { ...state.remembered, ...choice } : state.remembered;
  return lookAgain(askAgain({ ...state, address, remembered, kept: { ...state.kept, ...choice }, question: null, areOffersCurrent: false }));
}

/** @param {State} state @param {{ route: Route | null, cpuMs: number | null }} found @returns {State['question']} */
function questionBefore(state, { route, cpuMs }) {
  if (!route || route.attempts[0]?.backend !== 'webgpu' || !isToBeAsked(state, route)) return null;
  return { source: state.address.backend === 'webgpu' ? 'address' : 'earlier', route, cpuMs };
}

/**
 * @param {State} state
 * @param {string | null} backend that ran, null where none did
 * @returns {State}
 */
function afterRun(state, backend) {
  // What was downloaded for it is here now.
  const known = offerOf(state)?.ready ? state : askAgain(state);
  return backend !== null && backend !== state.route?.attempts[0]?.backend ? lookAgain(known) : known;
}

/** @param {State} state @param {boolean} isYes @returns {State} */
function answered(state, isYes) {
  if (!state.question) return state;
  const { source, route } = state.question;
  if (isYes) return preferring(state, { backend: 'webgpu', agreed: route.findings?.key ?? '' });
  return source === 'choice' ? { ...state, question: null } : preferring(state, { backend: 'auto' });
}
