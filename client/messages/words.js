/** Messages of backgrounds that are made from words, and those before: to be imported only by modules that are loaded with them. */
import words from './en/words.js';
import { extend, lookUp } from './index.js';

extend('words', words);

/** @type {import('./index.js').Say<typeof import('./en/first.js').default & typeof import('./en/work.js').default & typeof words>} */
export const t = (key, ...params) => lookUp(key, .../** @type {[import('./index.js').Params?]} */ (params));
