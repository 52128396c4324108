/**
 * What stands in index.html, in another language. There each text names its message: `data-message="KEY"` the element's own text,
 * `data-message-ATTRIBUTE="KEY"` an attribute.
 */
import { fill, speak } from './index.js';

const ATTRIBUTES = ['aria-label', 'placeholder', 'title', 'content'];
const SELECTOR = ['data-message', ...ATTRIBUTES.map((name) => `data-message-${name}`)].map((name) => `[${name}]`).join();

/**
 * @param {string} tag BCP 47
 * @param {'ltr' | 'rtl'} direction
 * @param {import('./index.js').Messages} messages
 * @param {(part: string) => Promise<import('./index.js').Messages>} more
 * @param {Document} page
 */
export function translatePage(tag, direction, messages, more, page) {
  speak(tag, messages, more, direction);
  page.documentElement.lang = tag;
  page.documentElement.dir = direction;
  translate(page, messages);
}

/** @param {ParentNode} root @param {import('./index.js').Messages} messages */
function translate(root, messages) {
  for (const element of root.querySelectorAll(SELECTOR)) {
    const own = element.getAttribute('data-message');
    const text = [...element.childNodes].find((node) => node instanceof Text && node.data.trim() !== '');
    if (own !== null && text instanceof Text && own in messages) text.data = fill(messages[own]);
    for (const name of ATTRIBUTES) {
      const key = element.getAttribute(`data-message-${name}`);
      if (key !== null && key in messages) element.setAttribute(name, fill(messages[key]));
    }
  }
  for (const template of root.querySelectorAll('template')) translate(template.content, messages);
}
