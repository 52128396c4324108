/**
 * What the page says of its shell, which the service worker keeps on this device: that everything is here, that a new release is.
 *
 * @typedef {import('./state.js').State} State
 * @typedef {(key: string, tone: import('../ui/notices.js').Tone, words: import('../ui/notices.js').Words | null, action: import('../ui/notices.js').Action | null) => void} Tell
 */
import { formatBytes, sentences } from '../messages/format.js';
import { t } from '../messages/later.js';
import { OfflineBadge } from '../ui/offline-badge.js';
import { chosen, offerOf } from './state.js';

export class ShellTold {
  #badge = new OfflineBadge();
  #tell;

  /** @param {Tell} tell shows words in the place of those before, by their key; null takes them back */
  constructor(tell) {
    this.#tell = tell;
  }

  /** @param {State} state */
  show(state) {
    const { shell } = state;
    const isReady = shell?.isWhole === true && shell.missing?.length === 0;
    this.#badge.show(isReady ? chosen(state)?.title ?? null : null);
    this.#showUpdate(state);
  }

  /** @param {State} state */
  #showUpdate(state) {
    const { shell, photos: { isBusy, count } } = state;
    // Of what is here now, so much will have to be downloaded again.
    const again = offerOf(state)?.download === 0 ? (shell?.missing ?? []).reduce((sum, { download }) => sum + download, 0) : 0;
    const words = {
      title: t('update'),
      body: sentences(t(isBusy ? 'update.busy' : 'update.body'), !isBusy && count > 0 && t('update.photos'), again > 0 && t('update.again', { size: formatBytes(again) })),
    };
    const action = isBusy ? null : { label: t('update.now'), act: () => location.reload(), isLasting: true };
    this.#tell('update', 'quiet', shell?.isOther ? words : null, action);
  }
}
