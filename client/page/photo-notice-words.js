/** The words of what is said of photos as a whole (photo-notices.js). */
import { t } from '../messages/later.js';

/** @typedef {import('../ui/notices.js').Words} Words */

/** @param {number} count @returns {Words} */
export const unsaved = (count) => ({ title: t('unsaved', { count }), body: t('unsaved.body', { count }) });

/** @param {'none' | 'sheet'} why @returns {Words} */
export const idPhotos = (why) => (why === 'none' ? { title: t('id.none'), body: t('id.none.body') } : { title: t('id.sheet.failed'), body: t('id.sheet.failed.body') });

/** @param {'zip' | 'folder'} what @returns {Words} */
export const notSaved = (what) => ({ title: t(`${what}.failed`), body: t(`${what}.failed.body`) });

/** @param {number} count @returns {Words} */
export const filesLeft = (count) => ({ title: t('files-left', { count }), body: t('files-left.body') });
