import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

/** What a browser with Trusted Types has: policies by name, each to be made once and only if the page's policy names it. */
class Factory {
  made = [];

  constructor(allowed) {
    this.allowed = allowed;
  }

  createPolicy(name, rules) {
    if (!this.allowed.includes(name) || this.made.includes(name)) throw new TypeError(`Policy ${name} disallowed`);
    this.made.push(name);
    return { createScriptURL: (address) => ({ trusted: rules.createScriptURL(address) }), createHTML: (text) => ({ trusted: rules.createHTML(text) }) };
  }
}

let visit = 0;
/** A page of its own: the module makes its policy once. */
const fresh = () => import(`../../client/shared/trusted.js?visit=${visit += 1}`);
const tree = new URL('../../client/', import.meta.url);

beforeEach(() => { globalThis.trustedTypes = new Factory(['mattebox-scripts', 'other']); });
afterEach(() => { delete globalThis.trustedTypes; });

test('workers of this release and the service worker are scripts', async () => {
  const { ownScript } = await fresh();
  for (const address of [new URL('workers/model.js', tree), new URL('workers/model.js?probe', tree), new URL('../../sw.js', tree)]) {
    assert.deepEqual(ownScript(address), { trusted: address.href });
  }
});

test('nothing else is', async () => {
  const { ownScript } = await fresh();
  const others = ['main.js', 'workers/../main.js', '../sw.js', 'https://elsewhere.example/workers/model.js', 'data:text/javascript,1', 'blob:https://photos.example/1'];
  for (const address of others) assert.throws(() => ownScript(new URL(address, tree)), TypeError, address);
});

test('they are the same where there are no Trusted Types', async () => {
  delete globalThis.trustedTypes;
  const { ownScript, trusting } = await fresh();
  const worker = new URL('workers/model.js', tree);
  assert.equal(ownScript(worker), worker.href);
  assert.throws(() => ownScript(new URL('main.js', tree)), TypeError);
  assert.equal(trusting('mattebox-drawing', { createHTML: (text) => text }).createHTML('<svg/>'), '<svg/>');
});

test('a page whose policy does not know ours goes on with strings', async () => {
  globalThis.trustedTypes.allowed = ['theirs'];
  const { ownScript } = await fresh();
  const worker = new URL('workers/model.js', tree);
  assert.equal(ownScript(worker), worker.href);
});

test('a realm that loads the module makes no policy by that', async () => {
  const { trusting } = await fresh();
  assert.deepEqual(globalThis.trustedTypes.made, []);
  assert.deepEqual(trusting('other', { createHTML: (text) => text }).createHTML('<b>'), { trusted: '<b>' });
  assert.deepEqual(globalThis.trustedTypes.made, ['other']);
});
