/**
 * What every worker answers that works on pixels: what a photo is, and a codec for it. Binaries reach it through the store or by
 * transfer, for its realm may fetch nothing.
 *
 * @typedef {import('../shared/protocol.js').Supply} Supply
 */
import { MatteboxError } from '../shared/errors.js';
import { inspect } from '../image/read/inspect.js';
import { loadCodec } from '../image/write/encode.js';
import { Store } from '../storage/store.js';

/** Codecs that read, and who takes their binary. The others write. */
/** @type {Partial<Record<import('../shared/protocol.js').CodecName, (bytes: ArrayBuffer) => Promise<void>>>} */
const READERS = {
  heif: async (bytes) => (await import('../image/read/heif.js')).loadHeif(bytes),
  jxl: async (bytes) => (await import('../image/read/jxl.js')).loadJxl(bytes),
  magick: async (bytes) => (await import('../image/read/magick.js')).loadMagick(bytes),
  'avif-reader': async (bytes) => (await import('../image/read/avif-hdr.js')).loadAvifReader(bytes),
  lcms: async (bytes) => (await import('../image/read/lcms.js')).loadLcms(bytes),
};

/**
 * @param {Supply} supply
 * @returns {Promise<ArrayBuffer>} verified bytes
 */
export async function bytesOf({ file, buffer, isStored }) {
  const opening = Store.open();
  if (buffer) {
    if (isStored) void opening.then((store) => store?.touch(file));
    return buffer;
  }
  const store = await opening;
  if (!store) throw new MatteboxError('storage-failed', { name: file.name, source: 'store' });
  const bytes = await store.read(file);
  void store.touch(file);
  return bytes;
}

/**
 * An array that could not be had throws a RangeError in every engine, wherever a stage made it.
 * @param {unknown} thrown
 * @returns {never}
 */
export function asMemory(thrown) {
  throw thrown instanceof RangeError ? MatteboxError.from(thrown, 'out-of-memory') : thrown;
}

/** @type {Pick<import('../shared/channel.js').Handlers<import('../shared/protocol.js').PixelCalls>, 'inspect' | 'load'>} */
export const pixelCalls = {
  inspect: ({ blob, reduce }) => inspect(blob, { reduce }),

  async load({ codec, supply }) {
    const bytes = await bytesOf(supply);
    const read = READERS[codec];
    if (read) await read(bytes);
    else await loadCodec(/** @type {'webp' | 'avif'} */ (codec), bytes);
  },
};
