/** What people call types of files. */
import { fileType } from '../shared/file-types.js';

/** @param {string} type of a file @returns {string} */
export const formatName = (type) => fileType(type)?.name ?? type.replace('image/', '').toUpperCase();
