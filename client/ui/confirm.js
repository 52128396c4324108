import { part, setText } from './dom.js';

/**
 * A button that asks in its place before it acts. The way back gets the focus, so that pressing Enter
 * twice does no harm.
 * @param {HTMLElement} root holds the parts `delete`, `confirm`, `question`, `yes` and `no`
 * @param {() => string} question
 * @param {() => void} act
 * @returns {{ reset: () => void }} puts the button back without a word
 */
export function armConfirm(root, question, act) {
  const first = part(root, 'delete', HTMLButtonElement);
  const confirm = part(root, 'confirm', HTMLElement);
  const yes = part(root, 'yes', HTMLButtonElement);
  const no = part(root, 'no', HTMLButtonElement);
  /** @param {boolean} isAsking */
  const show = (isAsking) => {
    confirm.hidden = !isAsking;
    first.hidden = isAsking;
  };
  first.addEventListener('click', () => {
    setText(part(root, 'question', HTMLElement), question());
    show(true);
    no.focus();
  });
  no.addEventListener('click', () => {
    show(false);
    first.focus();
  });
  yes.addEventListener('click', () => {
    yes.disabled = true;
    no.disabled = true;
    act();
  });
  return {
    reset: () => {
      yes.disabled = false;
      no.disabled = false;
      show(false);
    },
  };
}
