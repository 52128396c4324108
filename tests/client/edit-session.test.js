import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { EditSession } from '../../client/document/derive/edit-session.js';
import { alphaAt, apply, EDITS, ERASE, farthest, HEIGHT, opened, photoOf, pictured, RESTORE, shown, SIZE, WIDTH } from './edit-document.js';
import { random } from './numbers.js';

describe('undo and redo', () => {
  for (const [name, patches] of [['with all patches kept', undefined], ['where most patches were let go of', 40_000], ['without any', 0]]) {
    test(`go over everything, ${name}`, () => {
      const pixels = { data: photoOf(true), ...SIZE };
      const base = Uint16Array.from({ length: WIDTH * HEIGHT }, (_, i) => Math.round(65535 * alphaAt(i % WIDTH, Math.floor(i / WIDTH))));
      const session = new EditSession({ pixels, own: null }, base.slice(), [], {}, patches);
      const next = random(2);
      const states = [session.seen.slice()];
      for (const edit of EDITS) {
        const { done, undone } = apply(session, edit, next);
        assert.deepEqual([done, undone], [states.length, 0]);
        states.push(session.seen.slice());
      }
      let at = EDITS.length;
      for (let n = 0; n < 28; n++) {
        const isBack = n < 12 || (n > 20 && next() < 0.5);
        const { done, undone } = isBack ? session.undo() : session.redo();
        at = Math.min(EDITS.length, Math.max(0, at + (isBack ? -1 : 1)));
        assert.deepEqual([done, undone], [at, EDITS.length - at]);
        assert.deepEqual(session.seen, states[at]);
        assert.deepEqual(session.edits, EDITS.slice(0, at));
      }
    });
  }

  test('a new edit ends what could be done again', async (t) => {
    const session = await opened(t);
    session.apply(ERASE);
    session.undo();
    assert.deepEqual({ ...session.apply(RESTORE), changed: null }, { changed: null, done: 1, undone: 0 });
    assert.deepEqual(session.edits, [RESTORE]);
    assert.equal(session.redo().changed, null);
  });

  test('of two adjustments in a row the second replaces the first', async (t) => {
    const session = await opened(t);
    const untouched = session.seen.slice();
    session.apply({ kind: 'adjust', feather: 5, shift: 0 });
    assert.equal(session.apply({ kind: 'adjust', feather: 5, shift: 2 }).done, 1);
    session.undo();
    assert.deepEqual(session.seen, untouched);
  });

  test('a stroke that is given up was never begun, and nothing is lost by it', async (t) => {
    const session = await opened(t);
    session.apply(RESTORE);
    session.undo();
    const untouched = pictured(session);
    const { changed } = session.paint({ ...ERASE, isLast: false });
    assert.ok(farthest(shown(pictured(session)), shown(untouched)) > 100);
    const told = session.giveUp();
    assert.ok(changed && told.changed);
    assert.deepEqual([told.done, told.undone], [0, 1]);
    assert.deepEqual(pictured(session), untouched);
  });

  test('a document opened with edits is as they left it, and they can be undone', async (t) => {
    const session = await opened(t);
    const states = EDITS.map((edit) => (session.apply(edit), session.seen.slice()));
    const again = await opened(t, { edits: EDITS });
    assert.deepEqual(again.seen, states.at(-1));
    again.undo();
    again.undo();
    assert.deepEqual(again.seen, states.at(-3));
  });
});

test('where nothing is said to have changed, at most a level has', async (t) => {
  const session = await opened(t);
  const next = random(3);
  let seen = shown(pictured(session));
  const check = ({ changed }) => {
    const now = shown(pictured(session));
    assert.ok(farthest(now, seen, changed) <= 1);
    seen = now;
  };
  for (const edit of EDITS) {
    const { points, ...brush } = edit;
    if (points) for (let i = 0; i < points.length; i += 3) check(session.paint({ ...brush, points: points.slice(i, i + 3), isLast: i + 3 === points.length }));
    else check(session.apply(edit));
  }
  for (let n = 0; n < 14; n++) check(next() < 0.6 ? session.undo() : session.redo());
});
