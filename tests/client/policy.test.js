import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { found, isOurs, verdict } from '../../client/shared/policy.js';
import { stateOf } from '../../client/ui/wall-panel.js';

const BASE = "default-src 'none'; form-action 'none'; base-uri 'none'";
const OURS = {
  page: `${BASE}; connect-src 'none'; script-src 'self'; img-src blob: data:; worker-src 'self'`,
  inference: `${BASE}; connect-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'`,
  delivery: `${BASE}; connect-src 'self'; script-src 'self'`,
};
const REALMS = Object.keys(OURS);
const PROXY = "default-src 'self'; frame-ancestors 'self'";
const finding = (given) => ({ reached: false, policies: [], another: false, data: null, online: null, ...given });

test('a policy is ours in its own realm only, whatever the order it is written in', () => {
  for (const realm of REALMS) {
    for (const other of REALMS) assert.equal(isOurs(realm, OURS[other]), realm === other);
    const shuffled = fc.shuffledSubarray(OURS[realm].split('; '), { minLength: OURS[realm].split('; ').length });
    fc.assert(fc.property(shuffled, (parts) => isOurs(realm, parts.join(';  '))));
  }
});

test('a policy that opens what ours closes is not ours', () => {
  for (const [realm, from, to] of [
    ['page', "connect-src 'none'", "connect-src 'self'"],
    ['page', 'img-src blob: data:', 'img-src blob: data: https:'],
    ['page', "form-action 'none'", "form-action 'self'"],
    ['inference', "connect-src 'none'", 'connect-src *'],
    ['delivery', "connect-src 'self'", "connect-src 'self' https:"],
  ]) {
    assert.equal(isOurs(realm, OURS[realm].replace(from, to)), false, to);
  }
  fc.assert(fc.property(fc.string(), (text) => !isOurs('page', text)));
});

describe('what an attempt to get out tells', () => {
  const cases = [
    ['none yet', 'page', undefined, 'unknown'],
    ['refused by our policy', 'page', { policies: [OURS.page] }, 'enforced'],
    ['refused by ours and another', 'inference', { policies: [PROXY, OURS.inference] }, 'enforced'],
    ['refused by another only', 'page', { policies: ["default-src 'self'; connect-src 'none'"] }, 'replaced'],
    ['refused by another realm’s', 'inference', { policies: [OURS.delivery] }, 'replaced'],
    ['it arrived', 'inference', { reached: true }, 'missing'],
    ['it arrived, under another policy', 'inference', { reached: true, another: true }, 'replaced'],
    ['no connection, and what needs none was read', 'page', { data: true }, 'missing'],
    ['no connection, and what needs none was refused without a word', 'inference', { data: false }, 'unknown'],
    ['the same in delivery, which is refused nothing else', 'delivery', { data: false }, 'enforced'],
    ['delivery under a policy that lets it go anywhere', 'delivery', { data: false, policies: ['connect-src *'] }, 'replaced'],
    ['no connection at all', 'page', {}, 'unknown'],
  ];
  for (const [name, realm, given, expected] of cases) test(name, () => assert.equal(verdict(realm, given && finding(given), false), expected));

  test('refused without a word while others reach the server', () => assert.equal(verdict('inference', finding({ data: false }), true), 'enforced'));
});

test('a realm is as safe as the least of its scripts, each as it was found last', () => {
  const stands = finding({ policies: ["default-src 'none'; connect-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'"] });
  const gone = finding({ reached: true });
  for (const [script, given, expected] of [['model', stands, 'enforced'], ['pixels', gone, 'missing'], ['model', stands, 'missing'], ['pixels', stands, 'enforced']]) {
    found.add('inference', given, script);
    assert.equal(found.walls.inference, expected);
  }
  assert.equal(found.walls.page, 'unknown');
});

test('only walls that all stand prove the promise, and one that is gone breaks it', () => {
  const all = (page, inference, delivery) => stateOf({ page, inference, delivery });
  assert.equal(all('enforced', 'enforced', 'enforced'), 'proven');
  assert.equal(all('enforced', 'unknown', 'enforced'), 'unknown');
  assert.equal(all('enforced', 'unknown', 'missing'), 'broken');
  assert.equal(all('replaced', 'enforced', 'enforced'), 'broken');
});
