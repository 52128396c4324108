/** What the operator of this site has put into the page: sentences by language, and colours. All of it is data (server/branding.py). */
import { language } from '../messages/index.js';

/**
 * @param {string} selector of elements, each with its language, or "" for all others
 * @returns {HTMLElement | null} the one in the language that is spoken
 */
export function ownWords(selector) {
  const all = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]);
  const spoken = language().toLowerCase();
  return [spoken, spoken.split('-')[0], ''].flatMap((tag) => all.find((one) => one.lang.toLowerCase() === tag) ?? [])[0] ?? null;
}

/** What is there without any script is right for most: this puts right the rest. */
export function showBranding() {
  const intro = ownWords('[data-intro]');
  for (const one of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-intro]'))) one.hidden = one !== intro;
  const colours = document.querySelector('meta[name="mattebox-accent"]')?.getAttribute('content')?.split(' ') ?? [];
  if (colours.length !== 6 || !colours.every((one) => /^#[0-9a-f]{6}$/u.test(one))) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:root { ${tokens(colours.slice(0, 3), '#ffffff')} } @media (prefers-color-scheme: dark) { :root { ${tokens(colours.slice(3), '#141613')} } }`);
  document.adoptedStyleSheets.push(sheet);
}

/** @param {string[]} colours accent, strong and soft @param {string} on what is read on the accent */
const tokens = ([accent, strong, soft], on) => `--accent: ${accent}; --accent-strong: ${strong}; --accent-soft: ${soft}; --on-accent: ${on};`;
