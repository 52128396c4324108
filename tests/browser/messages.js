// What is read on the page and is no message of the pseudo-locale: messages stand in ⟦ ⟧, names are marked `translate="no"` or given.
// Argument: names that are no words of ours.
const [names] = arguments;
const known = new Set(names);
const READ = ['aria-label', 'aria-valuetext', 'alt', 'placeholder', 'title'];

/** What is left of a text without its messages. */
const rest = (text) => {
  let depth = 0;
  let left = '';
  for (const character of text) {
    if (character === '⟦') depth += 1;
    if (depth === 0) left += character;
    if (character === '⟧') depth -= 1;
  }
  return left;
};
const english = (text) => rest(text).split(/[^\p{L}\p{N}._-]+/u).filter((word) => /\p{L}{2}/u.test(word) && !known.has(word) && !/\.(?:wasm|onnx|png)$/u.test(word));
const isName = (element) => element.closest('[translate=no], script, style, noscript, pre, code') !== null;
const isSeen = (element) => element.closest('option') !== null || element.checkVisibility();

const found = [];
for (const element of document.querySelectorAll('body, body *')) {
  if (isName(element) || !isSeen(element)) continue;
  const own = [...element.childNodes].filter((node) => node instanceof Text).map(({ data }) => data);
  const attributes = READ.map((name) => element.getAttribute(name) ?? '');
  for (const text of [...own, ...attributes]) if (english(text).length > 0) found.push(`${element.localName}.${element.className}: ${text.trim()}`);
}
return [...new Set(found)];
