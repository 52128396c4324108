/**
 * @param {{ role: string }} part of a composite
 * @returns {boolean} whether it is the one by which a photo can be shown first: it is small, and misses nothing large
 */
export const isFirst = ({ role }) => role === 'presence';
