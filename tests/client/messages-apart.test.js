/** What is fetched of languages: nobody waits for another one's words. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { test } from 'node:test';

import { LANGUAGES } from '../../client/messages/languages.js';
import { modules } from './message-scan.js';

const text = (module) => readFileSync(new URL(`../../client/${module}`, import.meta.url), 'utf8');
/** @param {string} module @returns {string[]} what it imports when it is loaded itself */
const atOnce = (module) => [...text(module).matchAll(/^(?:import|export)\b[^;()]*?['"](\.[^'"]+)['"];/gmsu)].map(([, target]) => posix.normalize(posix.join(posix.dirname(module), target)));
const tags = Object.keys(LANGUAGES).filter((tag) => tag !== 'en');
const isOf = (tag) => (module) => module.startsWith(`messages/${tag}/`);

test('no module imports the words of a language but English', () => {
  const all = modules();
  assert.ok(all.length > 300 && atOnce('main.js').includes('page/app.js'));
  for (const module of all) {
    for (const target of atOnce(module)) assert.ok(!tags.some((tag) => isOf(tag)(target)), `${module} imports ${target}`);
  }
});

test('a language\'s words import nothing, and so bring no other one', () => {
  for (const module of modules().filter((one) => tags.some((tag) => isOf(tag)(one)))) assert.doesNotMatch(text(module), /\bimport\b[\s({]/u, module);
});

const PARTS_LATER = ['editor', 'later', 'review', 'words', 'work'].map((part) => `messages/${part}.js`);

/** @param {string} module @param {Set<string>} [seen] @returns {Set<string>} it, and all that is loaded with it */
function closure(module, seen = new Set()) {
  if (seen.has(module)) return seen;
  seen.add(module);
  for (const target of atOnce(module)) if (!target.startsWith('../') && !target.startsWith('vendor/')) closure(target, seen);
  return seen;
}

test('who loads a module that says something waits for its words', () => {
  let waited = 0;
  for (const module of modules().filter((one) => /^(?:page|ui|editor|review)\//u.test(one))) {
    const code = text(module).replaceAll(/\/\*[\s\S]*?\*\//gu, '');
    for (const [, before, target] of code.matchAll(/(withWords\()?\bimport\('(\.[^']+)'\)/gu)) {
      const path = posix.normalize(posix.join(posix.dirname(module), target));
      if (path.startsWith('../') || path.startsWith('vendor/')) continue;
      const says = [...closure(path)].some((one) => PARTS_LATER.includes(one));
      if (says) assert.ok(before, `${module} loads ${path} and does not wait for its words`);
      waited += before ? 1 : 0;
    }
  }
  assert.ok(waited > 30);
});
