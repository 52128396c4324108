/**
 * What a file is, by its first bytes; of what begins as markup does, or is packed, by as many as it takes to find its root.
 *
 * @typedef {import('./sniff.js').Kind} Kind
 */
import { onDemand } from '../../shared/on-demand.js';
import { Bytes } from './bytes.js';
import { sniff, SNIFF_BYTES } from './sniff.js';

const markup = onDemand(() => import('./markup.js'), 'markup.js');
const drawings = onDemand(() => import('./drawing.js'), 'drawing.js');

/** @type {Kind & { isPhoto: true }} */
const DRAWING = Object.freeze({ type: 'SVG', isPhoto: true });

/**
 * @param {Bytes} bytes
 * @param {Uint8Array} start of them, `SNIFF_BYTES` or all
 * @returns {Promise<Kind | null>} null where nothing tells
 * @throws {MatteboxError} `network`, see `onDemand`
 */
export async function kindOf(bytes, start) {
  const known = sniff(start);
  if (known?.isPhoto) return known;
  const { markupKind, mayBeDrawing } = await markup();
  const kind = known ?? markupKind(start);
  if (kind?.isPhoto || !mayBeDrawing(start)) return kind;
  const { isDrawing } = await drawings();
  return (await isDrawing(bytes)) ? DRAWING : kind;
}

/**
 * @param {Blob} file
 * @returns {Promise<Kind | null>} null where nothing tells
 * @throws {unknown} where it cannot be read
 */
export async function kindOfFile(file) {
  const start = new Uint8Array(await file.slice(0, SNIFF_BYTES).arrayBuffer());
  if (start.length > 0) return kindOf(new Bytes(file), start);
  // No part of a file that is gone has a byte, and no error tells; reading all of it does.
  await file.arrayBuffer();
  return { type: 'empty', isPhoto: false };
}
