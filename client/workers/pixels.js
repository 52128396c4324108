/**
 * The worker that finishes photos whose matte is known. It holds no model, and works beside the one that cuts out; it is of the same
 * realm, the inference realm: it sees pixels and may open no connection.
 *
 * It holds what previews of the latest documents are made of; all of it can be made again.
 */
import { serve } from '../shared/channel.js';
import { decodeBackdrop, fileOf } from '../document/derive/file.js';
import { Held } from '../document/derive/held.js';
import { openPhoto, originalOf } from '../document/derive/photo.js';
import { bytesOf, editedBaseOf, previewOf, serves, within } from '../document/derive/preview.js';
import { loadAhead, onDemand } from '../shared/on-demand.js';
import { asMemory, pixelCalls } from './pixel-calls.js';

/** @typedef {import('../image/read/decode.js').Pixels} Pixels */
/** @typedef {import('../shared/protocol.js').PixelCalls} PixelCalls */

const again = onDemand(() => import('../document/derive/finish-again.js'), 'finish-again.js');
const sheets = onDemand(() => import('../document/derive/sheet.js'), 'sheet.js');

const MIB = 2 ** 20;
/** Of a device of 8 GB, 192 MB: some thirty photos on a screen of two device pixels for each of the page's. */
const budget = Math.min(192, 24 * (/** @type {{ deviceMemory?: number }} */ (navigator).deviceMemory ?? 4)) * MIB;

/** By a document's handle. @type {Held<import('../document/derive/preview.js').Layered>} */
const held = new Held(budget);
/** The picture behind the photos, at the size of a screen. @type {{ id: number, pixels: Pixels } | null} */
let picture = null;

/**
 * @param {PixelCalls['preview']['args']} args
 * @returns {Promise<Pixels | null | undefined>} undefined where it is not held and cannot be made
 */
async function pictureFor({ source, output: { background }, picture: id, longest }) {
  if (background?.kind !== 'image') return null;
  if (id !== null && picture?.id === id) return picture.pixels;
  if (source === null) return undefined;
  const pixels = await within(await decodeBackdrop(background.image), longest * 2);
  if (id !== null) picture = { id, pixels };
  return pixels;
}

/** @type {import('../shared/channel.js').Handlers<PixelCalls>} */
const handlers = {
  ...pixelCalls,

  ahead: loadAhead,

  finish: async ({ source, matte, output, reduce }) => (await again()).finishAgain(source, matte, { ...output, reduce }).catch(asMemory),

  file: ({ source, matte, size, edits, output, reduce }) => fileOf(source, { matte, size, edits }, { ...output, reduce }).catch(asMemory),

  async open({ source, reduce }, { transfer }) {
    const { pixels, own, notes, ...photo } = await openPhoto(source, { reduce }).catch(asMemory);
    const original = await originalOf({ ...photo, pixels, own, notes });
    transfer(pixels.data.buffer);
    return { pixels, own, notes, original };
  },

  async thumbnail({ photo, width }, { transfer }) {
    const bitmap = await createImageBitmap(photo, { resizeWidth: width, resizeQuality: 'medium', imageOrientation: 'from-image' });
    transfer(bitmap);
    return bitmap;
  },

  async hold({ handle, layered }) {
    held.set(handle, layered, bytesOf(layered));
  },

  async preview(args) {
    try {
      const { handle, source, matte, output, longest, size, edits } = args;
      const behind = await pictureFor(args);
      let layered = held.get(handle);
      if (layered && !serves(layered.base, output, longest)) layered = null;
      if (behind === undefined || (!layered && source === null)) return null;
      layered ??= { base: await editedBaseOf(await openPhoto(/** @type {Blob} */ (source), { size }), { matte, edits }, output, longest), layers: null };
      const { preview } = await previewOf(layered, matte, output, behind);
      held.set(handle, layered, bytesOf(layered));
      return preview;
    } catch (thrown) {
      return asMemory(thrown);
    }
  },

  sheet: async ({ photos, sheet }) => (await sheets()).sheetFile(photos, sheet).catch(asMemory),

  async drop({ handle }) {
    held.delete(handle);
    return { bytes: held.bytes };
  },

  async check({ source }) {
    const { width, height } = await decodeBackdrop(source).catch(asMemory);
    return { width, height };
  },
};

serve(globalThis, handlers);
