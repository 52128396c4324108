/** Messages of what is loaded later, and all others: to be imported only by modules that are. */
import later from './en/later.js';
import { extend, lookUp } from './index.js';
import './work.js';

extend('later', later);

/** @type {import('./index.js').Say<typeof import('./en/first.js').default & typeof import('./en/work.js').default & typeof later>} */
export const t = (key, ...params) => lookUp(key, .../** @type {[import('./index.js').Params?]} */ (params));
