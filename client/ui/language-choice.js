import { language } from '../messages/index.js';
import { LANGUAGES, rememberLanguage } from '../messages/languages.js';
import { part } from './dom.js';

/** The languages of the page, each by its own name. Another one is spoken by the page that is loaded anew; photos that would be lost hold it. */
export class LanguageChoice {
  #select = part(document, 'language', HTMLSelectElement);

  /** @param {(search: string) => void} [reload] with this query */
  constructor(reload = (search) => location.replace(`${location.pathname}${search}`)) {
    for (const [tag, { name }] of Object.entries(LANGUAGES)) {
      const option = new Option(name, tag);
      option.lang = tag;
      option.translate = false;
      this.#select.append(option);
    }
    const spoken = language().startsWith('en-') ? 'en' : language();
    this.#select.value = spoken;
    this.#select.addEventListener('change', () => {
      const isKept = rememberLanguage(this.#select.value);
      const query = new URLSearchParams(location.search);
      // The address would go before what was chosen; where nothing can be remembered, it has to say it.
      if (isKept) query.delete('lang');
      else query.set('lang', this.#select.value);
      const search = query.size > 0 ? `?${query}` : '';
      if (search === location.search) location.reload();
      else reload(search);
    });
  }
}
