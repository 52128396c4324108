import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { MatteboxError } from '../../client/shared/errors.js';
import { inspect, look, lookOn } from '../../client/image/read/inspect.js';
import { walkJpeg } from '../../client/image/read/jpeg-walk.js';
import { blobOf, LIMITS } from './files.js';
import { bytesOf, golden } from './golden.js';

const FILES = golden('cut').map((entry) => ({ ...entry, bytes: bytesOf(entry.file) }));
const plain = FILES[0].bytes;
const cut = (bytes, part) => bytes.slice(0, Math.round(bytes.length * part));
const notes = async (...parts) => (await lookOn(await look(blobOf(...parts)))).notes;

describe('what is missing, as libjpeg leaves it grey', () => {
  for (const { what, bytes, cuts } of FILES) {
    test(what, () => {
      // An MCU is up to 16 by 16 pixels, of which a part may have been decoded where the file ends.
      for (const { length, missing } of cuts) {
        const walk = walkJpeg(bytes.subarray(0, length));
        assert.equal(walk.isEnded, false);
        assert.ok(Math.abs(walk.missing - missing) <= 0.02, `${length}: ${walk.missing}, not ${missing}`);
      }
      assert.deepEqual([walkJpeg(bytes).isEnded, walkJpeg(bytes).missing], [true, 0]);
    });
  }
});

describe('a photo whose end is missing', () => {
  const LAST = plain.slice(0, -2);
  test('is whole without its end marker', async () => assert.deepEqual(await notes(LAST), [{ code: 'incomplete', detail: { missing: 0 } }]));
  test('is whole for all that may be in the place of it', async () => {
    for (const rest of [[0xff], Array(5000).fill(0), Array(300).fill(0xff), [0, 0, 0, 24, ...Buffer.from('ftypmp42isom')]]) {
      const [{ code, detail }] = await notes(LAST, rest);
      assert.equal(code, 'incomplete');
      assert.ok(detail.missing < 0.001);
    }
  });
  test('says how much is missing, also where zeros follow', async () => {
    for (const rest of [[], Array(4000).fill(0)]) {
      const [{ detail }] = await notes(cut(plain, 0.8), rest);
      assert.ok(detail.missing > 0.15 && detail.missing < 0.3, String(detail.missing));
    }
  });
  test('that is stored whole first, and then finer, lacks no part', async () => {
    const progressive = FILES.find(({ what }) => what === 'progressive').bytes;
    for (const part of [0.3, 0.6, 0.95]) assert.deepEqual(await notes(cut(progressive, part)), [{ code: 'incomplete', detail: { missing: 0, kind: 'detail' } }]);
    await assert.rejects(inspect(blobOf(cut(progressive, 0.06)), { limits: LIMITS }), ({ details }) => details.reason === 'truncated');
  });
  test('and most of it, is refused as incomplete', async () => {
    const scan = plain.findIndex((byte, i) => byte === 0xff && plain[i + 1] === 0xda);
    for (const [length, least, most] of [[scan + 14, 0.99, 1], [Math.round(plain.length * 0.25), 0.8, 0.9]]) {
      await assert.rejects(inspect(blobOf(plain.slice(0, length)), { limits: LIMITS }), ({ code, details }) => {
        assert.deepEqual([code, details.reason], ['corrupt-image', 'truncated']);
        return details.missing >= least && details.missing <= most;
      });
    }
  });
  test('is given to browsers with an end, and without what is no part of it', async () => {
    const seen = await look(blobOf(cut(plain, 0.8), Array(999).fill(0)));
    const [{ start, end, bytes }] = (await lookOn(seen)).mends;
    assert.deepEqual([start, end, [...bytes]], [Math.round(plain.length * 0.8), Math.round(plain.length * 0.8) + 999, [0xff, 0xd9]]);
  });
});

describe('a photo is not called incomplete', () => {
  const trailers = {
    'for a film behind it': [0, 0, 0, 24, ...Buffer.from('ftypmp42isom'), ...Array(2000).fill(7)],
    'for padding': Array(700).fill(0),
    'for anything else behind it': Array.from({ length: 3000 }, (_, i) => (i * 37) & 0xff),
    'for a second picture that is cut': [...cut(plain, 0.7)],
  };
  for (const [why, trailer] of Object.entries(trailers)) test(why, async () => assert.deepEqual(await notes(plain, trailer), []));
  test('and its thumbnail’s end is not its own', async () => {
    const thumbnail = [0xff, 0xe1, ((plain.length + 2) >> 8) & 0xff, (plain.length + 2) & 0xff, ...plain];
    assert.deepEqual(await notes([0xff, 0xd8], thumbnail, plain.slice(2), [0]), []);
    assert.equal((await notes([0xff, 0xd8], thumbnail, cut(plain, 0.9).slice(2)))[0].code, 'incomplete');
  });
});

test('whatever the file, the walk ends, and what is missing is a part of a whole', () => {
  const damage = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { maxLength: 20 });
  fc.assert(
    fc.property(fc.constantFrom(...FILES), fc.double({ min: 0.02, max: 1, noNaN: true }), damage, ({ bytes }, part, changes) => {
      const file = cut(bytes, part);
      for (const [at, value] of changes) file[Math.floor(at * (file.length - 1))] = value;
      const { missing, end } = walkJpeg(file);
      assert.ok(missing >= 0 && missing <= 1 && end <= file.length, `${missing} ${end}`);
    }),
    { numRuns: 400 },
  );
});

test('a file of nothing but tables takes no time', async () => {
  const table = [0xff, 0xc4, 0, 19, 0, ...Array(16).fill(0)];
  const file = Uint8Array.from([...plain.subarray(0, -2), ...Array(40_000).fill(table).flat()]);
  const started = performance.now();
  walkJpeg(file);
  assert.ok(performance.now() - started < 2000);
});

test('typed errors only', async () => {
  await assert.rejects(look(blobOf([0xff, 0xd8, 0xff])), (thrown) => thrown instanceof MatteboxError);
});
