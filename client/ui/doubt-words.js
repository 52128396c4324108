import { t } from '../messages/later.js';

/** @param {import('../shared/protocol.js').Doubt} doubt @returns {string} the reason, as a sentence */
export const doubtWords = ({ code }) => t(`doubt.${code}`);
