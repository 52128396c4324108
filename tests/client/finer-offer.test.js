import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { bestOf } from '../../client/page/best-here.js';
import { finerOf, toRedo } from '../../client/page/finer-offer.js';
import { downloadAbove, isWarmUpDue, missing, questionOf } from '../../client/page/gate.js';
import { after, ASKING_DEFAULT, CATALOG, download, FINER, first, MB, offer, OFFERS, offers, ON_CPU, photos, ready, route } from './page-states.js';

const known = (...events) => after(first(), { type: 'catalog', catalog: FINER, model: null }, offers(OFFERS), route(ON_CPU), ...events);
const LARGE = { type: 'choose-model', model: 'large' };
const TAKE = { type: 'take-finer', model: 'large' };
const DECLINE = { type: 'decline-finer', model: 'large' };
const here = { ...OFFERS, large: offer('large', 0) };

describe('a finer model is offered', () => {
  /** @type {[string, object, string | null][]} */
  const table = [
    ['at the first photo', known(photos(1)), 'large'],
    ['while photos are worked on, and when they are done', known(photos(0, 3)), 'large'],
    ['not before there is one', known(), null],
    ['not where the catalog recommends none', after(ready(), photos(1)), null],
    ['not after "Not now"', known(photos(1), DECLINE), null],
    ['not after "Not now" at an earlier visit', after(first({}, undefined, 'large'), { type: 'catalog', catalog: FINER, model: null }, offers(OFFERS), photos(1)), null],
    ['again, where that is taken back', known(photos(1), DECLINE, { type: 'offer-finer' }), 'large'],
    ['where "Not now" was about another model', after(first({}, undefined, 'other'), { type: 'catalog', catalog: FINER, model: null }, offers(OFFERS), photos(1)), 'large'],
    ['not to somebody who has chosen a model', known({ type: 'choose-model', model: 'small' }, photos(1)), null],
    ['nor to who chose one at an earlier visit', after(first(), { type: 'catalog', catalog: FINER, model: 'small' }, offers(OFFERS), photos(1)), null],
    ['nor where the address names one', after(first({ model: 'small' }), { type: 'catalog', catalog: FINER, model: null }, offers(OFFERS), photos(1)), null],
    ['to who chose one that is gone', after(first(), { type: 'catalog', catalog: FINER, model: 'gone' }, offers(OFFERS), photos(1)), 'large'],
    ['not while it comes', known(photos(1), TAKE), null],
    ['not when it is here, and chosen', known(photos(1), TAKE, { type: 'downloaded' }), null],
    ['again, when its download was given up', known(photos(1), TAKE, { type: 'give-up' }), 'large'],
    ['not without a server', known(photos(1), { type: 'reach', server: 'away' }), null],
    ['without a server, where it is stored', known(offers(here), photos(1), { type: 'reach', server: 'away' }), 'large'],
    ['not where it takes too long here', known(offers({ ...OFFERS, large: offer('large', 88 * MB, { photoMs: 60_000 }) }), photos(1)), null],
    ['not where this device has not the memory', known(offers({ ...OFFERS, large: offer('large', 88 * MB, { hasRoom: false }) }), photos(1)), null],
    ['not while something else is asked', known(offers({ ...OFFERS, small: offer('small', 9 * MB) }), photos(1)), null],
  ];
  for (const [name, state, id] of table) test(name, () => assert.equal(finerOf(state)?.model.id ?? null, id));

  test('and is not taken back by what is measured meanwhile', () => {
    const slow = known(photos(1), offers({ ...OFFERS, large: offer('large', 88 * MB, { photoMs: 60_000 }) }));
    assert.deepEqual([finerOf(slow), finerOf(slow, 'large').offer.photoMs, finerOf(after(slow, DECLINE), 'large')], [null, 60_000, null]);
  });

  test('with what it costs now', () => {
    assert.equal(finerOf(known(photos(1))).offer.download, 88 * MB);
  });

  test('what is best here stays so in the list of models, whatever was answered', () => {
    assert.deepEqual([known(), known(DECLINE), known({ type: 'choose-model', model: 'small' })].map((state) => bestOf(state).id), ['large', 'large', 'large']);
  });
});

describe('a finer model that was taken', () => {
  test('is fetched while photos go on with the one that is here', () => {
    const state = known(photos(2), TAKE, download('loading', MB));
    assert.deepEqual([state.model, missing(state), questionOf(state), state.download.model], ['small', null, null, 'large']);
    assert.deepEqual(['paused', 'failed'].map((phase) => missing(after(state, download(phase)))), [null, null]);
  });

  test('is fetched beside the photos, and where all downloads are shown when there are none', () => {
    const state = known(photos(2), TAKE, download('loading'));
    assert.deepEqual([state, after(state, photos(0)), known(photos(2))].map(downloadAbove), [null, state.download, null]);
    assert.equal(downloadAbove(after(ready(), LARGE, offers(OFFERS), photos(1), { type: 'accept' })).model, 'large');
  });

  test('takes the place of the other once it is here, and nothing is asked', () => {
    const state = known(photos(2), TAKE, download('loading'), { type: 'downloaded' });
    assert.deepEqual([state.model, state.coming, state.download, state.consent, state.isChosen], ['large', null, null, 'closed', true]);
    // What is known of its cost is from before: the yes holds.
    assert.equal(missing(state), null);
    assert.equal(missing(after(state, offers(here), route(ON_CPU))), null);
  });

  test('given up, leaves everything as it was, and asks nothing', () => {
    const state = known(photos(2), TAKE, download('loading'), { type: 'give-up' });
    assert.deepEqual([state.model, state.agreed, state.coming, state.consent, missing(state)], ['small', null, null, 'closed', null]);
  });

  test('does not come where another one is chosen meanwhile, or all is deleted', () => {
    assert.deepEqual([after(known(photos(1), TAKE), { type: 'choose-model', model: 'small' }), after(known(photos(1), TAKE), { type: 'forget' })].map(({ coming, download: left }) => [coming, left]), [[null, null], [null, null]]);
  });

  test('is no reason to start anything ahead of time', () => {
    assert.equal(isWarmUpDue(known(offers({ ...OFFERS, small: offer('small', 0) }), TAKE)), true);
    assert.equal(isWarmUpDue(known(TAKE)), false);
  });
});

describe('photos begin with what needs no question', () => {
  test('where the default does: it is offered beside them', () => {
    const state = after(ASKING_DEFAULT(), photos(1));
    assert.deepEqual([state.model, missing(state), state.consent, finerOf(state).model.id], ['small', null, 'closed', 'large']);
  });

  test('not where it was chosen, or the address names it', () => {
    const asked = { ...CATALOG, default: 'large' };
    const states = [after(first(), { type: 'catalog', catalog: asked, model: 'large' }, offers(OFFERS)), after(first({ model: 'large' }), { type: 'catalog', catalog: asked, model: null }, offers(OFFERS)), after(ready(), LARGE, offers(OFFERS))];
    assert.deepEqual(states.map((state) => [state.model, missing(state)]), Array(3).fill(['large', 'consent']));
  });

  test('nor where there is no such model', () => {
    const state = after(first(), { type: 'catalog', catalog: { ...CATALOG, default: 'large' }, model: null }, offers({ ...OFFERS, small: offer('small', 9 * MB) }));
    assert.deepEqual([state.model, missing(state)], ['large', 'consent']);
  });
});

describe('photos that are made once more with it', () => {
  const job = (id, { model = 'small', state = 'done', mark = '', doubts = [], notes = [], edits = [] } = {}) => ({ id, name: id, state, mark, result: state === 'done' ? { notes, document: { edits }, report: { model: { id: model }, doubts } } : null });

  test('are those of another model, the most doubtful first', () => {
    const all = [
      job('sure'), job('soft', { doubts: [{ code: 'soft', value: 0.5 }] }), job('softer', { doubts: [{ code: 'soft', value: 0.9 }] }), job('nothing', { doubts: [{ code: 'nothing', value: 0 }] }),
      job('asked', { mark: 'check' }), job('new', { model: 'large' }),
    ];
    assert.deepEqual(toRedo(all, 'large'), ['nothing', 'softer', 'soft', 'asked', 'sure']);
  });

  test('not those that wait, failed, needed no model, or were found fine by a person', () => {
    const all = [job('waits', { state: 'queued' }), job('failed', { state: 'failed' }), job('kept', { notes: [{ code: 'already-cut-out', detail: {} }] }), job('fine', { mark: 'fine' })];
    assert.deepEqual(toRedo(all, 'large'), []);
  });
});
