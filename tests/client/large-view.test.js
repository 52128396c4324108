import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { shownOf } from '../../client/review/shown.js';

const PHOTO = { name: 'a.jpg', picture: 'small', original: 'photo', size: { width: 60, height: 40 }, originalSize: { width: 90, height: 60 }, isWhole: true };
const look = (more) => ({ isOriginal: false, isSplit: false, ...more });
const seen = ({ image, before, size }) => [image, before?.image ?? null, size.width];

describe('of a photo that is seen large', () => {
  test('the result alone', () => assert.deepEqual(seen(shownOf(PHOTO, look())), ['small', null, 60]));
  test('the result in more pixels', () => assert.deepEqual(seen(shownOf(PHOTO, look(), 'large')), ['large', null, 60]));
  test('the original alone, whatever was beside the result', () => assert.deepEqual(seen(shownOf(PHOTO, look({ isOriginal: true, isSplit: true }))), ['photo', null, 90]));
  test('the original beside the result', () => assert.deepEqual(seen(shownOf(PHOTO, look({ isSplit: true }), 'large')), ['large', 'photo', 60]));
  test('not beside a crop, which has no point in common with it', () => assert.deepEqual(seen(shownOf({ ...PHOTO, isWhole: false }, look({ isSplit: true }))), ['small', null, 60]));
  test('both are told apart by their words', () => {
    const { alt, before } = shownOf(PHOTO, look({ isSplit: true }));
    assert.deepEqual([alt, before.alt], ['Result: a.jpg', 'Original: a.jpg']);
  });
});
