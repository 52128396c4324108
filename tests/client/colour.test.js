import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';

import { vendorFile } from './vendor.js';
import { blobOf, COLOURS, fileOf, LIMITS } from './files.js';
import { bytesOf, difference, golden } from './golden.js';

const { converterOf, namedConverter, needsLcms } = await import('../../client/image/read/colour.js');
const { readAnyProfile } = await import('../../client/image/read/icc.js');
const { loadLcms } = await import('../../client/image/read/lcms.js');
const { decodeTiff } = await import('../../client/image/read/tiff.js');
const { inspect, look } = await import('../../client/image/read/inspect.js');

const CASES = golden('colour').map((entry) => ({ ...entry, bytes: bytesOf(entry.file), rgba: bytesOf(entry.rgba) }));
const find = (start) => CASES.find(({ what }) => what.startsWith(start));

/** @returns decoded by its profile */
async function decoded({ bytes }) {
  const seen = await look(blobOf(bytes));
  return decodeTiff(seen.bytes, await readAnyProfile(seen));
}

test('without littlecms a table is said not to be obeyed, and the photo comes all the same', async () => {
  for (const what of ['inks', 'a table of RGB']) {
    const { pixels, isConverted } = await decoded(find(what));
    assert.equal(isConverted, false);
    assert.ok(difference(pixels.data, find(what).rgba).mean > 4);
  }
});

describe('colours of a TIFF as littlecms and numpy see them', () => {
  before(() => loadLcms(vendorFile('lcms-wasm/lcms.wasm')));
  for (const entry of CASES) {
    test(entry.what, async () => {
      const { pixels, isConverted } = await decoded(entry);
      assert.deepEqual([pixels.width, pixels.height, isConverted], [entry.width, entry.height, true]);
      const { mean, max } = difference(pixels.data, entry.rgba);
      assert.ok(mean <= 0.5 && max <= 2, `mean ${mean}, max ${max}`);
    });
  }
});

test('littlecms is asked for where only it can tell, and nowhere else', async () => {
  const asked = async (bytes) => (await inspect(blobOf(bytes), { limits: LIMITS })).codecs;
  for (const what of ['inks', 'a table of RGB']) assert.deepEqual(await asked(find(what).bytes), ['lcms'], what);
  for (const what of ['swapped', 'Display', 'linear grey', 'grey of']) assert.deepEqual(await asked(find(what).bytes), [], what);
  assert.deepEqual(await asked(fileOf('HEIC', 'all')), ['heif']);
});

describe('a matrix', () => {
  const samples = { colours: 'rgb', bits: 8, stride: 4 };
  for (const { what, profile, rgba, seen } of COLOURS) {
    test(what, async () => {
      const data = new Uint8ClampedArray(rgba);
      const { convert, isConverted } = await converterOf(profile, samples);
      convert(data, 0, data, 0, data.length / 4);
      const { mean, max } = difference(data, seen);
      assert.ok(isConverted() && mean <= 0.1 && max <= 1, `mean ${mean}, max ${max}`);
    });
  }
  test('Display P3 by its name', () => {
    const { rgba, seen } = COLOURS.find(({ what }) => what.startsWith('p3'));
    const data = new Uint8ClampedArray(rgba);
    namedConverter('p3', 4).convert(data, 0, data, 0, data.length / 4);
    assert.ok(difference(data, seen).max <= 1);
  });
});

test('Lab: white, black, the grey of 18 % and the primaries of sRGB', async () => {
  // CIE Lab under D50 of sRGB's colours (Lindbloom), rounded to 8 bit.
  const known = [[[100, 0, 0], [255, 255, 255]], [[0, 0, 0], [0, 0, 0]], [[53.39, 0, 0], [127, 127, 127]], [[54.29, 80.81, 69.89], [255, 0, 0]], [[87.82, -79.29, 80.99], [0, 255, 0]], [[29.57, 68.3, -112.03], [0, 0, 255]]];
  const values = Uint16Array.from(known.flatMap(([[l, a, b]]) => [(l / 100) * 65535, ((a + 128) / 255) * 65535, ((b + 128) / 255) * 65535]));
  const rgba = new Uint8ClampedArray(known.length * 4);
  const { convert } = await converterOf(null, { colours: 'lab', bits: 16, stride: 3 });
  convert(values, 0, rgba, 0, known.length);
  known.forEach(([, rgb], i) => assert.ok(difference(rgba.subarray(i * 4, i * 4 + 3), rgb).max <= 2, `${known[i]}: ${rgba.subarray(i * 4, i * 4 + 4)}`));
});

test('a damaged profile never costs the photo', async () => {
  const [inks, table, grey] = await Promise.all(['inks', 'a table of RGB', 'linear grey'].map(async (what) => readAnyProfile(await look(blobOf(find(what).bytes)))));
  const cases = fc.constantFrom(
    { profile: inks, samples: { colours: 'cmyk', bits: 8, stride: 5 } },
    { profile: table, samples: { colours: 'rgb', bits: 16, stride: 3 } },
    { profile: grey, samples: { colours: 'grey', bits: 8, stride: 2 } },
    { profile: grey, samples: { colours: 'rgb', bits: 8, stride: 3 } },
  );
  await fc.assert(
    fc.asyncProperty(cases, fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 8 }), fc.nat(300), async ({ profile, samples }, changes, cut) => {
      const bytes = profile.slice(0, profile.length - cut);
      for (const [at, value] of changes) bytes[at] = value;
      needsLcms(bytes, samples);
      const values = new (samples.bits === 16 ? Uint16Array : Uint8Array)(samples.stride * 10).fill(99);
      const rgba = new Uint8ClampedArray(40).fill(7);
      const { convert, isConverted } = await converterOf(bytes, samples);
      convert(values, 0, rgba, 0, 10);
      assert.equal(typeof isConverted(), 'boolean');
      assert.ok(rgba.every((value, i) => i % 4 !== 3 || value === 7));
    }),
    { numRuns: 150 },
  );
});
