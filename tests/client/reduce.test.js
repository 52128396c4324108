import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { missing, questionOf } from '../../client/page/gate.js';
import { chosen, offerOf, otherModel, pickModel, placed } from '../../client/page/state.js';
import { after, asking, CATALOG, download, first, MB, NO_WISH, offer, OFFERS, offers, ON_CPU, ON_GPU, ON_SLOW_GPU, photos, ready, route } from './page-states.js';

const GPU = { ...NO_WISH, backend: 'webgpu' };
const LARGE = { type: 'choose-model', model: 'large' };
const ACCEPT = { type: 'accept' };

test('the address rules over memory, memory over the catalog; what is not installed does not count', () => {
  assert.equal(pickModel(CATALOG, 'large', 'small'), 'large');
  assert.equal(pickModel(CATALOG, undefined, 'large'), 'large');
  assert.equal(pickModel(CATALOG, 'gone', 'large'), 'large');
  assert.equal(pickModel(CATALOG, undefined, 'gone'), 'small');
  assert.equal(pickModel(CATALOG, undefined, null), 'small');
});

test('a model of the address that is not installed is asked for no more', () => {
  const known = (model) => after(first({ model }), { type: 'catalog', catalog: CATALOG, model: null });
  assert.deepEqual([known('gone').address.model, known('gone').model], [undefined, 'small']);
  assert.deepEqual([known('large').address.model, known('large').model], ['large', 'large']);
});

test('a state is never changed, and an event that changes nothing gives the same one', () => {
  const state = Object.freeze(ready());
  assert.notEqual(after(state, LARGE), state);
  assert.equal(after(state, { type: 'measured' }).offers, state.offers);
  assert.equal(after(state, { type: 'answer-gpu', isYes: true }), state);
});

test('it is plain JSON: read back, it means the same', () => {
  const state = after(asking(), photos(2), ACCEPT, download('paused', MB));
  const again = JSON.parse(JSON.stringify(state));
  assert.deepEqual([missing(again), placed(again), offerOf(again), again.download], [missing(state), placed(state), offerOf(state), state.download]);
});

describe('offers', () => {
  test('one that cannot be had is unknown, the others stay known', () => {
    const state = after(ready(), offers({ small: OFFERS.small, large: null }));
    assert.deepEqual([offerOf(state), state.offers.large], [OFFERS.small, undefined]);
  });

  test('another model is offered in place of the chosen one only if it needs no question', () => {
    assert.equal(otherModel(ready(), 8 * MB), null);
    assert.equal(otherModel(asking(), 8 * MB).id, 'small');
    assert.equal(otherModel(asking(), 0), null);
    assert.equal(otherModel(after(asking(), offers({ ...OFFERS, small: offer('small', 0) })), 0).id, 'small');
  });

  test('when asking fails, photos meet what is wrong and do not wait for ever', () => {
    const state = after(ready(), { type: 'choose-backend', backend: 'wasm' }, route(ON_CPU));
    assert.equal(missing(state), 'offer');
    assert.equal(missing(after(state, { type: 'offers-failed' })), null);
  });

  test('where nothing was ever known, failing leaves them waiting', () => {
    assert.equal(missing(after(first(), { type: 'catalog', catalog: CATALOG, model: null }, { type: 'offers-failed' })), 'offer');
  });
});

describe('photos that come back', () => {
  const BACK = { type: 'coming-back', isUnderWay: true };
  const SEEN = { type: 'coming-back', isUnderWay: false };
  const CATALOG_IS_HERE = { type: 'catalog', catalog: CATALOG, model: null };

  test('nothing is asked of a model until they are seen, and then once', () => {
    const back = after(first(), BACK, CATALOG_IS_HERE);
    assert.deepEqual([back.asks, back.looks, back.isLooking], [0, 0, true]);
    const seen = after(back, SEEN);
    assert.deepEqual([seen.asks, seen.looks, seen.isLooking], [1, 1, true]);
    assert.equal(after(seen, SEEN), seen);
  });

  test('nothing is asked before there is a catalog to ask about', () => {
    const seen = after(first(), BACK, SEEN);
    assert.deepEqual([seen.asks, seen.looks], [0, 0]);
    assert.deepEqual([after(seen, CATALOG_IS_HERE).asks, after(seen, CATALOG_IS_HERE).looks], [1, 1]);
  });
});

describe('another model', () => {
  test('ends the agreement and the download, and is asked for anew', () => {
    const before = after(asking(), ACCEPT, download('loading'));
    const state = after(before, { type: 'choose-model', model: 'small' });
    assert.deepEqual([state.model, state.agreed, state.download, state.asks, state.looks], ['small', null, null, before.asks + 1, before.looks + 1]);
    assert.equal(chosen(state).title, 'Small');
  });

  test('the agreement does not come back with the model', () => {
    const state = after(asking(), ACCEPT, { type: 'choose-model', model: 'small' }, LARGE);
    assert.equal(missing(state), 'consent');
  });

  test('forgets what was known of the route and asked about it', () => {
    const state = after(ready({}, GPU, ON_SLOW_GPU), { type: 'gpu', route: ON_SLOW_GPU }, LARGE);
    assert.deepEqual([state.route, state.gpu, state.question, state.isLooking], [null, null, null, true]);
  });

  test('is not known to run without a network until that was looked up', () => {
    const state = after(ready(), { type: 'shell', shell: { isWhole: true, isOther: false, missing: [] } }, LARGE);
    assert.deepEqual(state.shell, { isWhole: true, isOther: false, missing: null });
  });

  test('keeps photos waiting where its cost is not known', () => {
    assert.equal(missing(after(ready(), offers({ small: OFFERS.small, large: null }), LARGE)), 'offer');
  });

  test('is asked about at once, unless it cannot be had', () => {
    assert.equal(after(ready(), LARGE).consent, 'asking');
    assert.equal(after(ready(), { type: 'reach', server: 'away' }, LARGE).consent, 'closed');
    assert.equal(after(ready(), offers({ ...OFFERS, large: offer('large', MB) }), LARGE).consent, 'closed');
  });
});

describe('another backend', () => {
  const CPU = { type: 'choose-backend', backend: 'wasm' };

  test('keeps photos waiting until it is known what it costs', () => {
    const before = ready();
    const state = after(before, CPU);
    assert.deepEqual([missing(state), state.asks, state.looks], ['offer', before.asks + 1, before.looks + 1]);
    assert.equal(missing(after(state, offers(OFFERS))), null);
  });

  test('is remembered for the next visit, and so are threads', () => {
    const state = after(ready(), CPU, { type: 'choose-threads', threads: 2 });
    assert.deepEqual(state.remembered, { backend: 'wasm', threads: 2, agreed: '' });
    assert.deepEqual(placed(state), { backend: 'wasm', threads: 2 });
  });

  test('the GPU is taken only once it is known what it can do', () => {
    const before = ready();
    const state = after(before, { type: 'choose-backend', backend: 'webgpu' });
    assert.deepEqual([placed(state), state.asks], [{ backend: 'auto' }, before.asks]);
  });

  test('what is chosen for now does not end the agreement to a download', () => {
    assert.equal(after(asking(), ACCEPT, CPU).agreed, 'large');
  });
});

describe('the answer about a slow GPU', () => {
  const YES = { type: 'answer-gpu', isYes: true };
  const NO = { type: 'answer-gpu', isYes: false };
  const found = route(ON_SLOW_GPU, 900);

  test('says who asks for it', () => {
    assert.deepEqual([ready({ backend: 'webgpu' }, NO_WISH, ON_SLOW_GPU), ready({}, GPU, ON_SLOW_GPU)].map(({ question }) => question.source), ['address', 'earlier']);
    assert.equal(after(ready({}, GPU), found).question.cpuMs, 900);
  });

  test('yes holds for that very adapter, and for the next visit', () => {
    const state = after(ready({}, GPU, ON_SLOW_GPU), YES, offers(OFFERS), found);
    assert.deepEqual([missing(state), state.remembered], [null, { ...GPU, agreed: 'slow' }]);
  });

  test('no means automatic', () => {
    const state = after(ready({}, GPU, ON_SLOW_GPU), NO);
    assert.deepEqual([placed(state), state.remembered.backend, state.question], [{ backend: 'auto' }, 'auto', null]);
  });

  test('what answers the address holds for this visit only', () => {
    for (const [answer, backend] of [[YES, 'webgpu'], [NO, 'auto']]) {
      const state = after(ready({ backend: 'webgpu' }, NO_WISH, ON_SLOW_GPU), answer);
      assert.deepEqual([placed(state), state.remembered], [{ backend }, NO_WISH]);
    }
  });

  test('no to what was just chosen leaves everything as it was', () => {
    const before = ready();
    const state = after(before, { type: 'choose-backend', backend: 'webgpu' }, { type: 'ask-gpu', route: ON_SLOW_GPU, cpuMs: null }, NO);
    assert.deepEqual({ ...state, gpu: null }, before);
  });

  test('yes to what was just chosen takes it', () => {
    const state = after(ready(), { type: 'ask-gpu', route: ON_SLOW_GPU, cpuMs: null }, YES);
    assert.deepEqual([placed(state).backend, state.kept.agreed], ['webgpu', 'slow']);
  });

  test('a look that ends meanwhile does not take the question back where nobody forces the GPU', () => {
    assert.equal(after(ready(), { type: 'ask-gpu', route: ON_SLOW_GPU, cpuMs: null }, route(ON_CPU)).question.source, 'choice');
  });
});

describe('a photo that takes too long on the GPU', () => {
  test('continues on the CPU; the next visit knows only where the GPU was chosen for it, too', () => {
    const chosenHere = after(ready({}, { ...GPU, agreed: 'slow' }, ON_SLOW_GPU), { type: 'use-cpu' });
    assert.deepEqual([placed(chosenHere).backend, chosenHere.remembered.backend], ['wasm', 'wasm']);
    const byAddress = after(ready({ backend: 'webgpu' }, { ...NO_WISH, agreed: 'slow' }, ON_SLOW_GPU), { type: 'use-cpu' });
    assert.deepEqual([placed(byAddress).backend, byAddress.remembered.backend], ['wasm', 'auto']);
  });
});

test('what a run downloaded is asked about until the model is up', () => {
  const before = ready();
  const up = after(before, offers({ small: offer('small', 0, { ready: true }) }));
  assert.deepEqual([before, up].map((state) => after(state, { type: 'ran', report: { backend: 'wasm' } }).asks - state.asks), [1, 0]);
});

test('a run on another backend than was expected is looked into, one as expected is not', () => {
  const before = ready({}, NO_WISH, ON_GPU);
  assert.deepEqual(['wasm', 'webgpu', null].map((backend) => after(before, { type: 'ran', report: { backend } }).looks - before.looks), [1, 0, 0]);
});

describe('the question before a large download', () => {
  test('"Not now" holds until more photos come', () => {
    const declined = after(asking(), photos(1), { type: 'decline' });
    assert.equal(after(declined, offers(OFFERS), route(ON_CPU)).consent, 'declined');
    assert.equal(after(declined, photos(2), { type: 'arrived' }).consent, 'asking');
  });

  test('knows what was chosen before, and nothing where that was asked about itself', () => {
    assert.equal(asking().before, 'small');
    assert.equal(after(asking(), { type: 'choose-model', model: 'gone' }).before, 'small');
    assert.equal(after(asking(), { type: 'accept' }, { type: 'choose-model', model: 'small' }).before, 'large');
    assert.equal(ready().before, null);
  });

  test('is taken back when what is missing has come by another way', () => {
    const state = after(asking(), offers({ ...OFFERS, large: offer('large', 0) }));
    assert.deepEqual([state.consent, questionOf(state)], ['closed', null]);
  });

  test('is put again when the server is back, where photos wait', () => {
    const state = after(asking(), photos(1), { type: 'reach', server: 'away' }, { type: 'reach', server: 'here' });
    assert.equal(state.consent, 'asking');
  });

  test('deleting what is stored ends the agreement, and asks anew what it costs', () => {
    const before = after(asking(), ACCEPT, download('loading'));
    const state = after(before, { type: 'forget' }, { type: 'refresh' });
    assert.deepEqual([state.agreed, state.download, state.asks], [null, null, before.asks + 1]);
  });

  test('"Start again" lets a download that was agreed to go on', () => {
    const state = after(asking(), ACCEPT, download('loading'), photos(0), { type: 'start-again' });
    assert.deepEqual([state.agreed, state.download.state], ['large', 'loading']);
  });
});

describe('the server', () => {
  test('is lost for good only by an answer, not by a failure that made us ask', () => {
    assert.deepEqual([after(ready(), { type: 'doubt', error: { code: 'network', details: {} } })].map(({ server, isLost }) => [server, isLost]), [['away', false]]);
    assert.deepEqual([after(ready(), { type: 'reach', server: 'away' })].map(({ server, isLost }) => [server, isLost]), [['away', true]]);
    assert.deepEqual([after(ready(), { type: 'reach', server: 'away' }, { type: 'reach', server: 'here' })].map(({ server, isLost }) => [server, isLost]), [['here', false]]);
  });
});
