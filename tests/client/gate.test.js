import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { isOut, isWarmUpDue, missing, questionOf } from '../../client/page/gate.js';
import { isOnGpu, isSlow } from '../../client/page/state.js';
import { after, asking, CATALOG, download, first, MB, NO_WISH, offer, OFFERS, offers, ON_CPU, ON_GPU, ON_SLOW_GPU, photos, ready, route } from './page-states.js';

const GPU = { ...NO_WISH, backend: 'webgpu' };
const LARGE = { type: 'choose-model', model: 'large' };
const ACCEPT = { type: 'accept' };
const PAUSE = { type: 'pause', isPaused: true };
const here = (...ids) => offers({ ...OFFERS, ...Object.fromEntries(ids.map((id) => [id, offer(id, 0)])) });
const reach = (server) => ({ type: 'reach', server });

describe('what a photo waits for', () => {
  /** @type {[string, object, string | null][]} */
  const table = [
    ['the list of models', first(), 'catalog'],
    ['what the chosen model costs', after(first(), { type: 'catalog', catalog: CATALOG, model: null }), 'offer'],
    ['nothing, where up to 8 MB are to be fetched', ready(), null],
    ['nothing, at 8 MB exactly', after(ready(), offers({ small: offer('small', 8 * MB) })), null],
    ['a yes, for one byte more', after(ready(), offers({ small: offer('small', 8 * MB + 1) })), 'consent'],
    ['a yes, for a large model', asking(), 'consent'],
    ['a yes, also after "Not now"', after(asking(), { type: 'decline' }), 'consent'],
    ['nothing, for a large model that is here', after(asking(), here('large')), null],
    ['the download that was agreed to', after(asking(), ACCEPT, download('loading')), 'download'],
    ['its going on, while it is paused', after(asking(), ACCEPT, download('paused')), 'paused'],
    ['its being tried again, when it failed', after(asking(), ACCEPT, download('failed')), 'download-failed'],
    ['nothing, once it is here', after(asking(), ACCEPT, download('loading'), { type: 'downloaded' }, here('large')), null],
    ['nothing, where what was agreed to has to be fetched again', after(asking(), ACCEPT, download('loading'), { type: 'downloaded' }), null],
    ['the server, for what is not here', after(ready(), reach('away')), 'server'],
    ['the sign-in, for what is not here', after(ready(), reach('signed-out')), 'sign-in'],
    ['the server before a yes: nothing is asked that cannot be had', after(asking(), reach('away')), 'server'],
    ['nothing, without a server, when all is here', after(ready(), here('small'), reach('away')), null],
    ['nothing, once the server is back', after(ready(), reach('away'), reach('here')), null],
    ['nothing, when a photo failed of something else', after(ready(), { type: 'doubt', error: { code: 'gpu-lost', details: {} } }), null],
    ['nothing, when a policy forbids the connection: no server will mend that', after(ready(), { type: 'doubt', error: { code: 'network', details: { reason: 'policy' } } }), null],
    ['the sign-in at once, when a photo has met its page', after(ready(), { type: 'doubt', error: { code: 'signed-out', details: {} } }), 'sign-in'],
    ['the server at once, when a photo has met a lost connection', after(ready(), { type: 'doubt', error: { code: 'network', details: {} } }), 'server'],
    ['a person who holds them', after(ready(), photos(3), PAUSE), 'go-on'],
    ['what else is missing before that', after(asking(), photos(3), PAUSE), 'consent'],
    ['nothing, once they go on', after(ready(), photos(3), PAUSE, { ...PAUSE, isPaused: false }), null],
    ['nothing, where all that was held is settled or gone', after(ready(), photos(3), PAUSE, photos(0)), null],
  ];
  for (const [name, state, lack] of table) test(name, () => assert.equal(missing(state), lack));
});

describe('a GPU that was asked for', () => {
  /** @type {[string, object, string | null][]} */
  const table = [
    ['automatic: nobody waits for the GPU to be looked at', after(first(), { type: 'catalog', catalog: CATALOG, model: null }, offers(OFFERS)), null],
    ['asked for: it is looked at first', after(first({}, GPU), { type: 'catalog', catalog: CATALOG, model: null }, offers(OFFERS)), 'gpu-look'],
    ['fast: nothing is asked', ready({}, GPU, ON_GPU), null],
    ['slow, from an earlier visit: a yes', ready({}, GPU, ON_SLOW_GPU), 'gpu-answer'],
    ['slow, from the address: a yes', ready({ backend: 'webgpu' }, NO_WISH, ON_SLOW_GPU), 'gpu-answer'],
    ['slow, agreed to for this very adapter: nothing', ready({}, { ...GPU, agreed: 'slow' }, ON_SLOW_GPU), null],
    ['slow, agreed to for another adapter: a yes', ready({}, { ...GPU, agreed: 'another' }, ON_SLOW_GPU), 'gpu-answer'],
    ['not usable: the CPU takes its place, and nothing is asked', ready({}, GPU, ON_CPU), null],
    ['nobody can tell: the photo meets the failure', after(ready({}, GPU), route(null)), null],
    ['just chosen here: photos run on what holds until the answer', after(ready(), { type: 'choose-backend', backend: 'webgpu' }, { type: 'ask-gpu', route: ON_SLOW_GPU, cpuMs: 900 }), null],
    ['before the download: one question at a time', after(ready({}, GPU, ON_SLOW_GPU), LARGE, route(ON_SLOW_GPU)), 'gpu-answer'],
  ];
  for (const [name, state, lack] of table) test(name, () => assert.equal(missing(state), lack));

  test('is known to be used, and to be slow, only where somebody said so', () => {
    assert.deepEqual([ready(), ready({}, GPU, ON_GPU), ready({}, GPU, ON_SLOW_GPU), ready({}, GPU, ON_CPU), ready({}, NO_WISH, ON_GPU)].map((state) => [isOnGpu(state), isSlow(state)]),
      [[false, false], [true, false], [true, true], [false, false], [false, false]]);
  });
});

describe('the question that is put', () => {
  /** @type {[string, object, string | null][]} */
  const table = [
    ['none, while nothing is dropped and nothing large chosen', ready(), null],
    ['none, for photos that may run', after(ready(), photos(3)), null],
    ['the download, when a large model is chosen', asking(), 'consent'],
    ['the download, when photos meet a large model', after(ready(), offers({ small: offer('small', 9 * MB) }), photos(1)), 'consent'],
    ['none, for a large model that nobody waits for', after(ready(), offers({ small: offer('small', 9 * MB) })), null],
    ['still the download, after "Not now": the answer can change', after(asking(), { type: 'decline' }), 'consent'],
    ['none, without a server', after(asking(), reach('away')), null],
    ['none, while it is downloaded', after(asking(), ACCEPT, download('loading')), null],
    ['the download, again, when it was given up', after(asking(), ACCEPT, download('loading'), { type: 'give-up' }), 'consent'],
    ['none, when all photos are removed by "Start again"', after(asking(), { type: 'start-again' }), null],
    ['the GPU first', after(ready({}, GPU, ON_SLOW_GPU), LARGE, route(ON_SLOW_GPU), photos(1)), 'gpu'],
    ['then the download', after(ready({}, GPU, ON_SLOW_GPU), LARGE, route(ON_SLOW_GPU), photos(1), { type: 'answer-gpu', isYes: false }, offers(OFFERS), route(ON_CPU)), 'consent'],
    ['no GPU, where no photo waits for the answer', ready({}, GPU, ON_SLOW_GPU), null],
  ];
  for (const [name, state, question] of table) test(name, () => assert.equal(questionOf(state), question));
});

describe('starting the model ahead of the first photo', () => {
  const stored = after(ready(), here('small'));
  /** @type {[string, object, boolean][]} */
  const table = [
    ['when all it needs is here', stored, true],
    ['not, while it would be a download', ready(), false],
    ['when a large download was agreed to and is done', after(asking(), ACCEPT, download('loading'), { type: 'downloaded' }, here('large')), true],
    ['not, while that is under way', after(asking(), ACCEPT, download('loading')), false],
    ['not, when it is up already', after(ready(), offers({ small: offer('small', 0, { ready: true }) })), false],
    ['not, when there are photos: they start it', after(stored, photos(0, 1)), false],
    ['not, while photos of an earlier visit are brought back', after(stored, { type: 'coming-back', isUnderWay: true }), false],
    ['once they are, where there were none', after(stored, { type: 'coming-back', isUnderWay: true }, { type: 'coming-back', isUnderWay: false }), true],
    ['not, while it is looked up what would run', after(stored, { type: 'measured' }), false],
    ['not on a GPU that is slower than the CPU', after(ready({}, { ...GPU, agreed: 'slow' }, ON_SLOW_GPU), here('small')), false],
    ['not before the answer to the question about the GPU', after(ready({}, GPU, ON_SLOW_GPU), here('small')), false],
    ['not between two backends', after(stored, { type: 'choose-backend', backend: 'wasm' }, route(ON_CPU)), false],
    ['without a server, too', after(stored, reach('away')), true],
  ];
  for (const [name, state, isDue] of table) test(name, () => assert.equal(isWarmUpDue(state), isDue));
});

test('out of reach is only what is missing here', () => {
  assert.deepEqual([after(ready(), reach('away')), after(ready(), here('small'), reach('away')), after(ready(), reach('signed-out')), ready()].map(isOut), [true, false, true, false]);
});
