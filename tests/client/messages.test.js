import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';

import { PRESETS } from '../../client/finish/presets.js';
import ENGLISH, { PARTS } from '../../client/messages/en.js';
import seam from '../../client/messages/en/seam.js';
import { LANGUAGES, partsOf, pickLanguage, PSEUDO, recallLanguage, rememberLanguage } from '../../client/messages/languages.js';
import { extend, fill, number, ofCatalog, speak, speakEnglish, withWords } from '../../client/messages/index.js';
import { t as tLater } from '../../client/messages/later.js';
import { t } from '../../client/messages/work.js';
import { formatBytes, formatList } from '../../client/messages/format.js';
import { ERROR_CODES } from '../../client/shared/errors.js';
import { modules, scan, scanModule } from './message-scan.js';

const patternsOf = (message) => (typeof message === 'string' ? [message] : Object.values(message));
const namesIn = (pattern) => [...pattern.matchAll(/\{([\w-]+)\}/gu)].map(([, name]) => name);
const namesOf = (message) => new Set([...patternsOf(message).flatMap(namesIn), ...(typeof message === 'string' ? [] : ['count'])]);

const html = readFileSync(new URL('../../client/index.html', import.meta.url), 'utf8');
const document = await (async () => {
  const source = { data: html, filename: 'index.html', line: 1, column: 1, offset: 0 };
  const parser = await new HtmlValidate(new StaticConfigLoader([], { root: true, elements: ['html5'] })).getParserFor(source);
  return parser.parseHtml(source);
})();
const ATTRIBUTES = ['aria-label', 'placeholder', 'title', 'content', 'alt', 'label'];
const elements = document.querySelectorAll('*');
const textOf = (element) => element.childNodes.filter(({ nodeName }) => nodeName === '#text').map(({ textContent }) => textContent.replace(/\{%.*?%\}/gsu, '').trim()).filter(Boolean).join(' ');
const attribute = (element, name) => element.getAttributeValue(name);

describe('English', () => {
  test('says nothing in two places', () => {
    assert.equal(Object.keys(ENGLISH).length, Object.values(PARTS).map((part) => Object.keys(part).length).reduce((a, b) => a + b));
    assert.deepEqual(Object.keys(seam).filter((key) => key in ENGLISH), []);
  });
  for (const [key, message] of Object.entries({ ...ENGLISH, ...seam })) {
    if (key.startsWith('catalog.')) continue;
    test(key, () => {
      for (const pattern of patternsOf(message)) {
        assert.equal(pattern, pattern.trim(), 'a space at an end is where something is glued');
        assert.doesNotMatch(pattern, /^[,;:.)]|[,(]$/u, 'a piece of a sentence');
        if (/\.$/u.test(pattern)) assert.match(pattern, /^[\p{Lu}\p{N}{“]/u, 'a sentence begins with a capital');
        assert.doesNotMatch(pattern, /\{[^}]*[^\w}-]|\}\}|\{\{/u, 'a parameter is a name in braces');
      }
    });
  }
});

describe('a language', () => {
  for (const tag of [...Object.keys(LANGUAGES), ...Object.keys(PSEUDO)]) {
    const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    for (const [name, english] of Object.entries(PARTS)) {
      test(`${tag} has every message of ${name}, with the same parameters, in each of its plural forms`, async () => {
        const messages = await partsOf(tag)(name);
        assert.deepEqual(Object.keys(english).filter((key) => !(key in messages)), [], 'missing');
        assert.deepEqual(Object.keys(messages).filter((key) => !(key in english)), [], 'no longer said');
        for (const [key, message] of Object.entries(messages)) {
          const countless = new Set([...namesOf(english[key])].filter((one) => one !== 'count'));
          if (typeof message === 'string') {
            assert.deepEqual(new Set(namesIn(message)), namesOf(english[key]), key);
            assert.equal(typeof english[key], 'string', `${key} counts`);
            continue;
          }
          const needed = tag in PSEUDO ? ['one', 'other'] : categories;
          assert.deepEqual(Object.keys(message).toSorted(), needed.toSorted(), `plural forms of ${key}`);
          assert.ok(namesIn(message.other).includes('count') === patternsOf(english[key]).some((pattern) => namesIn(pattern).includes('count')), key);
          // "One photo", "two photos" are words in many languages: there the number itself may be left out.
          for (const pattern of Object.values(message)) assert.deepEqual(new Set([...namesIn(pattern)].filter((one) => one !== 'count')), countless, key);
        }
      });
      test(`${tag} is written with care: ${name}`, async () => {
        const messages = await partsOf(tag)(name);
        for (const [key, message] of Object.entries(messages)) {
          for (const pattern of patternsOf(message)) {
            assert.equal(pattern, pattern.trim(), key);
            assert.notEqual(pattern, '', key);
            assert.doesNotMatch(pattern, /\{[^}]*[^\w}-]|\}\}|\{\{/u, `${key}: a parameter is a name in braces`);
            assert.doesNotMatch(pattern, /[<>]| {2}/u, key);
          }
        }
      });
    }
  }
  test('says something else than English', async () => {
    for (const tag of Object.keys(LANGUAGES).filter((one) => one !== 'en')) {
      for (const [name, english] of Object.entries(PARTS)) {
        const messages = await partsOf(tag)(name);
        const sentences = Object.keys(english).filter((key) => (patternsOf(english[key])[0].replace(/\{[^}]*\}/gu, '').match(/\p{L}{3,}/gu) ?? []).length > 3);
        assert.deepEqual(sentences.filter((key) => patternsOf(messages[key])[0] === patternsOf(english[key])[0]), [], tag);
      }
    }
  });
  test('says of our models what the catalog says, and leaves those of an operator alone', async () => {
    const catalog = readFileSync(new URL('../../model_store/catalog.toml', import.meta.url), 'utf8');
    const said = [...catalog.matchAll(/^(?:title|summary) = "([^"]+)"/gmu)].map(([, words]) => words);
    assert.deepEqual(Object.keys(PARTS.models).toSorted(), [...new Set(said)].map((words) => `catalog.${words}`).toSorted());
    for (const [key, words] of Object.entries(PARTS.models)) assert.equal(key, `catalog.${words}`);
    assert.equal(ofCatalog('IS-Net, light'), 'IS-Net, light');
    try {
      speak('xx', { 'catalog.IS-Net, light': 'x' });
      assert.deepEqual([ofCatalog('IS-Net, light'), ofCatalog('Our own')], ['x', 'Our own']);
    } finally {
      speakEnglish();
    }
  });
  test('brings what is said later, and English where that cannot be had', async () => {
    const table = { 'fact.yes': 'ja' };
    try {
      speak('de', {}, (part) => (part === 'later' ? Promise.resolve(table) : Promise.reject(new Error('no network'))));
      const loading = (async () => {
        for (const part of ['later', 'review']) extend(part, PARTS[part]);
        return 'a module';
      })();
      assert.equal(await withWords(loading), 'a module');
      assert.deepEqual([tLater('fact.yes'), tLater('fact.no')], ['ja', 'no']);
    } finally {
      speakEnglish();
    }
    extend('later', PARTS.later);
    assert.equal(tLater('fact.yes'), 'yes');
  });
  test('is the one the address asks for, else the best that the person prefers', () => {
    assert.equal(pickLanguage('en-XA', null, ['en']), 'en-XA');
    assert.equal(pickLanguage('xx', null, ['en-GB']), 'en');
    assert.equal(pickLanguage('constructor', null, []), 'en');
    assert.equal(pickLanguage(null, null, ['tlh', 'en-AU']), 'en');
    assert.equal(pickLanguage(null, null, ['en-XA']), 'en', 'nobody prefers what nobody speaks');
    assert.equal(pickLanguage(null, null, []), 'en');
    assert.equal(pickLanguage(null, null, ['de-CH', 'en']), 'de');
    assert.equal(pickLanguage('fr', 'de', ['en']), 'fr');
    assert.equal(pickLanguage(null, 'ja', ['de']), 'ja');
    assert.equal(pickLanguage('pt', null, []), 'pt-BR');
    assert.equal(pickLanguage(null, null, ['pt-PT', 'en']), 'pt-BR');
    assert.deepEqual(['zh-CN', 'zh-SG', 'zh'].map((tag) => pickLanguage(null, null, [tag])), ['zh-Hans', 'zh-Hans', 'zh-Hans']);
    assert.equal(pickLanguage(null, null, ['zh-TW', 'ja']), 'ja', 'other characters are no choice of ours');
  });
  test('is remembered, where it is one', () => {
    const kept = new Map();
    const open = () => ({ getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value), removeItem: (key) => void kept.delete(key) });
    assert.equal(recallLanguage(open), null);
    assert.ok(rememberLanguage('ar', open));
    assert.equal(recallLanguage(open), 'ar');
    rememberLanguage('toString', open);
    assert.equal(recallLanguage(open), null);
  });
  test('is spoken as a whole: words, numbers and lists', () => {
    try {
      speak('de', { ...ENGLISH, 'jobs.all': { one: '{count} Foto', other: '{count} Fotos' }, 'unit.megabytes': '{value} MB' });
      assert.deepEqual([t('jobs.all', { count: 1 }), t('jobs.all', { count: 1200 })], ['1 Foto', '1.200 Fotos']);
      assert.equal(formatBytes(2_674_080), '2,67\u00a0MB');
      assert.equal(formatList(['a', 'b', 'c']), 'a, b und c');
      speak('ar', {});
      assert.equal(t('notice.close'), 'Close', 'English where it has no message');
      assert.equal(tLater('fact.yes'), 'yes');
    } finally {
      speakEnglish();
    }
  });
  test('is written by hand where it is English, as Intl would', () => {
    fc.assert(fc.property(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -999_999, max: 999_999 }).map((value) => value / 1000)), (value) => {
      assert.equal(number(value), new Intl.NumberFormat('en-GB').format(value));
    }));
    fc.assert(fc.property(fc.nat(), (value) => assert.equal(number(value / 4, 2), new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2 }).format(value / 4))));
    fc.assert(fc.property(fc.array(fc.string(), { maxLength: 5 }), (items) => {
      assert.equal(formatList(items, 'unit'), new Intl.ListFormat('en-GB', { type: 'unit', style: 'short' }).format(items));
    }));
    for (const count of [0, 1, 2, 1.5, 1000]) assert.equal(fill({ one: 'one', other: 'other' }, { count }), new Intl.PluralRules('en-GB').select(count));
  });
  test('chooses the form for a number', () => {
    try {
      speak('pl', {});
      const message = { one: '{count} plik', few: '{count} pliki', many: '{count} plików', other: '{count} pliku' };
      assert.deepEqual([1, 3, 5, 1.5].map((count) => fill(message, { count })), ['1 plik', '3 pliki', '5 plików', '1,5 pliku']);
    } finally {
      speakEnglish();
    }
  });
});

describe('index.html', () => {
  for (const element of elements) {
    const key = attribute(element, 'data-message');
    if (key) test(`says what English says: ${key}`, () => assert.equal(textOf(element), ENGLISH[key]));
    for (const name of ATTRIBUTES) {
      const named = attribute(element, `data-message-${name}`);
      if (named) test(`says what English says: ${named}`, () => assert.equal(attribute(element, name), ENGLISH[named]));
    }
  }
  test('says what is there when it is translated', () => {
    const named = elements.flatMap((element) => ['data-message', ...ATTRIBUTES.map((name) => `data-message-${name}`)].map((name) => attribute(element, name))).filter(Boolean);
    assert.deepEqual(named.filter((key) => !(key in PARTS.page) && !(key in PARTS.first)), []);
  });
  test('says nothing else', () => {
    const isFree = (element) => ['script', 'style', 'noscript', 'head', 'title'].includes(element.tagName) || attribute(element, 'translate') === 'no';
    const parts = elements.filter((element) => !isFree(element) && !(element.parent && isFree(element.parent) && element.parent.tagName !== 'head') && !attribute(element, 'data-message') && /\p{L}/u.test(textOf(element)));
    assert.deepEqual(parts.map(textOf), []);
    const read = ['aria-label', 'placeholder', 'alt', 'label'];
    const attributes = elements.flatMap((element) => read.filter((name) => attribute(element, name) && !attribute(element, `data-message-${name}`)).map((name) => attribute(element, name)));
    assert.deepEqual(attributes, []);
  });
});

describe('code', () => {
  const scans = new Map(modules().map((module) => [module, scanModule(module)]));
  test('uses every message', () => {
    const strings = new Set([...scans.values()].flatMap((found) => [...found.strings]));
    const patterns = [...scans.values()].flatMap((found) => found.patterns);
    const inPage = new Set(elements.flatMap((element) => ['data-message', ...ATTRIBUTES.map((name) => `data-message-${name}`)].map((name) => attribute(element, name))));
    const unused = Object.keys({ ...ENGLISH, ...seam }).filter((key) => !key.startsWith('catalog.') && !strings.has(key) && !inPage.has(key) && !patterns.some((pattern) => pattern.test(key)));
    assert.deepEqual(unused, []);
  });
  test('glues none, and makes none before a language is chosen', () => {
    const problems = [...scans].flatMap(([module, found]) => found.problems.map((problem) => `${module}, ${problem}`));
    assert.deepEqual(problems, []);
  });
  for (const [what, code] of Object.entries({
    'put into a string': `const f = (n) => \`\${t("jobs.all", { count: n })}, \${n}\`;`,
    'added to one': 'const f = () => t("a.b") + ".";',
    'chosen and added': 'const f = (x) => "a " + (x ? t("a.b") : "");',
    joined: 'const f = () => [t("a.b"), t("a.c")].join(" ");',
    'put into another': 'const f = () => t("a.b", { what: t("a.c") });',
    'made too soon': 'const words = t("a.b");',
    'not to be looked up': 'const f = (key) => t(key);',
  })) test(`a message is found that is ${what}`, () => assert.notEqual(scan(code).problems.length, 0));
  test('and nothing is found in a plain one', () => {
    assert.deepEqual(scan(`class A { #a = t("a.b"); b(x) { return say(t(x ? "a.b" : \`a.\${x}\`, { name: x }), x && t("a.c")); } }`).problems, []);
  });
});

describe('every code has its message', () => {
  const CODES = {
    error: ERROR_CODES,
    'error.bad-option': ['loading', 'shows-nothing', 'no-frame', 'no-pixels', 'too-many-pixels', 'other-site', 'unreadable', 'transferred', 'read-already', 'not-for-pages', 'status'],
    size: ['original', 'custom', ...PRESETS.map(({ id }) => id)],
    note: ['incomplete', 'first-of-many', 'camera-preview', 'tone-mapped', 'colours-unconverted', 'already-cut-out', 'nothing-found'],
    'job.state': ['queued', 'loading', 'decoding', 'running', 'encoding', 'finishing', 'failed', 'cancelled'],
    stage: ['judge', 'download', 'create', 'canary', 'decode', 'pre', 'run', 'post', 'encode'],
    'run.why': [
      'hardware-adapter', 'fallback-adapter', 'software-adapter', 'slow-adapter', 'no-webgpu', 'no-adapter', 'adapter-failed', 'adapter-timeout', 'missing-feature',
      'limit-too-low', 'nonsense-limits', 'probe-failed', 'probe-timeout', 'probe-wrong', 'only-backend', 'requested', 'backend-not-offered', 'learned-slower',
      'learned-faster', 'failed-before',
    ],
  };
  for (const [prefix, codes] of Object.entries(CODES)) {
    for (const code of codes) test(`${prefix}.${code}`, () => assert.ok(`${prefix}.${code}` in ENGLISH || `${prefix}.${code}` in seam));
  }
});
