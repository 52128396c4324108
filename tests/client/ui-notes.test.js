import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isKept, redoLabel } from '../../client/ui/redo.js';
import { whereRan } from '../../client/ui/diagnosis-words.js';
import { noteWords } from '../../client/ui/note-words.js';
import { ran } from '../../client/ui/routing-words.js';

const KEPT = { code: 'already-cut-out', detail: {} };
const result = (notes = []) => ({ notes, report: { model: { id: 'u2netp' } } });
const choice = (id) => ({ id, title: 'IS-Net', titles: new Map() });

test('a photo can be made once more where it would be another one then', () => {
  assert.equal(redoLabel(result(), { choice: choice('u2netp') }), '');
  assert.equal(redoLabel(result(), { choice: null }), '');
  assert.match(redoLabel(result(), { choice: choice('isnet') }), /IS-Net/);
});

test('a picture that was cut out already can always be cut out anyway, whatever is chosen', () => {
  for (const present of [{ choice: null }, { choice: choice('isnet') }]) {
    assert.equal(redoLabel(result([KEPT]), present), 'Cut out anyway');
  }
  assert.deepEqual([isKept(result([KEPT])), isKept(result()), isKept(null)], [true, false, false]);
});

test('that no model ran is told where it is told what ran', () => {
  const report = { backend: null, reason: 'no-webgpu', threads: { asked: 2, got: 2 }, notes: [KEPT] };
  assert.equal(ran(report, '0.2 s'), 'The picture’s own transparent background was kept, in 0.2 s.');
  assert.equal(whereRan(report), 'No model needed');
  assert.equal(whereRan({ ...report, notes: [] }), 'Not started');
});

test('what to do is told where nothing was found, and that its frame was left out', () => {
  const plain = noteWords({ code: 'nothing-found', detail: {} });
  const whole = noteWords({ code: 'nothing-found', detail: { kind: 'whole' } });
  assert.match(plain, /^Nothing was found to cut out, so the result is empty\. Choose “Touch up” and “Look here”/);
  assert.match(whole, /whole photo’s size\. Choose “Touch up” and “Look here”/);
});
