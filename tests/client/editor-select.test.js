import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import '../../client/messages/errors.js';
import { isSamePrompt, promptOf, thingAt, thingIn, withPlace } from '../../client/editor/prompt.js';
import { Segmented } from '../../client/editor/segmented.js';

const [A, B] = [{ x: 10, y: 20 }, { x: 30, y: 40 }];
const BOX = { x: 5, y: 5, width: 50, height: 50 };

describe('what a press asks', () => {
  test('is what is there, whatever becomes of it', () => {
    for (const mode of ['add', 'remove', 'only']) assert.deepEqual(promptOf(thingAt(A, mode)), { points: [{ ...A, isInside: true }], box: null });
  });
  test('is what is in a box', () => assert.deepEqual(promptOf(thingIn(BOX, 'add')), { points: [], box: BOX }));
  test('may be told by more places of the same thing', () => {
    const thing = withPlace(withPlace(thingIn(BOX, 'add'), A, 'only'), B, 'add');
    assert.deepEqual([thing.mode, promptOf(thing)], ['add', { points: [{ ...A, isInside: true }, { ...B, isInside: true }], box: BOX }]);
  });
  test('to take away, is told by places that were added to be left', () => {
    const thing = withPlace(thingAt(A, 'add'), B, 'remove');
    assert.deepEqual(promptOf(thing), { points: [{ ...A, isInside: false }, { ...B, isInside: true }], box: null });
    assert.deepEqual(promptOf(withPlace(thing, { x: 1, y: 1 }, 'add')).points.map(({ isInside }) => isInside), [true, false, true]);
  });
  test('is not about a box that was meant otherwise', () => assert.equal(promptOf(withPlace(thingIn(BOX, 'add'), A, 'remove')).box, null));
  test('is known where it was asked a slip beside, of as many places in the same way', () => {
    const asked = promptOf(thingAt(A, 'add'));
    const isKnown = (thing, slip = 4) => isSamePrompt(promptOf(thing), asked, slip);
    assert.deepEqual([thingAt({ x: 12, y: 22 }, 'remove'), thingAt({ x: 14, y: 24 }, 'add'), withPlace(thingAt(A, 'add'), A, 'add'), withPlace(thingAt(A, 'add'), A, 'remove'), thingIn(BOX, 'add')].map((thing) => isKnown(thing)), [true, false, false, false, false]);
    assert.equal(isKnown(thingAt({ x: 14, y: 24 }, 'add'), 6), true);
    assert.equal(isSamePrompt(promptOf(thingIn(BOX, 'add')), promptOf(thingIn({ ...BOX }, 'add')), 4), false);
  });
});

const settled = () => new Promise((resolve) => { setTimeout(resolve); });
const PHOTO = { source: {}, size: { width: 100, height: 80 }, handle: 'one' };
const promptAt = (x) => promptOf(thingAt({ x, y: 0 }, 'add'));

/** A segmenter whose answers the test gives, and what it was asked. */
function bench({ offer = { id: 'm', title: 'M', bytes: 5, isStored: true } } = {}) {
  const calls = [];
  const later = (call) => new Promise((resolve, reject) => { calls.push({ ...call, resolve, reject }); });
  const segmenter = {
    offer,
    offered: async () => segmenter.offer,
    open: (photo, { signal, onProgress }) => later({ is: 'open', photo, signal, onProgress }),
    ask: (handle, prompt, { signal }) => later({ is: 'ask', handle, x: prompt.points[0].x, signal }),
    close: (handle) => calls.push({ is: 'close', handle }),
  };
  const [states, failures] = [[], []];
  const segmented = new Segmented(() => segmenter, { onState: () => states.push(segmented.state.is), onFail: (error) => failures.push(error) });
  return { segmented, segmenter, calls, states, failures, asked: () => calls.filter(({ is }) => is === 'ask').map(({ x }) => x) };
}
async function ready(made = bench()) {
  const entering = made.segmented.enter(PHOTO);
  await settled();
  made.calls[0].resolve();
  await entering;
  return made;
}

describe('the model that selects', () => {
  test('is fetched after a yes, and shown the photo once', async () => {
    const { segmented, calls, states } = bench({ offer: { id: 'm', title: 'M', bytes: 5, isStored: false } });
    await segmented.enter(PHOTO);
    assert.deepEqual([segmented.state.is, segmented.state.offer.bytes, calls.length], ['asking', 5, 0]);
    const agreed = segmented.agree();
    calls[0].onProgress({ stage: 'downloading', loaded: 1, total: 5 });
    assert.deepEqual(segmented.state, { is: 'opening', progress: { stage: 'downloading', loaded: 1, total: 5 } });
    calls[0].resolve();
    await agreed;
    await segmented.enter(PHOTO);
    assert.deepEqual([segmented.state.is, calls.length], ['ready', 1]);
    assert.deepEqual(states, ['away', 'asking', 'opening', 'opening', 'ready']);
  });
  test('that is here is not asked for', async () => {
    const { segmented } = await ready();
    assert.equal(segmented.state.is, 'ready');
  });
  test('that is not installed, is nothing to wait for', async () => {
    const { segmented, calls } = bench({ offer: null });
    await segmented.enter(PHOTO);
    assert.deepEqual([segmented.state.is, calls.length], ['away', 0]);
  });
  test('can be given up while it comes, and asked for again; what it still says then is not heard', async () => {
    const { segmented, segmenter, calls, failures } = bench({ offer: { id: 'm', title: 'M', bytes: 5, isStored: false } });
    await segmented.enter(PHOTO);
    void segmented.agree();
    await segmented.stop();
    assert.deepEqual([segmented.state.is, calls[0].signal.aborted], ['asking', true]);
    calls[0].onProgress({ stage: 'preparing' });
    calls[0].reject(new Error('cancelled'));
    await settled();
    assert.deepEqual([segmented.state.is, failures.length], ['asking', 0]);
    segmenter.offer = { ...segmenter.offer, isStored: true };
    void segmented.agree();
    await segmented.stop();
    assert.equal(segmented.state.is, 'stopped');
    calls[1].resolve();
    await settled();
    assert.equal(segmented.state.is, 'stopped');
  });
  test('that fails is told, and can be tried again', async () => {
    const { segmented, calls, failures } = bench();
    const entering = segmented.enter(PHOTO);
    await settled();
    calls[0].reject(new Error('lost'));
    await entering;
    assert.deepEqual([segmented.state.is, failures.map(({ message }) => message)], ['stopped', ['lost']]);
    const again = segmented.agree();
    calls[1].resolve();
    await again;
    assert.equal(segmented.state.is, 'ready');
  });
  test('is asked one thing at a time: presses first, and of what is pointed at only the last', async () => {
    const { segmented, calls, asked } = await ready();
    const hovers = [1, 2, 3].map((x) => segmented.hover(promptAt(x)));
    const press = segmented.press(promptAt(9));
    await settled();
    assert.deepEqual(asked(), [1]);
    calls.at(-1).resolve('one');
    await settled();
    assert.deepEqual(asked(), [1, 9]);
    calls.at(-1).resolve('nine');
    await settled();
    assert.deepEqual(asked(), [1, 9, 3]);
    calls.at(-1).resolve('three');
    assert.deepEqual(await Promise.all([...hovers, press]), ['one', null, 'three', 'nine']);
  });
  test('whose answer fails has to be shown the photo again', async () => {
    const { segmented, calls } = await ready();
    const press = segmented.press(promptAt(1));
    await settled();
    calls.at(-1).reject(new Error('gone'));
    await assert.rejects(press, { message: 'gone' });
    assert.equal(segmented.state.is, 'stopped');
  });
  test('is not asked about another photo what was pressed in one', async () => {
    const { segmented, calls, asked } = await ready();
    const [first, second] = [1, 2].map((x) => segmented.press(promptAt(x)));
    await settled();
    const entering = segmented.enter({ ...PHOTO, handle: 'two' });
    await settled();
    assert.equal(calls.find(({ is }) => is === 'ask').signal.aborted, true);
    calls.at(-1).resolve();
    await entering;
    calls.find(({ is }) => is === 'ask').reject(new Error('cancelled'));
    await assert.rejects(first);
    await assert.rejects(second, ({ code }) => code === 'cancelled');
    assert.deepEqual([asked(), segmented.state.is], [[1], 'ready']);
  });
  test('lets go of all photos that it was shown when the editor closes', async () => {
    const { segmented, calls } = await ready();
    const entering = segmented.enter({ ...PHOTO, handle: 'two' });
    await settled();
    calls.at(-1).resolve();
    await entering;
    segmented.close();
    assert.deepEqual(calls.filter(({ is }) => is === 'close').map(({ handle }) => handle), ['one', 'two']);
    assert.equal(segmented.state.is, 'away');
  });
});
