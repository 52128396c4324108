import assert from 'node:assert/strict';
import { test } from 'node:test';

import { downloadNumbers } from '../../client/ui/download-words.js';
import { remainingTime } from '../../client/ui/remaining-time.js';
import { memoryTitle } from '../../client/ui/memory-notice.js';
import { followPace, readPace, startPace } from '../../client/ui/rate.js';
import { storedRows, total } from '../../client/ui/stored-rows.js';
import { alreadyHere, contentLines, costOf, offerLine, qualityName } from '../../client/ui/model-words.js';
import { askAll, askRow, factsOf, sizeOf, usageWords, whenUsed } from '../../client/ui/stored-words.js';

/** What is compared is the words, not that they stay on one line. */
const plain = (text) => text.replaceAll('\u00a0', ' ');
const MB = 1e6;

const part = (role, download, rest = {}) => ({ role, bytes: download, download, have: 0, stored: false, ...rest });
const offerOf = (download, parts, rest = {}) => ({ download, parts, ready: false, model: { id: 'isnet', title: 'IS-Net', licence: 'Apache-2.0' }, ...rest });
const RUNTIME = part('runtime', 2_674_080, { bytes: 14_239_897 });
const WHOLE = { stored: true };
const fresh = offerOf(90_862_559, [RUNTIME, part('model', 88_188_479)]);
const begun = offerOf(75.8 * MB, [{ ...RUNTIME, ...WHOLE, have: RUNTIME.bytes }, part('model', 88.2 * MB, { have: 12.4 * MB })]);

test('a steady download has its own rate and an honest rest', () => {
  let pace = startPace(0, 0);
  for (let at = 250; at <= 5000; at += 250) pace = followPace(pace, at, at * 20_000);
  const { rate, remainingMs, isStalled } = readPace(pace, 200 * MB);
  assert.equal(Math.round(rate), 20 * MB);
  assert.equal(Math.round(remainingMs), 5000);
  assert.equal(isStalled, false);
});

test('nothing is said before there is something to say', () => {
  const pace = followPace(startPace(0, 50 * MB), 500, 60 * MB);
  assert.deepEqual(readPace(pace, 88 * MB), { rate: null, remainingMs: null, isStalled: false });
});

test('what was here before says nothing about the rate', () => {
  let pace = startPace(0, 50 * MB);
  pace = followPace(pace, 1000, 51 * MB);
  assert.equal(readPace(pace, 88 * MB).rate, MB);
});

test('one burst does not double the rate', () => {
  let pace = startPace(0, 0);
  for (let at = 250; at <= 8000; at += 250) pace = followPace(pace, at, at * 1000);
  pace = followPace(pace, 8250, 8250 * 1000 + MB);
  const { rate } = readPace(pace, 88 * MB);
  assert.ok(rate > MB && rate < 1.4 * MB, String(rate));
});

test('a change of speed is followed within seconds', () => {
  let pace = startPace(0, 0);
  for (let at = 250; at <= 8000; at += 250) pace = followPace(pace, at, at * 10_000);
  for (let at = 8250; at <= 20_000; at += 250) pace = followPace(pace, at, 80 * MB + (at - 8000) * 1000);
  assert.ok(readPace(pace, 200 * MB).rate < 1.6 * MB);
});

test('silence is called silence, and ends with the next byte', () => {
  let pace = followPace(startPace(0, 0), 2000, 2 * MB);
  pace = followPace(pace, 8000, 2 * MB);
  assert.deepEqual(readPace(pace, 88 * MB), { rate: null, remainingMs: null, isStalled: true });
  assert.equal(readPace(followPace(pace, 8250, 3 * MB), 88 * MB).isStalled, false);
});

test('bytes that are fetched again do not run the rate backwards', () => {
  const pace = followPace(followPace(startPace(0, 0), 2000, 16 * MB), 2250, 8 * MB);
  assert.ok(readPace(pace, 88 * MB).rate > 0);
});

test('what a model costs, in each state', () => {
  assert.equal(plain(costOf(fresh)), '90.9 MB once');
  assert.equal(plain(costOf(begun)), '12.4 of 88.2 MB already here');
  assert.equal(costOf(offerOf(0, [])), 'Stored on this device');
  assert.equal(costOf(offerOf(0, [], { ready: true })), 'Ready, nothing to download');
  assert.equal(costOf(null), 'Size not known yet');
});

test('a file that is here whole is no part of an interrupted download', () => {
  assert.equal(alreadyHere(begun), 12.4 * MB);
  assert.equal(alreadyHere(fresh), 0);
});

test('the line under the button names what is missing, model first, several files as one', () => {
  const several = offerOf(450 * MB, [RUNTIME, part('model', 3 * MB), part('model', 444 * MB)]);
  assert.equal(plain(offerLine(fresh, true)), 'One download of 90.9 MB, then it is stored on this device.');
  assert.equal(plain(offerLine(several, false)), 'A download of 450 MB, at each visit.');
  assert.equal(plain(offerLine(begun, true)), '75.8 MB still to download, once: 12.4 of 88.2 MB is here already.');
});

test('what a model is made of, files or other models, and their sum', () => {
  const files = [{ name: 'text-encoder', bytes: 681 * MB }, { name: 'unet', bytes: 1733 * MB }, { name: 'vae', bytes: 99 * MB }];
  assert.deepEqual(contentLines(files, 2513 * MB).map(plain), ['text encoder: 681 MB', 'U-Net: 1.73 GB', 'VAE: 99.0 MB', 'together: 2.51 GB']);
  const shared = [{ name: 'IS-Net', bytes: 88 * MB }, { name: 'IS-Net', bytes: 88 * MB }];
  assert.deepEqual(contentLines(shared, 88 * MB).map(plain), ['IS-Net: 88.0 MB', 'IS-Net: 88.0 MB', 'together: 88.0 MB']);
});

test('memory only, with numbers where the browser tells them', () => {
  assert.equal(plain(memoryTitle({ code: 'storage-full', needed: 88.2 * MB, available: 20 * MB })), 'The download is not stored: this browser’s storage is full (needs 88.2 MB, 20.0 MB free).');
  assert.equal(memoryTitle({ code: 'storage-full', needed: 88.2 * MB, available: null }), 'The download is not stored: this browser’s storage is full.');
  assert.equal(memoryTitle({ code: 'storage-failed' }), 'The download is not stored: this browser’s storage failed.');
});

test('numbers of a download', () => {
  const state = { loaded: 12.4 * MB, total: 88.2 * MB };
  assert.equal(plain(downloadNumbers(state, { rate: 20 * MB, remainingMs: 4000, isStalled: false })), '12.4 of 88.2 MB · 20.0 MB/s · a few seconds left');
  assert.equal(plain(downloadNumbers(state, { rate: null, remainingMs: null, isStalled: true })), '12.4 of 88.2 MB · waiting for the server');
  assert.equal(plain(downloadNumbers(state, null)), '12.4 of 88.2 MB');
  assert.equal(downloadNumbers({ loaded: 0, total: 0 }, null), 'Starting…');
});

const stored = (sha256, role, models, rest) => ({ sha256, name: `${sha256}.onnx`, bytes: 100, have: 100, role, models, download: 100, whole: true, storedAt: 5, usedAt: null, ...rest });
const label = ({ role, models, name }) => (role === 'model' ? { title: models[0], bytes: null } : { title: name, bytes: null });

test('a model of several files is one row, models come first and old files last', () => {
  const rows = storedRows([
    stored('old', 'old', [], { download: null }),
    stored('rt', 'runtime', ['a', 'b'], { usedAt: 9 }),
    stored('b1', 'model', ['b'], { storedAt: 7 }),
    stored('a', 'model', ['a'], { usedAt: 3 }),
    stored('b2', 'model', ['b'], { whole: false, have: 40, usedAt: 8 }),
  ], label);
  assert.deepEqual(rows.map(({ title }) => title), ['b', 'a', 'rt.onnx', 'old.onnx']);
  const [b] = rows;
  assert.deepEqual([b.digests, b.bytes, b.have, b.download, b.isWhole, b.storedAt, b.usedAt], [['b1', 'b2'], 200, 140, 200, false, 7, 8]);
  assert.deepEqual([rows[3].download, total(rows)], [0, 400]);
  assert.equal(plain(sizeOf({ have: 12 * MB, bytes: 88.2 * MB, isWhole: false })), '12.0 of 88.2 MB, unfinished');
});

test('when a file was used last', () => {
  const now = new Date(2026, 4, 20, 9).getTime();
  const long = new Date(2026, 0, 5).getTime();
  assert.equal(whenUsed(now, 1, now), 'used today');
  assert.equal(whenUsed(long, 1, now), 'used on 5 January 2026');
  assert.equal(whenUsed(null, now, now), 'stored today, not used yet');
  assert.equal(whenUsed(null, long, now), 'stored on 5 January 2026, not used yet');
  assert.equal(whenUsed(null, 0, now), '');
});

test('the rest of a download is as precise as an estimate can be', () => {
  const cases = { 900: 'a few seconds left', 5000: 'about 5 s left', 21_000: 'about 25 s left', 55_000: 'about 55 s left', 56_000: 'about 1 min left', 150_000: 'about 3 min left', 4_500_000: 'about 1 h 15 min left' };
  for (const [ms, words] of Object.entries(cases)) assert.equal(plain(remainingTime(Number(ms))), words);
});

test('a model whose other files have not been begun is unfinished', () => {
  const [row] = storedRows([stored('b1', 'model', ['b'])], () => ({ title: 'b', bytes: 300 }));
  assert.deepEqual([row.have, row.bytes, row.isWhole], [100, 300, false]);
});

test('what lies on this device and what crossed the wire are told apart', () => {
  const engine = { title: 'Engine', name: 'ort.wasm', role: 'runtime', digests: ['a'], bytes: 14.2 * MB, have: 14.2 * MB, download: 2.74 * MB, isWhole: true, storedAt: 0, usedAt: null };
  const told = (row) => plain(factsOf({ ...engine, ...row }, 0));
  assert.equal(told({}), 'ort.wasm · downloaded as 2.74 MB');
  assert.equal(told({ bytes: 2.37 * MB, download: 2.37 * MB }), 'ort.wasm');
  assert.equal(told({ download: 0, role: 'old', digests: ['a', 'b'] }), 'no longer used · 2 files');
  assert.equal(plain(askRow(engine)), 'Delete Engine and free 14.2 MB? When it is needed again, 2.74 MB are downloaded.');
  assert.equal(plain(askRow({ ...engine, download: 0 })), 'Delete Engine and free 14.2 MB? Nothing needs it any more.');
  assert.equal(plain(askAll(16.6 * MB, 5.11 * MB)), 'Delete everything in this list and free 16.6 MB? When it is needed again, 5.11 MB are downloaded.');
});

test('what the browser counts is never said to be in an empty list', () => {
  const rest = 'are used by the page itself, for its own files, settings and measurements.';
  assert.equal(plain(usageWords(0, 1.91 * MB, null)), `1.91 MB ${rest}`);
  assert.equal(plain(usageWords(16.6 * MB, 18.51 * MB, 2000 * MB)), `The files below take up 16.6 MB. Another 1.91 MB ${rest} This browser allows up to 2.00 GB in all.`);
  // Some browsers count less than what they were given to keep, or do not tell.
  assert.equal(plain(usageWords(16.6 * MB, 12 * MB, null)), 'The files below take up 16.6 MB.');
  assert.equal(plain(usageWords(16.6 * MB, null, null)), 'The files below take up 16.6 MB.');
  assert.equal(usageWords(0, 0, null), '');
});

test('a choice is called by a plain word, and by its own name where that is not enough', () => {
  const named = (quality, isShared) => qualityName({ model: { title: 'IS-Net' }, quality, isShared });
  assert.deepEqual([named('quick', false), named('finer', true), named('finest', false), named(null, true)], ['Quick', 'Finer edges: IS-Net', 'Finest edges', 'IS-Net']);
});
