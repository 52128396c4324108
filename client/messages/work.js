/** Messages from the first photo on, and those before: to be imported only by modules that are loaded then. */
import work from './en/work.js';
import { extend, lookUp } from './index.js';

extend('work', work);

/** @type {import('./index.js').Say<typeof import('./en/first.js').default & typeof work>} */
export const t = (key, ...params) => lookUp(key, .../** @type {[import('./index.js').Params?]} */ (params));
