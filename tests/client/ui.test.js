import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readAddress } from '../../client/ui/address.js';
import { formatBytes, formatDuration, formatExactBytes, formatShare } from '../../client/messages/format.js';
import { formatAgo, formatDate } from '../../client/messages/format-dates.js';
import { formatNames } from '../../client/messages/format-names.js';

/** What is compared is the words, not that they stay on one line. */
const plain = (text) => text.replaceAll('\u00a0', ' ');

test('number and unit stay on one line', () => {
  assert.equal(formatBytes(2_674_080), '2.67\u00a0MB');
});

test('bytes are decimal, with three digits', () => {
  const cases = { 0: '0 bytes', 999: '999 bytes', 12_345: '12 kB', 69_432: '69 kB', 999_499: '999 kB', 999_500: '1.00 MB', 2_674_080: '2.67 MB', 9_995_000: '10.0 MB', 88_188_479: '88.2 MB', 99_950_000: '100 MB', 999_600_000: '1.00 GB', 2_514_000_000: '2.51 GB', 9_995_000_000: '10.0 GB' };
  for (const [bytes, text] of Object.entries(cases)) assert.equal(plain(formatBytes(Number(bytes))), text);
  assert.equal(plain(formatExactBytes(5_104_123)), '5,104,123 bytes');
});

test('durations never read "60 s" or "10.0 s"', () => {
  const cases = { 42: '42 ms', 100: '0.1 s', 1430: '1.4 s', 9949: '9.9 s', 9960: '10 s', 59_700: '1 min 0 s', 125_000: '2 min 5 s' };
  for (const [ms, text] of Object.entries(cases)) assert.equal(plain(formatDuration(Number(ms))), text);
});

test('when something was, by the calendar', () => {
  const now = new Date(2026, 4, 20, 9).getTime();
  const at = (day, hour) => new Date(2026, 4, day, hour).getTime();
  assert.equal(formatAgo(at(20, 1), now), 'today');
  assert.equal(formatAgo(at(19, 23), now), 'yesterday');
  assert.equal(formatAgo(at(17, 12), now), '3 days ago');
  assert.equal(formatAgo(now + 60_000, now), 'today');
  assert.equal(formatAgo(new Date(2026, 0, 5).getTime(), now), null);
  assert.equal(formatDate(new Date(2026, 0, 5).getTime()), '5 January 2026');
});

test('a rate, and a part of a whole in one unit', () => {
  assert.equal(plain(formatShare(12_400_000, 88_200_000)), '12.4 of 88.2 MB');
  assert.equal(plain(formatShare(900_000, 88_200_000)), '900 kB of 88.2 MB');
});

test('of many names the first ones, and how many more', () => {
  assert.equal(formatNames(['a.jpg']), 'a.jpg');
  assert.equal(formatNames(['a.jpg', 'b.jpg']), 'a.jpg and b.jpg');
  assert.equal(formatNames(['a', 'b', 'c', 'd', 'e']), 'a, b, c and 2 more');
  assert.equal(formatNames(['', 'b', '']), 'b and 2 more');
  assert.equal(formatNames(['', '']), '');
  assert.equal(formatNames(['left\u202egpj.jpg']), 'leftgpj.jpg');
  assert.equal(formatNames(['x'.repeat(60)]), `${'x'.repeat(39)}…`);
});

test('an empty address asks for nothing', () => {
  assert.deepEqual(readAddress(''), { options: {}, problems: [] });
});

test('the address sets model, backend and threads', () => {
  assert.deepEqual(readAddress('?model=u2netp&backend=webgpu&threads=2'), {
    options: { model: 'u2netp', backend: 'webgpu', threads: 2 },
    problems: [],
  });
});

test('a value that cannot be used is named and left out', () => {
  const { options, problems } = readAddress('?backend=gpu&threads=0&model=u2netp');
  assert.deepEqual(options, { model: 'u2netp' });
  assert.deepEqual(problems.map(({ name, value }) => [name, value]), [['backend', 'gpu'], ['threads', '0']]);
});

for (const threads of ['', '-1', '1.5', '2x', '65', '1e1']) {
  test(`threads=${threads || '(empty)'} is refused`, () => {
    const { options, problems } = readAddress(`?threads=${threads}`);
    assert.deepEqual([options.threads, problems.length], [undefined, 1]);
  });
}
