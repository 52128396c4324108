import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { MOST, NO_OFFERS, offered, OFFER_MS, passed, taken } from '../../client/page/undo.js';

const step = (words, about) => ({ words, undo() {}, about });
const words = ({ offers }) => offers.map(({ step: one }) => one.words);
/** Steps made one after the other. */
const made = (...steps) => steps.reduce(({ offers }, one) => offered(offers, one), { offers: NO_OFFERS });

describe('what can be taken back', () => {
  test('is the latest first, then those before it', () => {
    const first = taken(made(step('a'), step('b')).offers);
    assert.equal(first.step.words, 'b');
    const second = taken(first.offers);
    assert.equal(second.step.words, 'a');
    assert.deepEqual(taken(second.offers), { offers: [], step: null });
  });

  test('is forgotten after its time, which passes only while it is the latest', () => {
    const { offers } = made(step('a'), step('b'));
    const almost = passed(offers, OFFER_MS - 1);
    assert.deepEqual([words(almost), almost.forgotten.length], [['a', 'b'], 0]);
    const over = passed(almost.offers, 1);
    assert.deepEqual([words(over), over.forgotten.map((one) => one.words), over.offers[0].leftMs], [['a'], ['b'], OFFER_MS]);
    assert.deepEqual(passed(over.offers, OFFER_MS).offers, []);
  });

  test('keeps the time it has left while another is offered', () => {
    const a = passed(made(step('a')).offers, 4000).offers;
    const { offers } = passed(offered(a, step('b')).offers, OFFER_MS);
    assert.equal(offers[0].leftMs, OFFER_MS - 4000);
  });

  test('is told once of the same', () => {
    const batch = {};
    assert.deepEqual(words(made(step('being made', batch), step('b'), step('made', batch))), ['b', 'made']);
  });

  test('ends with the oldest where there are too many', () => {
    const all = made(...Array.from({ length: MOST }, (_, i) => step(`${i}`)));
    assert.equal(all.forgotten.length, 0);
    const more = offered(all.offers, step('more'));
    assert.deepEqual([more.offers.length, more.forgotten.map((one) => one.words), words(more).at(-1)], [MOST, ['0'], 'more']);
  });

  test('is nothing at first', () => {
    assert.deepEqual(passed(NO_OFFERS, OFFER_MS), { offers: [], forgotten: [] });
  });
});
