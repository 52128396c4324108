import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { canShare, shareFile } from '../../client/ui/take-away.js';
import { standIn } from './stand-in.js';

const FILE = new File(['a'], 'cat.png', { type: 'image/png' });

/** A browser. @param {import('node:test').TestContext} t @param {{ isInHand?: boolean, navigator?: object }} it */
const browser = (t, { isInHand = true, navigator = { canShare: ({ files }) => files.length === 1 } }) => standIn(t, { matchMedia: () => ({ matches: isInHand }), navigator });

describe('sharing', () => {
  test('is offered on what is held in the hand, where files can be shared', (t) => {
    browser(t, {});
    assert.equal(canShare(), true);
  });

  test('is not offered on a desk', (t) => {
    browser(t, { isInHand: false });
    assert.equal(canShare(), false);
  });

  test('is not offered where a browser shares nothing, or no files', (t) => {
    browser(t, { navigator: {} });
    assert.equal(canShare(), false);
    browser(t, { navigator: { canShare: () => false } });
    assert.equal(canShare(), false);
  });

  test('hands over that file', async (t) => {
    const handed = [];
    browser(t, { navigator: { share: async ({ files }) => void handed.push(...files) } });
    assert.equal(await shareFile(FILE), true);
    assert.deepEqual(handed, [FILE]);
  });

  test('may be thought better of, and may fail', async (t) => {
    browser(t, { navigator: { share: () => Promise.reject(new DOMException('', 'AbortError')) } });
    assert.equal(await shareFile(FILE), false);
    browser(t, { navigator: { share: () => Promise.reject(new DOMException('', 'NotAllowedError')) } });
    await assert.rejects(shareFile(FILE), { name: 'NotAllowedError' });
  });
});
