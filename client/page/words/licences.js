/**
 * Which licences a person accepted: by model and licence, so that another one of the same model is asked for anew. Pure.
 *
 * @typedef {{ id: string, licence: { spdx: string, isRestricted: boolean } }} Licensed
 */

/** @param {Licensed} model */
const nameOf = ({ id, licence: { spdx } }) => `${id} ${spdx}`;

/** @param {unknown} kept whatever lies in the storage @returns {string[]} */
const sound = (kept) => (Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : []);

/** @param {Licensed} model @param {unknown} kept @returns {boolean} its licence forbids no use, or was accepted */
export const isAccepted = (model, kept) => !model.licence.isRestricted || sound(kept).includes(nameOf(model));

/** @param {Licensed} model @param {unknown} kept @returns {string[]} to be kept from now on */
export const acceptedWith = (model, kept) => (model.licence.isRestricted ? [...new Set([...sound(kept), nameOf(model)])] : sound(kept));
