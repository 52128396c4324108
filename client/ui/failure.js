import { errorWords } from '../messages/errors.js';
import { MatteboxError } from '../shared/errors.js';
import { part, setText, stamp } from './dom.js';

/**
 * What happened, what to do, and in small print what a report needs. `role="alert"` makes it heard.
 * @param {unknown} thrown
 * @returns {HTMLElement}
 */
export function failure(thrown) {
  const error = MatteboxError.from(thrown);
  const element = stamp('failure-template');
  const { what, advice } = errorWords(error);
  setText(part(element, 'what', HTMLElement), what);
  setText(part(element, 'advice', HTMLElement), advice);
  setText(part(element, 'code', HTMLElement), error.code);
  setText(part(element, 'details', HTMLElement), JSON.stringify(error.details, null, 2));
  return element;
}
