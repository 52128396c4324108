import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { areSame, changedBy, differences, FIRST, wantedOf } from '../../client/finish/choices.js';
import { OwnChoices } from '../../client/page/own-choices.js';

const chosen = (change, from = FIRST) => changedBy(from, change);
const picture = (id) => ({ ...chosen({ background: 'image' }), backdrop: { image: new Blob(), name: 'p.png', id } });

describe('choices', () => {
  test('give the same file or not, whatever is set beside', () => {
    assert.equal(areSame(chosen({ colour: '#ff0000' }), FIRST), true);
    assert.equal(areSame(chosen({ background: 'colour', colour: '#ff0000' }), FIRST), false);
    assert.equal(areSame(picture(1), picture(2)), false);
  });

  test('a ready-made size brings its background and type, and takes them back', () => {
    const made = chosen({ size: 'marketplace' });
    assert.deepEqual([made.settings.background, made.settings.format], ['colour', 'jpeg']);
    const back = chosen({ size: 'original' }, made);
    assert.equal(areSame(back, FIRST), true);
  });

  test('are looked up once', () => {
    const one = chosen({ format: 'jpeg' });
    assert.equal(wantedOf(one), wantedOf(one));
  });
});

describe('what is told of a photo that differs', () => {
  const of = (own, common = FIRST) => differences(own, common);

  test('is what makes another file of it', () => {
    assert.deepEqual(of(chosen({ background: 'colour', format: 'jpeg', shadow: true })), ['background', 'format', 'shadow']);
    assert.deepEqual(of(chosen({ size: 'square-1024' })), ['size']);
    assert.deepEqual(of(picture(1)), ['background']);
  });

  test('is something else where it is none of these', () => {
    assert.deepEqual(of(chosen({ refine: false })), ['other']);
    assert.deepEqual(of(chosen({ refine: false, format: 'webp' })), ['format', 'other']);
  });

  test('is nothing once all are wanted so', () => {
    const white = chosen({ background: 'colour' });
    assert.deepEqual(of(white, white), []);
    assert.deepEqual(of(FIRST, white), ['background']);
  });
});

describe('photos with choices of their own', () => {
  /** Four photos; what is offered to be taken back. */
  function bench() {
    let common = FIRST;
    const jobs = new Map([...'abcd'].map((id) => [id, { id, own: null }]));
    const steps = [];
    let told = 0;
    const own = new OwnChoices({
      common: () => common,
      offer: (step) => steps.push(step),
      onOwn: (id, choices) => jobs.set(id, { id, own: choices }),
      onChange: () => { told += 1; },
    });
    own.follow([...jobs.values()]);
    const set = (change) => own.set((choices) => changedBy(choices, change), own.chosen);
    const formats = () => [...'abcd'].map((id) => (own.of(id) ?? common).settings.format);
    const chooseForAll = (change) => { common = changedBy(common, change); };
    return { own, steps, set, formats, chooseForAll, jobs, told: () => told };
  }

  test('leave the others alone, and stay when all others change', () => {
    const { own, set, formats, chooseForAll } = bench();
    own.choose(['b', 'c']);
    set({ format: 'jpeg' });
    chooseForAll({ format: 'webp' });
    assert.deepEqual(formats(), ['webp', 'jpeg', 'jpeg', 'webp']);
    assert.deepEqual([own.differences('b'), own.differences('a')], [['format'], []]);
  });

  test('follow the others again when they are told to, or want the same', () => {
    const { own, set } = bench();
    own.choose(['b']);
    set({ format: 'jpeg' });
    own.drop();
    assert.equal(own.of('b'), null);
    set({ format: 'jpeg' });
    set({ format: 'png' });
    assert.equal(own.of('b'), null);
  });

  test('each change what they had, so that what is not changed stays', () => {
    const { own, set } = bench();
    own.choose(['b']);
    set({ background: 'colour' });
    own.choose(['b', 'c']);
    assert.equal(own.isMixed, true);
    set({ format: 'jpeg' });
    assert.deepEqual([own.of('b').settings.background, own.of('c').settings.background], ['colour', 'none']);
  });

  test('have one step back, to what each had before', () => {
    const { own, steps, set, formats } = bench();
    own.choose(['b']);
    set({ format: 'webp' });
    own.choose(['b', 'c']);
    for (const jpegQuality of [80, 70]) set({ format: 'jpeg', jpegQuality });
    assert.equal(new Set(steps.map(({ about }) => about)).size, 2);
    steps.at(-1).undo();
    assert.deepEqual(formats(), ['png', 'webp', 'png', 'png']);
    set({ format: 'avif' });
    steps.at(-1).undo();
    assert.deepEqual(formats(), ['png', 'webp', 'png', 'png']);
  });

  test('that are chosen show what the first has; none shows what holds for all', () => {
    const { own, set } = bench();
    assert.equal(own.shown, null);
    own.choose(['c', 'd']);
    set({ format: 'jpeg' });
    own.choose(['a', 'c']);
    assert.deepEqual([own.shown.settings.format, own.isMixed], ['png', true]);
  });

  test('hold at once, and are told once for all that are chosen', () => {
    const { own, set, jobs, told } = bench();
    own.choose(['b', 'c']);
    set({ background: 'colour' });
    set({ format: 'jpeg' });
    assert.deepEqual([own.of('c').settings.background, own.of('c').settings.format, jobs.get('c').own, told()], ['colour', 'jpeg', own.of('c'), 2]);
    const before = own.present;
    own.follow([...jobs.values()]);
    assert.equal(own.present, before);
  });

  test('go and come with their photos', () => {
    const { own, set, jobs } = bench();
    own.choose(['b']);
    set({ format: 'jpeg' });
    own.follow([jobs.get('a')]);
    assert.equal(own.of('b'), null);
    own.follow([...jobs.values()]);
    assert.equal(own.of('b').settings.format, 'jpeg');
  });

  test('are the same value until something changes', () => {
    const { own } = bench();
    const before = own.present;
    own.follow([{ id: 'a', own: null }]);
    assert.equal(own.present, before);
  });
});
