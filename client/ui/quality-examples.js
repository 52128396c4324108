/**
 * An edge as each quality draws it: the same part of one photo. Loaded when the choice is first open, as a module: a page that opens no connections
 * loads nothing else.
 */
import { lookUp } from '../messages/index.js';
import '../messages/later.js';
import { element } from './element.js';
import pictures from './quality-pictures.js';

/** CSS pixels; the pictures have twice as many. */
const [WIDTH, HEIGHT] = [256, 128];

/** @param {keyof typeof pictures} quality @returns {HTMLElement} */
export const exampleOf = (quality) => element('img', { class: 'model-example', alt: lookUp(`model.example.${quality}`), src: `data:image/webp;base64,${pictures[quality]}`, width: WIDTH, height: HEIGHT });
