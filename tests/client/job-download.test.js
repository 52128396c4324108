import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';

import { JobDownload } from '../../client/ui/job-download.js';

const PNG = { blob: new Blob(['png']), name: 'cat-cutout.png', format: 'PNG' };
const WEBP = { blob: new Blob(['webp']), name: 'cat-cutout.webp', format: 'WebP' };

describe('the way to a file', () => {
  /** A link that notes what a click on it would save, and the labels of the two buttons. */
  const link = {
    saved: [],
    href: null,
    addEventListener() {},
    getAttribute(name) { return this[name]; },
    removeAttribute(name) { this[name] = null; },
    click() { this.saved.push(this.href && `${this.href} as ${this.download}`); },
  };
  const labels = {};
  const buttons = { label: (name, words) => { labels[name] = words; }, disable: (name, isDisabled) => { labels.isDisabled = isDisabled; } };
  let download;

  beforeEach((t) => {
    const urls = [];
    t.mock.method(URL, 'createObjectURL', (blob) => `blob:${urls.push(blob)}`);
    Object.assign(link, { saved: [], href: null });
    download = new JobDownload(link, buttons);
    download.offer(PNG);
    download.stand('current');
  });

  test('is a link while the file is as wanted', async () => {
    assert.deepEqual([download.button, link.href, labels.download], ['download', 'blob:1', 'Download']);
    assert.equal(await download.save(), true);
    assert.deepEqual(link.saved, ['blob:1 as cat-cutout.png']);
  });

  test('is none while it is not: the button waits, and saves the new file once', async () => {
    download.stand('pending');
    assert.deepEqual([download.button, link.href, labels.prepare, labels.isDisabled], ['prepare', null, 'Download', false]);
    const saving = Promise.all([download.save(), download.save()]);
    assert.deepEqual([labels.prepare, labels.isDisabled, download.isAwaited], ['Preparing…', true, true]);
    download.offer(WEBP);
    assert.deepEqual([link.saved, link.href], [[], null]);
    download.stand('current');
    assert.deepEqual(await saving, [true, true]);
    assert.deepEqual(link.saved, ['blob:2 as cat-cutout.webp']);
    assert.deepEqual([download.isAwaited, labels.prepare, labels.isDisabled], [false, 'Download', false]);
  });

  test('names the file that it is where it could not be made as wanted, and saves it for nobody who waited', async () => {
    download.stand('pending');
    const saving = download.save();
    download.stand('earlier');
    assert.equal(await saving, false);
    assert.deepEqual([link.saved, download.button, link.href, labels.download], [[], 'download', 'blob:1', 'Download earlier PNG']);
    assert.equal(await download.save(), false);
    download.stand('current');
    assert.equal(labels.download, 'Download');
  });

  test('ends the wait when the photo goes', async () => {
    download.stand('pending');
    const saving = download.save();
    download.release();
    assert.equal(await saving, false);
    assert.deepEqual(link.saved, []);
  });
});
