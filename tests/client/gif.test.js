import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { MatteboxError } from '../../client/shared/errors.js';
import { look } from '../../client/image/read/inspect.js';
import { mended } from '../../client/image/read/bytes.js';
import { blobOf } from './files.js';

const word = (n) => [n & 0xff, n >> 8];
const PALETTE = [0, 0, 0, 255, 255, 255];
/** Of 2 x 2 pixels; what it holds is no matter here. */
const DATA = [2, 2, 0x4c, 1, 0];
const picture = ([x, y, width, height], local = []) => [0x2c, ...word(x), ...word(y), ...word(width), ...word(height), local.length ? 0x80 : 0, ...local, ...DATA];
const extension = (label, ...blocks) => [0x21, label, ...blocks.flatMap((block) => [block.length, ...block]), 0];
const gif = ([width, height], ...rest) => [...Buffer.from('GIF87a'), ...word(width), ...word(height), 0x80, 0, 0, ...PALETTE, ...rest.flat(), 0x3b];

describe('a GIF’s size is that of its screen, enlarged to hold its first picture', () => {
  const cases = [
    [[200, 150], [0, 0, 200, 150], [200, 150], false],
    [[0, 0], [0, 0, 200, 150], [200, 150], true],
    [[0, 150], [0, 0, 200, 150], [200, 150], true],
    [[200, 0], [0, 0, 200, 150], [200, 150], true],
    [[100, 80], [0, 0, 200, 150], [200, 150], true],
    [[160, 120], [40, 30, 160, 120], [200, 150], true],
    [[160, 120], [500, 400, 160, 120], [660, 520], true],
    [[300, 200], [20, 10, 160, 120], [300, 200], true],
    [[0, 0], [40, 30, 160, 120], [200, 150], true],
  ];
  for (const [screen, first, size, isMended] of cases) {
    test(`${screen.join(' × ')}, and a picture at ${first.join(' ')}`, async () => {
      const blob = blobOf(gif(screen, extension(0xf9, [0, 0, 0, 0]), picture(first), picture([0, 0, 999, 999])));
      const { head } = await look(blob);
      assert.deepEqual([head.width, head.height], size);
      assert.equal(head.mends.length > 0, isMended);
      const made = Buffer.from(await mended(blob, head.mends).arrayBuffer());
      assert.deepEqual([made.readUInt16LE(6), made.readUInt16LE(8)], size);
      if (isMended) assert.equal(made.toString('latin1', 0, 6), 'GIF89a');
      assert.deepEqual(made.subarray(10), Buffer.from(await blob.arrayBuffer()).subarray(10));
    });
  }
});

test('its pictures are counted', async () => {
  const whole = [0, 0, 9, 9];
  const between = extension(0xff, [...Buffer.from('NETSCAPE2.0')], [1, 0, 0]);
  const kinds = [
    [[picture(whole)], []],
    [[between, picture(whole), extension(0xfe, [0x2c, 0x2c]), picture(whole, PALETTE), picture([1, 1, 2, 2])], [{ code: 'first-of-many', detail: { count: 3, kind: 'frames' } }]],
  ];
  for (const [parts, notes] of kinds) assert.deepEqual((await look(blobOf(gif([9, 9], ...parts)))).head.notes, notes);
});

test('one without a picture, or without a size, is damaged', async () => {
  for (const parts of [[[9, 9]], [[9, 9], extension(0xfe, [1])], [[0, 0], picture([0, 0, 0, 0])]]) {
    await assert.rejects(look(blobOf(gif(...parts))), ({ code }) => code === 'corrupt-image');
  }
});

test('a damaged one is a typed error, or a GIF', async () => {
  const file = gif([9, 9], extension(0xff, [1, 2, 3]), picture([0, 0, 9, 9], PALETTE), picture([3, 3, 4, 4]));
  const damage = fc.record({ changes: fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { maxLength: 6 }), length: fc.integer({ min: 7, max: file.length }) });
  await fc.assert(
    fc.asyncProperty(damage, async ({ changes, length }) => {
      const bytes = file.slice(0, length);
      for (const [at, value] of changes) bytes[at] = value;
      await look(blobOf(bytes.map((byte) => byte ?? 0))).then(() => {}, (thrown) => assert.ok(thrown instanceof MatteboxError, String(thrown.stack)));
    }),
    { numRuns: 600 },
  );
});
