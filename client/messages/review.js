/** Messages of the large view, and those before: to be imported only by modules that are loaded with it. */
import { extend, lookUp } from './index.js';
import review from './en/review.js';

extend('review', review);

/** @type {import('./index.js').Say<typeof import('./en/first.js').default & typeof review>} */
export const t = (key, ...params) => lookUp(key, .../** @type {[import('./index.js').Params?]} */ (params));
