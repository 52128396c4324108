/** The editor by its keys, wherever in it the focus is. */
import { commandOf, takesText } from './keys.js';

/** @param {HTMLDialogElement} dialog @param {Element} target @returns {boolean} keys are for the editor: the help lies over it and has its own */
const isMeant = (dialog, target) => dialog.open && !takesText(target) && (target === document.body || target.closest('dialog') === dialog);

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} stage
 * @param {object} hooks
 * @param {(command: import('./keys.js').Command) => boolean} hooks.onCommand true where it meant something
 * @param {(event: KeyboardEvent) => boolean} hooks.onStageKey the same, of any other key while the stage has the focus
 * @param {(isHeld: boolean) => void} hooks.onSpace
 * @param {(isHeld: boolean) => void} hooks.onOriginal
 * @param {() => void} hooks.onEscape
 */
export function armKeyboard(dialog, stage, { onCommand, onStageKey, onSpace, onOriginal, onEscape }) {
  let isSpaceHeld = false;
  const letGo = () => {
    if (isSpaceHeld) onSpace(false);
    isSpaceHeld = false;
    onOriginal(false);
  };
  // On the whole page: what had the focus may have been hidden by a turn of the phone.
  document.addEventListener('keydown', (event) => {
    const { target, key, repeat } = event;
    if (!(target instanceof Element) || !isMeant(dialog, target)) return;
    if (key === ' ' && !target.closest('button, input[type="checkbox"]')) {
      event.preventDefault();
      if (!isSpaceHeld) onSpace(true);
      isSpaceHeld = true;
      return;
    }
    // A range has its own use for these.
    if (target instanceof HTMLInputElement && target.type === 'range' && /^(?:Page|Home|End|Arrow)/u.test(key)) return;
    const command = commandOf(event);
    if (command === 'original') {
      if (!repeat) onOriginal(true);
      event.preventDefault();
    } else if (command ? onCommand(command) : target === stage && onStageKey(event)) {
      event.preventDefault();
    }
  });
  document.addEventListener('keyup', ({ key }) => {
    if (key === ' ' && isSpaceHeld) {
      isSpaceHeld = false;
      onSpace(false);
    }
    if (key.toLowerCase() === 'o' && dialog.open) onOriginal(false);
  });
  // A key that is let go elsewhere is not told here.
  addEventListener('blur', letGo);
  dialog.addEventListener('close', letGo);
  dialog.addEventListener('cancel', (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    onEscape();
  });
}
