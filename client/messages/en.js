/**
 * English, whole: what every other language is measured by. Pages that speak English load its parts, each when it is needed.
 */
import editor from './en/editor.js';
import first from './en/first.js';
import later from './en/later.js';
import page from './en/page.js';
import review from './en/review.js';
import work from './en/work.js';

/** @typedef {Record<keyof typeof ENGLISH, import('./index.js').Message>} Language what the module of a language exports, whole */

const ENGLISH = Object.freeze({ ...page, ...first, ...work, ...later, ...editor, ...review });
export default ENGLISH;
