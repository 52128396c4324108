/** How each language is written: its punctuation, its spaces, its shares. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PARTS } from '../../client/messages/en.js';
import { LANGUAGES, partsOf } from '../../client/messages/languages.js';

const patternsOf = (message) => (typeof message === 'string' ? [message] : Object.values(message));

/** What nobody writes so in this language. @type {Record<string, RegExp>} */
const MISWRITTEN = {
  ar: /[\u0600-\u06ff] ?[?,;]/u,
  es: /(?:^|[.!?;:] )[^¿.!?]*\?|(?:^|[.!?;:] )[^¡.!?]*!/u,
  fr: / [;:?!%»]|« |[^\s\u00a0\u202f'][;?!»%]|[^\s\u00a0\u202f'/\d{}]:(?!\d)/u,
  ja: /[\u3040-\u30ff\u4e00-\u9fff}）」][,.;:?!](?:\s|$)|[(][^)]*[\u3040-\u30ff\u4e00-\u9fff]/u,
  'zh-Hans': /[\u4e00-\u9fff}）”][,.;:?!](?:\s|$)|[(][^)]*[\u4e00-\u9fff]/u,
};
for (const [tag, wrong] of Object.entries(MISWRITTEN)) {
  test(`${tag} has its own punctuation and spaces`, async () => {
    for (const name of Object.keys(PARTS)) {
      for (const [key, message] of Object.entries(await partsOf(tag)(name))) {
        if (key.startsWith('unit.') || key.startsWith('list.')) continue;
        for (const pattern of patternsOf(message)) assert.doesNotMatch(pattern, wrong, key);
      }
    }
  });
}
test('a language has one way to write what goes on, and what is a share', async () => {
  for (const tag of Object.keys(LANGUAGES)) {
    const all = (await Promise.all(Object.keys(PARTS).map((name) => partsOf(tag)(name)))).flatMap((messages) => Object.entries(messages));
    const share = new Intl.NumberFormat(tag, { style: 'percent' }).format(0.85).replaceAll(/[\u200e\u200f]/gu, '');
    const between = share.slice(2, -1).replaceAll('\u202f', '\u00a0');
    for (const [key, message] of all) {
      for (const pattern of patternsOf(message)) {
        if (pattern.endsWith('…')) assert.equal(/[\s\u00a0]…$/u.test(pattern), tag === 'de', `${tag}, ${key}`);
        for (const [, space] of pattern.matchAll(/[\d}]([\s\u00a0\u202f]?)%/gu)) assert.equal(space.replaceAll('\u202f', '\u00a0'), between, `${tag}, ${key}`);
      }
    }
  }
});
