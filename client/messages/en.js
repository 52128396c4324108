/**
 * English, whole: what every other language is measured by. Pages load its parts, each when it is needed.
 */
import editor from './en/editor.js';
import first from './en/first.js';
import later from './en/later.js';
import models from './en/models.js';
import page from './en/page.js';
import review from './en/review.js';
import words from './en/words.js';
import work from './en/work.js';

/** By the names of their files, which every language has. */
export const PARTS = Object.freeze({ page, first, work, later, editor, review, words, models });
export default Object.freeze({ ...page, ...first, ...work, ...later, ...editor, ...review, ...words, ...models });
