/**
 * Whether photos may be worked on now, and if not, what is missing. Pure.
 *
 * Invariant: more than ASK_ABOVE_BYTES are fetched only for the model whose question was answered with yes, and a GPU that is slower than
 * the CPU is used only after a yes that was given for that very adapter.
 *
 * @typedef {import('./state.js').State} State
 * @typedef {'catalog' | 'offer' | 'gpu-look' | 'gpu-answer' | 'download' | 'paused' | 'download-failed' | 'server' | 'sign-in' | 'consent' | 'go-on'} Missing
 *   `gpu-look`, `gpu-answer`: what is known of the GPU that was asked for, and what the person says to it; `download`, `paused` and
 *   `download-failed`: of what was agreed to; `server`, `sign-in`: something is not here and cannot be had now; `go-on`: a person holds them
 */
import { chosen, isForced, isSlow, offerOf } from './state.js';

/** Up to here dropping a photo is consent to the download; above, the person is asked first. */
export const ASK_ABOVE_BYTES = 8_000_000;

/**
 * @param {State} state
 * @returns {Missing | null} the first thing that photos wait for, null where they may run
 */
export function missing(state) {
  const offer = offerOf(state);
  if (!chosen(state)) return 'catalog';
  if (!offer || !state.areOffersCurrent) return 'offer';
  return missingOfGpu(state) ?? missingOfDownload(state) ?? (needsConsent(state) ? 'consent' : null) ?? (state.isPaused ? 'go-on' : null);
}

/** @param {State} state @returns {Missing | null} */
function missingOfGpu(state) {
  if (!isForced(state)) return null;
  if (state.isLooking) return 'gpu-look';
  // One that a person has just asked for is not what photos run on yet.
  return state.question && state.question.source !== 'choice' ? 'gpu-answer' : null;
}

/** @type {Record<import('./state.js').Download['state'], Missing>} */
const MISSING_OF_DOWNLOAD = { loading: 'download', paused: 'paused', failed: 'download-failed' };

/** @param {State} state @returns {Missing | null} */
function missingOfDownload(state) {
  // What is fetched behind the work is nothing that photos wait for.
  if (state.download?.model === state.model) return MISSING_OF_DOWNLOAD[state.download.state];
  if (!isOut(state)) return null;
  return state.server === 'signed-out' ? 'sign-in' : 'server';
}

/** @param {State} state @returns {boolean} something that the chosen model needs is not here and cannot be had now */
export function isOut(state) {
  return state.server !== 'here' && (offerOf(state)?.download ?? 0) > 0;
}

/** @param {State} state @returns {boolean} the chosen model's download is large, and nobody has agreed to it */
export function needsConsent(state) {
  return state.agreed !== state.model && (offerOf(state)?.download ?? 0) > ASK_ABOVE_BYTES;
}

/** @param {State} state @returns {boolean} the question before a large download may be put: there is something to ask, and it can be had */
export const isConsentPossible = (state) => needsConsent(state) && !isOut(state) && !state.download;

/** @param {State} state @returns {'gpu' | 'consent' | null} what the person is to be asked now */
export function questionOf(state) {
  if (state.photos.waiting > 0 && missingOfGpu(state) === 'gpu-answer') return 'gpu';
  return isConsentOpen(state) ? 'consent' : null;
}

/** @param {State} state @returns {State['download']} that is shown above all else: what photos wait for, or what is fetched while there are none */
export const downloadAbove = ({ download, model, photos }) => (download && (download.model === model || photos.count === 0) ? download : null);

/** @param {State} state @returns {boolean} the question before a large download is on the screen, or what became of it by "Not now" */
export const isConsentOpen = (state) => state.consent !== 'closed' && isConsentPossible(state);

/** @param {State} state @returns {boolean} the chosen model may be started ahead of the first photo */
export function isWarmUpDue(state) {
  const offer = offerOf(state);
  if (!offer || offer.ready || state.isLooking || state.isComingBack || state.photos.count > 0 || isSlow(state)) return false;
  // What was agreed to is here, or will be fetched again with the agreement that holds.
  return (offer.download === 0 || state.agreed === state.model) && missing(state) === null;
}

/** @param {State} state @returns {boolean} the page's own files may be kept on this device: no photo is kept waiting by it */
export const isShellDue = ({ photos }) => !photos.isBusy;
