import { part, setText, stamp } from './dom.js';
import { text } from './strings.js';

/** @typedef {import('./strings.js').Offer} Offer */

/** Asks before a large download. After "Not now" it stays, without asking, so that the answer can change. */
export class Consent {
  #root = part(document, 'consent', HTMLElement);
  #onAccept;

  /** @param {() => void} onAccept */
  constructor(onAccept) {
    this.#onAccept = onAccept;
  }

  /**
   * @param {Offer} offer
   * @param {boolean} kept whether the browser can store it
   */
  ask(offer, kept) {
    const panel = stamp('consent-template');
    const title = part(panel, 'title', HTMLElement);
    const body = part(panel, 'body', HTMLElement);
    const accept = part(panel, 'accept', HTMLButtonElement);
    const decline = part(panel, 'decline', HTMLButtonElement);
    setText(title, text.consent.ask(offer));
    setText(body, text.consent.why(offer, kept));
    body.title = text.offer.exact(offer);
    setText(accept, text.consent.accept(offer));
    accept.addEventListener('click', () => {
      this.close();
      this.#onAccept();
    });
    decline.addEventListener('click', () => {
      setText(title, text.consent.declined);
      setText(body, text.consent.waiting);
      decline.hidden = true;
      panel.toggleAttribute('data-declined', true);
      title.focus();
    });
    this.#root.replaceChildren(panel);
    // The heading, not a button: Enter from the file dialog must not answer the question.
    title.focus();
  }

  close() {
    this.#root.replaceChildren();
  }
}
