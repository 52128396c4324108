/** Messages of the editor, and those before: to be imported only by modules that are loaded with it. */
import editor from './en/editor.js';
import { extend, lookUp } from './index.js';

extend('editor', editor);

/** @type {import('./index.js').Say<typeof import('./en/first.js').default & typeof editor>} */
export const t = (key, ...params) => lookUp(key, .../** @type {[import('./index.js').Params?]} */ (params));
