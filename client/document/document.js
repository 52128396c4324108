/**
 * A photo and what was decided about it: a small value that can be kept, cloned and written down. Whatever a person sees of it, and
 * each file of it, is derived from it, and may be dropped at any time.
 *
 * @typedef {import('../shared/protocol.js').OutputOptions} OutputOptions
 *
 * @typedef {object} SmallMatte what a model made of a photo, at the model's size
 * @property {Uint16Array<ArrayBuffer>} values `rows` x `columns`, row by row, 0..65535
 * @property {number} columns
 * @property {number} rows
 *
 * @typedef {Omit<SmallMatte, 'values'> & { values: Blob }} KeptMatte the same on the device's disk: bytes of the values, as this device orders them, in gzip (RFC 1952), whose
 *   checksum tells damage. A document that comes back needs it only when something is derived
 *
 * @typedef {object} Document
 * @property {string} id of this photo's document, on this page
 * @property {number} revision another one for each change of what is derived; what is derived of an earlier one is of no use then
 * @property {Blob} file the photo as it came
 * @property {boolean} reduce whether it is worked on at a size that this device can hold, where it is larger
 * @property {SmallMatte | KeptMatte | null} matte null where the picture was cut out already, and its own transparency is the matte
 * @property {{ width: number, height: number }} size of the photo in pixels, upright, as it is worked on
 * @property {readonly import('./edits.js').Edit[]} edits of the matte, by a person
 * @property {OutputOptions | null} finish its own choices; null where it follows those of all photos
 */
import { MatteboxError } from '../shared/errors.js';

/**
 * @param {Omit<Document, 'revision' | 'edits' | 'finish'>} made
 * @returns {Readonly<Document>} its first revision
 */
export const newDocument = (made) => Object.freeze({ ...made, revision: 1, edits: [], finish: null });

/**
 * @param {Pick<Document, 'matte'>} document
 * @returns {Promise<SmallMatte | null>} its matte, read where it lies on the disk
 * @throws {MatteboxError} `storage-failed` where it is there no more, or not what it was
 */
export async function matteOf({ matte }) {
  if (!matte || !(matte.values instanceof Blob)) return /** @type {SmallMatte | null} */ (matte);
  const { columns, rows } = matte;
  const bytes = await through(matte.values, new DecompressionStream('gzip')).arrayBuffer().catch((/** @type {unknown} */ thrown) => { throw MatteboxError.from(thrown, 'storage-failed'); });
  if (bytes.byteLength !== 2 * columns * rows) throw new MatteboxError('storage-failed', { cause: `a matte of ${bytes.byteLength} bytes` });
  return { values: new Uint16Array(bytes), columns, rows };
}

/**
 * @param {Document['matte']} matte
 * @returns {Promise<Document['matte']>} as it is kept on the disk: most of a matte is the same value, so that it is a tenth as large. Where a browser cannot compress, as it is
 */
export async function keptMatte(matte) {
  if (!matte || matte.values instanceof Blob || !('CompressionStream' in globalThis)) return matte;
  return { ...matte, values: await through(new Blob([matte.values]), new CompressionStream('gzip')).blob() };
}

/** @param {Blob} blob @param {GenericTransformStream} stream */
const through = (blob, stream) => new Response(blob.stream().pipeThrough(/** @type {ReadableWritablePair<Uint8Array<ArrayBuffer>, BufferSource>} */ (stream)));

/**
 * @param {Document} document
 * @param {Partial<Pick<Document, 'file' | 'reduce' | 'matte' | 'size' | 'edits' | 'finish'>>} change
 * @returns {Readonly<Document>} its next revision
 */
export const revised = (document, change) => Object.freeze({ ...document, ...change, revision: document.revision + 1 });

/**
 * @param {Pick<Document, 'id' | 'revision'>} document
 * @returns {string} what the pixels derived of it are held under
 */
export const handleOf = ({ id, revision }) => `${id}.${revision}`;

/**
 * A model's matte as it is kept: the steps are 256 times finer than a file's.
 * @param {Float32Array} matte 0..1
 * @returns {Uint16Array<ArrayBuffer>} 0..65535
 */
export const packed = (matte) => Uint16Array.from(matte, (alpha) => Math.round(alpha * 65535));

/**
 * @param {Uint16Array} values 0..65535
 * @returns {Float32Array} 0..1
 */
export const unpacked = (values) => Float32Array.from(values, (value) => value / 65535);

/**
 * @param {import('../shared/protocol.js').Layered} layered what previews are made of
 * @returns {ArrayBuffer[]} the memory of its pixels, to be handed over
 */
export const buffersOf = ({ base, layers }) => [...new Set([base.pixels.data.buffer, ...(layers ? [layers.matte.buffer, layers.colours.data.buffer] : [])])];
