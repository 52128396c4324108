import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { areSame, changedBy, differences, FIRST, groundOf, onGround, wantedOf } from '../../client/finish/choices.js';
import { EXAMPLES } from '../../client/page/words/examples.js';
import { acceptedWith, isAccepted } from '../../client/page/words/licences.js';
import { firstState, reduce } from '../../client/page/words/making.js';
import { startOf } from '../../client/page/words/start.js';
import { OwnChoices } from '../../client/page/own-choices.js';
import { GroundPictures } from '../../client/page/ground-pictures.js';
import { firstOf, WordsEntry } from '../../client/page/words-entry.js';
import { has } from '../../client/messages/index.js';
// Where cards are, their words are.
import '../../client/messages/work.js';
import { cannotWords, makingShare, makingWords, partRows } from '../../client/ui/words-words.js';

const PARTS = [
  { role: 'text-encoder', bytes: 681_000_000, have: 0, isStored: false },
  { role: 'tokenizer', bytes: 2_200_000, have: 2_200_000, isStored: true },
  { role: 'unet', bytes: 1_730_000_000, have: 400_000_000, isStored: false },
];
const OFFER = { id: 'maker', title: 'Maker', licence: { spdx: 'LicenseRef-x', title: 'X', isRestricted: true, url: null }, canStart: false, bytes: 2_011_000_000, parts: PARTS, why: null };
const HERE = { ...OFFER, bytes: 0 };
const picture = (seed, prompt = 'a table') => ({ image: new Blob([`${seed}`]), id: seed, origin: { prompt, seed, model: 'maker', title: 'Maker' } });
const after = (...events) => events.reduce(reduce, firstState(OFFER));
const WRITTEN = { type: 'write', prompt: '  a\n table ' };
const MAKE = { type: 'make' };
const free = { type: 'offered', offer: HERE, isAccepted: true };
const made = (...seeds) => seeds.map((seed) => ({ type: 'made', picture: picture(seed) }));

describe('making pictures from words', () => {
  test('begins with what it takes, and asks where something is to be downloaded or accepted', () => {
    const looking = after(WRITTEN, MAKE);
    assert.deepEqual([looking.phase, looking.wish], ['looking', { prompt: 'a table', isStarting: false, seeds: [1, 2, 3, 4] }]);
    const phase = (offer, accepted) => reduce(looking, { type: 'offered', offer, isAccepted: accepted }).phase;
    assert.deepEqual([phase(OFFER, true), phase(HERE, false), phase(HERE, true)], ['asking', 'asking', 'making']);
  });

  test('makes nothing of no words, nor beside what is being made', () => {
    assert.equal(after({ type: 'write', prompt: ' \n' }, MAKE).phase, 'idle');
    const making = after(WRITTEN, MAKE, free);
    assert.equal(reduce(making, MAKE), making);
    assert.equal(reduce(making, { type: 'more' }), making);
  });

  test('comes to an end with the last one, and goes on with other seeds', () => {
    const three = after(WRITTEN, MAKE, free, ...made(1, 2, 3));
    assert.deepEqual([three.phase, three.done, three.pictures.length], ['making', 3, 3]);
    const four = made(4).reduce(reduce, three);
    assert.deepEqual([four.phase, four.wish, four.pictures.length], ['idle', null, 4]);
    // Whatever is written by then.
    const more = [{ type: 'write', prompt: 'a beach' }, { type: 'more' }].reduce(reduce, four);
    assert.deepEqual(more.wish, { prompt: 'a table', isStarting: false, seeds: [5, 6, 7, 8] });
  });

  test('keeps pictures of other words until there is one of these', () => {
    const other = [{ type: 'write', prompt: 'a beach' }, MAKE, free].reduce(reduce, after(WRITTEN, MAKE, free, ...made(1, 2, 3, 4)));
    assert.deepEqual([other.pictures.length, other.wish.seeds], [4, [1, 2, 3, 4]]);
    const beach = reduce(other, { type: 'made', picture: picture(1, 'a beach') });
    assert.deepEqual(beach.pictures.map(({ origin }) => origin.prompt), ['a beach']);
  });

  test('with a photo\u2019s background to begin with are pictures of their own, with seeds of their own', () => {
    const started = (seed) => ({ ...picture(seed), origin: { ...picture(seed).origin, start: 'photo' } });
    const four = after(WRITTEN, MAKE, free, ...made(1, 2, 3, 4));
    const looking = [{ type: 'start', isStarting: true }, MAKE].reduce(reduce, four);
    assert.deepEqual(looking.wish, { prompt: 'a table', isStarting: true, seeds: [1, 2, 3, 4] });
    const one = [free, { type: 'made', picture: started(1) }].reduce(reduce, looking);
    assert.deepEqual(one.pictures.map(({ origin: { start } }) => start), ['photo']);
    // More of them are more of these, whatever is ticked by then.
    const more = [{ type: 'stop' }, { type: 'start', isStarting: false }, { type: 'more' }].reduce(reduce, one);
    assert.deepEqual(more.wish, { prompt: 'a table', isStarting: true, seeds: [2, 3, 4, 5] });
  });

  test('with a photo\u2019s background wait for a photo', () => {
    const none = after(WRITTEN, { type: 'start', isStarting: true }, MAKE, { type: 'startless' });
    assert.deepEqual([none.phase, none.isStartless, none.prompt], ['idle', true, WRITTEN.prompt]);
    assert.equal(reduce(none, MAKE).isStartless, false);
    assert.equal(reduce(none, { type: 'start', isStarting: false }).isStartless, false);
  });

  test('loses neither words nor pictures when it is stopped, refused or fails', () => {
    const one = after(WRITTEN, MAKE, free, ...made(1));
    const error = new Error('out of memory');
    for (const event of [{ type: 'stop' }, { type: 'failed', error }]) {
      const state = reduce(one, event);
      assert.deepEqual([state.phase, state.prompt, state.pictures.length, state.wish, state.progress], ['idle', WRITTEN.prompt, 1, null, null]);
      assert.equal(state.trouble, event.error ?? null);
      assert.equal(reduce(state, made(2)[0]), state);
    }
    assert.equal(reduce(reduce(one, { type: 'failed', error }), MAKE).trouble, null);
    const asked = after(WRITTEN, MAKE, { type: 'offered', offer: OFFER, isAccepted: true });
    assert.deepEqual([reduce(asked, { type: 'decline' }).phase, reduce(asked, { type: 'agree' }).phase], ['idle', 'making']);
    const why = { code: 'storage-full', detail: { needed: 5, available: 1 } };
    const full = after(WRITTEN, MAKE, { type: 'offered', offer: { ...OFFER, why }, isAccepted: true });
    assert.deepEqual([full.phase, full.prompt, full.offer.why], ['idle', WRITTEN.prompt, why]);
  });
});

describe('a licence', () => {
  test('that restricts is accepted once, by model and licence', () => {
    assert.equal(isAccepted(OFFER, null), false);
    const kept = acceptedWith(OFFER, null);
    assert.equal(isAccepted(OFFER, kept), true);
    assert.deepEqual(acceptedWith(OFFER, kept), kept);
    assert.equal(isAccepted({ ...OFFER, licence: { ...OFFER.licence, spdx: 'LicenseRef-y' } }, kept), false);
    assert.equal(isAccepted({ ...OFFER, id: 'other' }, kept), false);
  });

  test('that restricts nothing is no question, and whatever lies in the storage is no acceptance', () => {
    const open = { ...OFFER, licence: { ...OFFER.licence, isRestricted: false } };
    assert.equal(isAccepted(open, null), true);
    assert.deepEqual(acceptedWith(open, null), []);
    for (const kept of ['maker LicenseRef-x', { 0: 'maker LicenseRef-x' }, 7, [[], null]]) assert.equal(isAccepted(OFFER, kept), false);
  });
});

describe('a picture that was made', () => {
  const background = { background: 'words', picture: picture(3) };
  const chosen = onGround(FIRST, background);

  test('is a background like a picture of one\'s own, which stays beside it', () => {
    const own = onGround(FIRST, { background: 'image', picture: { image: new Blob(['own']), id: 9, name: 'own.png' } });
    const both = onGround(own, background);
    assert.deepEqual(wantedOf(both).output.background, { kind: 'image', image: background.picture.image });
    assert.deepEqual(wantedOf(changedBy(both, { background: 'image' })).output.background.image, own.backdrop.image);
    assert.deepEqual(wantedOf(changedBy(FIRST, { background: 'words' })).output.background, { kind: 'none' });
  });

  test('has the subject\u2019s shadow on it, and its light matched only where that is asked for', () => {
    const { background: ground, shadow, matchLight } = wantedOf(changedBy(chosen, { shadow: true })).output;
    assert.deepEqual([ground.image, typeof shadow, matchLight], [chosen.made.image, 'object', undefined]);
    assert.equal(wantedOf(changedBy(chosen, { matchLight: true })).output.matchLight, true);
  });

  test('is one for all photos that are chosen, and none for the others', () => {
    const own = new OwnChoices({ common: () => FIRST, offer: () => {}, onOwn: () => {}, onChange: () => {} });
    own.choose(['a', 'c']);
    own.set((choices) => onGround(choices, background), own.chosen);
    const of = (id) => wantedOf(own.of(id) ?? FIRST).output.background;
    assert.deepEqual(['a', 'b', 'c'].map((id) => of(id).kind), ['image', 'none', 'image']);
    assert.equal(of('a').image, of('c').image);
    assert.equal(of('a').image, background.picture.image);
    assert.equal(own.isMixed, false);
  });

  test('makes another file than another one, and is told as the background', () => {
    assert.equal(areSame(chosen, onGround(FIRST, background)), true);
    assert.equal(areSame(chosen, onGround(FIRST, { ...background, picture: picture(4) })), false);
    assert.deepEqual(differences(chosen, FIRST), ['background']);
    assert.deepEqual(differences(chosen, onGround(FIRST, { ...background, picture: picture(4) })), ['background']);
  });

  test('is kept with all that it was made of, as long as it is the background', () => {
    assert.deepEqual(groundOf(chosen), background);
    assert.deepEqual(groundOf(chosen).picture.origin, { prompt: 'a table', seed: 3, model: 'maker', title: 'Maker' });
    assert.equal(groundOf(changedBy(chosen, { background: 'colour' })), null);
    assert.equal(groundOf(FIRST), null);
  });

  test('is waited for: until there is one, photos stay on what they stand on', () => {
    const entry = new WordsEntry({}, {});
    assert.equal(entry.takes({ background: 'words' }, FIRST), true);
    assert.deepEqual([entry.show(FIRST).background, FIRST.settings.background], ['words', 'none']);
    assert.equal(entry.takes({ format: 'jpeg' }, FIRST), false);
    assert.equal(entry.show(FIRST).background, 'words');
    assert.equal(entry.takes({ background: 'colour' }, FIRST), false);
    assert.equal(entry.show(FIRST).background, 'none');
    assert.equal(entry.takes({ background: 'words' }, chosen), false);
  });

  test('begins with the first photo that has been cut out, of those that are chosen', () => {
    const job = (id, result) => ({ id, input: new Blob([id]), result: result && { document: { id, file: new Blob(['gone']) } } });
    const jobs = [job('a', false), job('b', true), job('c', true)];
    const of = (...ids) => firstOf({ jobs: () => jobs, chosen: () => ids });
    assert.deepEqual([of()?.id, of('c')?.id, of('a')], ['b', 'c', null]);
    assert.equal(of('c').file, jobs[2].input, 'as it was copied');
  });

  test('begins with the same picture for the same photo, which is opened once', async () => {
    let opened = 0;
    const ended = [];
    const engine = { openEditor: async (photo, { output }) => {
      opened += 1;
      assert.equal(output.background.kind, 'blur');
      return { ground: async () => photo.ground, end: () => ended.push(photo) };
    } };
    const photo = { file: new Blob(['x']), revision: 1, ground: null };
    assert.deepEqual([await startOf(engine, photo), await startOf(engine, { ...photo }), opened, ended.length], [null, null, 1, 1]);
    await startOf(engine, { ...photo, revision: 2 });
    assert.equal(opened, 2);
    const broken = { openEditor: () => Promise.reject(new Error('gone')) };
    const lost = { file: new Blob(['y']), revision: 1, ground: null };
    await assert.rejects(startOf(broken, lost), /gone/u);
    assert.equal(await startOf(engine, lost), null, 'and is tried again');
  });

  test('is offered only where the catalog has a model for it', async () => {
    let asked = 0;
    const engine = { catalog: async () => ({ pipelines: [{ task: 'segment' }] }), offeredGenerator: async () => { asked += 1; return null; } };
    const offer = (one) => new GroundPictures(one, { onEntry() {} }).offer({ add: () => assert.fail('it is shown') });
    await offer(engine);
    await offer({ catalog: () => Promise.reject(new Error('away')) });
    assert.equal(asked, 0);
    await offer({ ...engine, catalog: async () => ({ pipelines: [{ task: 'segment' }, { task: 'generate' }] }) });
    assert.equal(asked, 1);
  });
});

describe('what is said', () => {
  test('of each part, the largest first: its size to the byte, and what of it is here', () => {
    assert.deepEqual(partRows(OFFER), [
      { name: 'Picture maker', size: '1.73\u00a0GB', exact: '1,730,000,000\u00a0bytes', here: '400\u00a0MB of 1.73\u00a0GB here' },
      { name: 'Text reader', size: '681\u00a0MB', exact: '681,000,000\u00a0bytes', here: '' },
      { name: 'Word list', size: '2.20\u00a0MB', exact: '2,200,000\u00a0bytes', here: 'already here' },
    ]);
    assert.equal(partRows({ ...OFFER, parts: [{ ...PARTS[0], role: 'upscaler' }] })[0].name, 'upscaler');
  });

  test('of a device that cannot, with the number', () => {
    const words = (code, detail = {}) => { const { what, advice } = cannotWords({ code, detail: { part: 'unet', ...detail } }, true); return `${what} ${advice}`; };
    assert.match(words('memory', { need: 8192, have: 4096 }), /8\.59\u00a0GB.*4\.29\u00a0GB/u);
    assert.match(words('memory', { need: 8192, have: null }), /8\.59\u00a0GB/u);
    assert.match(words('storage-full', { needed: 2_500_000_000, available: 1_200_000_000 }), /2\.50\u00a0GB.*1\.20\u00a0GB/u);
    assert.match(words('limit-too-low', { name: 'maxBufferSize', need: 256, have: 128 }), /maxBufferSize: 256 needed, 128 available/u);
    assert.match(words('no-webgpu'), /no WebGPU/u);
    assert.equal(words('never-heard-of').trim(), 'This device cannot make pictures from words.');
  });

  test('while it is made, part by part', () => {
    assert.equal(makingWords(null, 1, 4), 'Checking what this device needs…');
    assert.equal(makingWords({ stage: 'downloading', part: 'unet', loaded: 1e6, total: 4e6 }, 1, 4), 'Downloading: 1.00\u00a0MB of 4.00\u00a0MB');
    assert.equal(makingWords({ stage: 'preparing', part: 'text-encoder' }, 1, 4), 'Getting the text reader ready');
    assert.equal(makingWords({ stage: 'preparing', part: 'upscaler' }, 1, 4), 'Preparing the model');
    assert.equal(makingWords({ stage: 'running', part: 'unet', step: 1, of: 1 }, 2, 4), 'Picture 2 of 4: drawing');
    assert.deepEqual([makingShare({ stage: 'downloading', part: 'unet', loaded: 1, total: 4 }), makingShare({ stage: 'preparing', part: 'unet' }), makingShare({ stage: 'running', part: 'unet', step: 1, of: 4 }), makingShare({ stage: 'running', part: 'unet', step: 1, of: 1 })], [0.25, null, 0.25, null]);
  });

  test('of each example, whose words are English', () => {
    for (const { id, prompt } of EXAMPLES) {
      assert.equal(has(`words.example.${id}`), true, id);
      assert.match(prompt, /^[\x20-\x7e]{20,200}$/u);
    }
  });
});
