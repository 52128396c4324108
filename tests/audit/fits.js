// What a person would stumble over in the page as it stands: text that is cut off, what reaches out of the window, controls that lie on
// each other, and words in Latin letters where the language has others. Argument: names that are written so in every language.
const [names] = arguments;
const known = new Set(names);
const shown = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body;
const root = document.documentElement;
const found = [];
const CONTROLS = 'button, a[href], select, summary, textarea, label.chip, input:not([type=file], [type=radio], [type=checkbox])';

const nameOf = (element) => `${element.localName}${element.className ? `.${String(element.className.baseVal ?? element.className).trim().replaceAll(/\s+/gu, '.')}` : ''}${element.dataset?.part ? `[${element.dataset.part}]` : ''}`;
const tell = (what, element, text = '') => found.push(`${what}: ${nameOf(element.parentElement ?? element)} > ${nameOf(element)} ${JSON.stringify(text.trim().slice(0, 80))}`);
const isSeen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
/** Only for those who hear the page, or not before it is asked for. */
const isHeardOnly = (element) => { for (let up = element; up; up = up.parentElement) { if (/inset\((?:50|100)%\)/u.test(getComputedStyle(up).clipPath)) return true; const { width, height } = up.getBoundingClientRect(); if ((width <= 1 || height <= 1) && getComputedStyle(up).position === 'absolute') return true; } return false; };
const isFixed = (element) => { for (let up = element; up && up !== shown; up = up.parentElement) if (/fixed|sticky/u.test(getComputedStyle(up).position)) return up; return null; };
/** A name may be cut, and a summary of what stands in full behind it. */
const isName = (element) => element.closest('[translate=no], pre, code, [data-part=panel-summary]') !== null;

/** How far a box is cut by what lies around it, in CSS pixels; what can be scrolled to is not cut. */
function cutOff(box, element) {
  for (let up = element; up && up !== root; up = up.parentElement) {
    const style = getComputedStyle(up);
    const edge = up.getBoundingClientRect();
    if (/hidden|clip/u.test(style.overflowX) && Math.max(box.right - edge.right, edge.left - box.left) > 1.5) return up;
    if (/hidden|clip/u.test(style.overflowY) && Math.max(box.bottom - edge.bottom, edge.top - box.top) > 3) return up;
    if (/auto|scroll/u.test(style.overflowX + style.overflowY)) return null;
    if (style.position === 'fixed') return null;
  }
  return null;
}

const scrolls = (element) => { for (let up = element.parentElement; up && up !== root; up = up.parentElement) if (/auto|scroll/u.test(getComputedStyle(up).overflowX) && up.scrollWidth > up.clientWidth + 1) return true; return false; };

if (root.scrollWidth > root.clientWidth + 1) found.push(`the page is ${root.scrollWidth} wide in a window of ${root.clientWidth}`);
const elements = [...shown.querySelectorAll('*')].filter((element) => isSeen(element) && !element.closest('svg, script, style, noscript'));
for (const element of elements) {
  if (isHeardOnly(element)) continue;
  for (const node of element.childNodes) {
    if (!(node instanceof Text) || node.data.trim() === '' || element.localName === 'option') continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 1) continue;
      if (!isName(element) && !scrolls(element) && (box.right > root.clientWidth + 1 || box.left < -1)) { tell('out of the window', element, node.data); break; }
      const by = isName(element) ? null : cutOff(box, element);
      if (by) { tell(`cut off by ${nameOf(by)}`, element, node.data); break; }
      const control = element.closest('button, .chip, summary');
      const edge = control?.getBoundingClientRect();
      if (edge && !isName(element) && (box.right > edge.right + 1 || box.left < edge.left - 1 || box.bottom > edge.bottom + 4)) { tell('out of its control', element, node.data); break; }
    }
  }
  const words = element.selectedOptions?.[0]?.text ?? element.placeholder ?? '';
  if (words !== '') {
    const style = getComputedStyle(element);
    const pen = document.createElement('canvas').getContext('2d');
    pen.font = style.font;
    const room = element.clientWidth - Number.parseFloat(style.paddingInlineStart) - Number.parseFloat(style.paddingInlineEnd);
    const needed = pen.measureText(words).width;
    if (needed > room + 1) tell(`${Math.round(needed)} px of words in ${Math.round(room)} px`, element, words);
  }
}

const controls = elements.filter((element) => element.matches(CONTROLS) && !isHeardOnly(element)).map((element) => ({ element, box: element.getBoundingClientRect(), layer: isFixed(element) })).filter(({ box }) => box.width > 1 && box.height > 1);
for (const [index, one] of controls.entries()) {
  for (const other of controls.slice(index + 1)) {
    if (one.layer !== other.layer || one.element.contains(other.element) || other.element.contains(one.element)) continue;
    const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
    const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
    if (across > 2 && down > 2) tell(`on ${nameOf(other.element)} by ${Math.round(across)} × ${Math.round(down)}`, one.element, one.element.textContent);
  }
}

if (/^(?:ar|ja|zh)/u.test(root.lang) && root.lang !== 'ar-XB') {
  const READ = ['aria-label', 'aria-valuetext', 'alt', 'placeholder', 'title'];
  const english = (text) => text.split(/[^A-Za-z0-9._²-]+/u).map((word) => word.replaceAll(/^[.-]+|[.-]+$/gu, '')).filter((word) => /[A-Za-z]{3}/u.test(word) && !known.has(word) && !/\.(?:wasm|onnx|png|jpg|mjs)$|^[0-9a-f]{20}$/u.test(word));
  for (const element of elements) {
    if (isName(element) || element.closest('#language')) continue;
    const own = [...element.childNodes].filter((node) => node instanceof Text).map(({ data }) => data);
    for (const text of [...own, ...READ.map((name) => element.getAttribute(name) ?? '')]) if (english(text).length > 0) tell(`not translated, ${english(text).join(' ')}`, element, text);
  }
}
return [...new Set(found)];
