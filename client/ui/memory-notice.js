import { formatBytes } from '../messages/format.js';
import { t } from '../messages/later.js';

const KEY = 'storage';
/** What a browser lacks altogether has a notice of its own, from the start. */
const CODES = ['storage-full', 'storage-failed'];

/** Says, once for each reason, that a model could not be stored and what is missing for it. */
export class MemoryNotice {
  #notices;
  #onShow;
  #told = '';

  /**
   * @param {import('./notices.js').Notices} notices
   * @param {() => void} onShow opens what is stored
   */
  constructor(notices, onShow) {
    this.#notices = notices;
    this.#onShow = onShow;
  }

  /** @param {import('./model-words.js').StorageTrouble | null} trouble why a model is in memory only, if it is */
  tell(trouble) {
    if (!trouble || !CODES.includes(trouble.code) || trouble.code === this.#told) return;
    this.#told = trouble.code;
    const words = { title: memoryTitle(trouble), body: t('memory.body') };
    this.#notices.show(KEY, 'warning', words, { label: t('memory.show'), act: this.#onShow, isLasting: true });
  }

  /** Room was made: the next download may be stored, or be told of again. */
  clear() {
    this.#told = '';
    this.#notices.hide(KEY);
  }
}

/** @param {import('./model-words.js').StorageTrouble} trouble */
export function memoryTitle({ code, needed, available }) {
  if (code !== 'storage-full') return t('memory.failed');
  if (needed === undefined || typeof available !== 'number') return t('memory.full');
  return t('memory.full.numbers', { needed: formatBytes(needed), available: formatBytes(available) });
}
