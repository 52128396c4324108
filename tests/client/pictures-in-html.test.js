import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import { fileOf } from '../../client/ui/pictures-in-html.js';

const content = async (url) => {
  const file = fileOf(url);
  return file && [file.name, file.type, Buffer.from(await file.arrayBuffer()).toString('latin1')];
};

describe('a picture in an address', () => {
  test('is taken out of it, however it is written', async () => {
    assert.deepEqual(await content('data:image/png;base64,AP9Q'), ['picture.png', 'image/png', '\x00\xffP']);
    assert.deepEqual(await content(' DATA:image/JPEG;BASE64, AP\n9Q '), ['picture.jpg', 'image/jpeg', '\x00\xffP']);
    assert.deepEqual(await content('data:image/webp;name=a.webp;base64,AP9Q'), ['picture.webp', 'image/webp', '\x00\xffP']);
    assert.deepEqual(await content('data:image/png;base64,%41P9Q'), ['picture.png', 'image/png', '\x00\xffP']);
    assert.deepEqual(await content('data:image/svg+xml;utf8,%3Csvg a="1 2"/>'), ['picture.svg', 'image/svg+xml', '<svg a="1 2"/>']);
    assert.deepEqual(await content('data:image/svg+xml,<svg/>'), ['picture.svg', 'image/svg+xml', '<svg/>']);
  });

  test('is none where there is only an address, another thing, or half of one', () => {
    for (const url of ['', 'https:a/b.png', 'file:///C:/a.png', 'cid:image001', 'data:text/html,<b>', 'data:image/png;base64', 'data:image/png;base64,A', 'data:image/png;base64,*', 'data:image/svg+xml,%E0%A4']) {
      assert.equal(fileOf(url), null, url);
    }
  });

  test('any bytes survive, and no address throws', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array(), async (bytes) => {
      const file = fileOf(`data:image/png;base64,${Buffer.from(bytes).toString('base64')}`);
      assert.deepEqual(new Uint8Array(await file.arrayBuffer()), bytes);
    }));
    fc.assert(fc.property(fc.string(), (rest) => {
      fileOf(`data:image/${rest}`);
      fileOf(rest);
    }));
  });
});
