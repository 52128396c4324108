/**
 * What is kept of what came of a photo.
 *
 * @typedef {import('./keeping.js').Result} Result
 * @typedef {import('./keeping.js').Value} Value
 */
import { keptMatte } from '../../document/document.js';

/** @param {Result} result @returns {Promise<NonNullable<Value['result']>>} */
export async function lasting({ file: _, document, ...rest }) {
  // An empty one instead of the file, which is kept beside. The matte as a blob, which comes back unread.
  return { ...rest, document: { ...document, file: new Blob(), matte: await keptMatte(document.matte) } };
}

/** @param {Blob} input @param {Result | Value['result']} result @returns {number} that are kept of a photo: its file, its matte, and the pictures that are shown of it */
export function bytesOf(input, result) {
  const values = result?.document.matte?.values;
  const matte = values instanceof Blob ? values.size : values?.byteLength ?? 0;
  return input.size + matte + (result?.preview.image.size ?? 0) + (result?.original?.size ?? 0);
}
