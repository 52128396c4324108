import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';

import { MatteboxError } from '../../client/shared/errors.js';
import { inspect } from '../../client/image/read/inspect.js';
import { rootAt } from '../../client/image/read/markup.js';
import { blobOf, LIMITS } from './files.js';

const XMLNS = 'xmlns="http://www.w3.org/2000/svg"';
const XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"';
const CIRCLE = '<circle r="9"/></svg>';
const PLAIN = `<svg ${XMLNS} width="9" height="9">${CIRCLE}`;
const read = async (file) => (await inspect(typeof file === 'string' ? new Blob([file]) : blobOf(file), { limits: LIMITS })).drawing;
const utf16 = (text, isBig = false) => {
  const bytes = Buffer.from(text, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};

describe('a drawing, as text that begins with its root', () => {
  const files = {
    'as it is': PLAIN,
    'behind a declaration, spaces and comments': `\n<?xml version="1.0"?>\n<!-- <svg> --><!---->\n${PLAIN}`,
    'behind an instruction with anything in it': `<?xml version="1.0"?><?xpacket begin="a>b" ?>${PLAIN}`,
    'behind a long comment': `<?xml version="1.0"?><!--${'x'.repeat(90_000)}-->${PLAIN}`,
    'behind a long document type': `<!DOCTYPE svg [${'<!-- > ] \' -->'.repeat(900)}]>${PLAIN}`,
    'behind a document type with names in quotes': `<!DOCTYPE svg PUBLIC "-//W3C//DTD>" 'x]>.dtd'>${PLAIN}`,
    'with a mark': `\uFEFF${PLAIN}`,
    'in UTF-16 with a mark': utf16(`\uFEFF${PLAIN}`),
    'in UTF-16, the other way': utf16(`\uFEFF${PLAIN}`, true),
    'in UTF-16 without a mark': utf16(PLAIN),
    'in UTF-16 without a mark, the other way': utf16(PLAIN, true),
    packed: gzipSync(PLAIN),
    'packed, with a long comment in UTF-16': gzipSync(utf16(`\uFEFF<!--${'x'.repeat(9000)}-->${PLAIN}`)),
  };
  for (const [what, file] of Object.entries(files)) test(what, async () => assert.equal(await read(file), PLAIN));
  test('in the encoding that it declares', async () => {
    const declared = '<?xml version="1.0" encoding="ISO-8859-1"?>';
    assert.equal(await read(Buffer.from(`${declared}<svg ${XMLNS}>é</svg>`, 'latin1')), `<svg ${XMLNS}>é</svg>`);
    assert.equal(await read(`<?xml version="1.0" encoding="x-none"?><svg ${XMLNS}>é</svg>`), `<svg ${XMLNS}>é</svg>`);
  });
});

describe('what a drawing leaves out is put in', () => {
  const cases = [
    [`<svg width="9">${CIRCLE}`, `<svg width="9" ${XMLNS}>${CIRCLE}`],
    [`<svg>${CIRCLE}`, `<svg ${XMLNS}>${CIRCLE}`],
    ['<svg/>', `<svg ${XMLNS}/>`],
    [`<svg viewBox="0 0 9 9" data-a='>'>${CIRCLE}`, `<svg viewBox="0 0 9 9" data-a='>' ${XMLNS}>${CIRCLE}`],
    ['<s:svg><s:g/></s:svg>', '<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:g/></s:svg>'],
    [`<svg ${XMLNS}><use xlink:href="#a"/></svg>`, `<svg ${XMLNS} ${XLINK}><use xlink:href="#a"/></svg>`],
    [`<svg ${XMLNS} ${XLINK}><use xlink:href="#a"/></svg>`, `<svg ${XMLNS} ${XLINK}><use xlink:href="#a"/></svg>`],
    [`<svg xmlns="https://www.w3.org/2000/svg">${CIRCLE}`, `<svg ${XMLNS}>${CIRCLE}`],
    [`<svg xmlns="urn:another">${CIRCLE}`, `<svg xmlns="urn:another">${CIRCLE}`],
    ['<!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg"><!ENTITY red \'#c33\'>]><svg xmlns="&ns;" fill="&red;">&lt;&none;</svg>', `<svg ${XMLNS} fill="#c33">&lt;&none;</svg>`],
  ];
  for (const [file, expected] of cases) test(file.slice(0, 70), async () => assert.equal(await read(file), expected));
});

describe('what is no drawing, or too much of one', () => {
  const fails = (file, type, variant) => assert.rejects(read(file), ({ code, details }) => code === 'unsupported-image' && details.type === type && details.variant === variant);
  test('packed files of other kinds', () => Promise.all([gzipSync('a text'), gzipSync(''), [0x1f, 0x8b, 8, 0, 1]].map((file) => fails(file, 'gzip', undefined))));
  test('other markup', () => Promise.all(['<?xml version="1.0"?><feed/>', `<!-- ${'x'.repeat(9000)} --><feed/>`, `<!-- ${'x'.repeat(9000)}`, '<'].map((file) => fails(file, null, undefined))));
  test('one that is gigabytes once it is unpacked', () => fails(gzipSync(Buffer.concat([Buffer.from(`<svg ${XMLNS}>`), Buffer.alloc(60_000_000, 0x20)])), 'SVG', 'very-large'));
  test('one whose entities would be', async () => {
    const lines = '<!ENTITY a "&b;&b;&b;&b;"><!ENTITY b "&c;&c;&c;&c;"><!ENTITY c "ha">';
    assert.equal(await read(`<!DOCTYPE svg [${lines}]><svg ${XMLNS}>&a;</svg>`), `<svg ${XMLNS}>&b;&b;&b;&b;</svg>`);
    await fails(`<!DOCTYPE svg [<!ENTITY a "${'ha'.repeat(50_000)}">]><svg ${XMLNS}>${'&a;'.repeat(1000)}</svg>`, 'SVG', 'very-large');
  });
  test('one that is cut, and packed, is left to the parser', async () => {
    const packed = gzipSync(`${PLAIN}${' '.repeat(3000)}${Array.from({ length: 4000 }, (_, i) => (i * i) % 977).join()}`);
    assert.ok((await read(packed.subarray(0, packed.length - 900))).startsWith(PLAIN));
  });
});

test('whatever markup it is, its root is found in no time, or nothing is', () => {
  const pieces = fc.array(fc.constantFrom('<?', '?>', '<!--', '-->', '<!DOCTYPE', '[', ']', '"', "'", '>', ' ', 'svg', '<svg', '\uFEFF'), { maxLength: 60 });
  fc.assert(fc.property(pieces, (parts) => assert.ok(rootAt(parts.join('')) <= parts.join('').length)));
  const started = performance.now();
  for (const part of ['<!--', '<?', '<!DOCTYPE [', '<!DOCTYPE "', "<!DOCTYPE '[", ' ', '<svg a', '\uFEFF']) rootAt(part.repeat(60_000));
  assert.ok(performance.now() - started < 3000);
});

test('nothing but typed errors', () =>
  fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.constantFrom([], [0x1f, 0x8b, 8], [...Buffer.from('<svg ')], [...Buffer.from('<!DOCTYPE ')]), async (bytes, start) => {
      await read(Uint8Array.from([...start, ...bytes])).catch((thrown) => assert.ok(thrown instanceof MatteboxError, String(thrown.stack)));
    }),
    { numRuns: 500 },
  ));
