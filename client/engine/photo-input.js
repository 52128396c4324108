/**
 * What a page may hold of a photo, as a file. Nothing is fetched for it: what is still on its way, or may not be read, is refused by name.
 *
 * Pixels become an uncompressed TIFF: exactly what they are, at the cost of a copy, where an encoder would take seconds and a canvas
 * would round the colours under a soft edge.
 *
 * @typedef {{ width: number, height: number, draw: CanvasImageSource }} Picture
 */
import { MatteboxError } from '../shared/errors.js';

const BYTES = ['Blob', 'File', 'ArrayBuffer', 'TypedArray', 'Response'];
const PIXELS = ['ImageData', 'ImageBitmap', 'HTMLCanvasElement', 'OffscreenCanvas', 'HTMLImageElement', 'HTMLVideoElement', 'VideoFrame'];
/** Pixels that are read from a canvas at most: what no device works on (image/read/limits.js), and a browser may give up at. */
const MOST_PIXELS = 2 ** 28;
/** `HTMLMediaElement.HAVE_CURRENT_DATA` */
const CURRENT = 2;

/**
 * @param {string} option name of what is read, for the error
 * @param {unknown} value
 * @param {{ pixels?: boolean }} [may] `pixels`: they may be given instead of a file
 * @returns {Promise<Blob>} of what it holds now
 * @throws {MatteboxError} `bad-option`
 */
export async function fileOf(option, value, { pixels = true } = {}) {
  const kind = kindOf(value);
  const allowed = pixels ? [...BYTES, ...PIXELS] : BYTES;
  /** @type {Refuse} */
  const refuse = (reason, details = {}) => {
    throw new MatteboxError('bad-option', { option, value: kind, allowed, ...(reason ? { reason } : {}), ...details });
  };
  try {
    // Of another frame: it is none of this one's blobs.
    if (kind === 'Blob' || kind === 'File') return new Blob([/** @type {Blob} */ (value)], { type: /** @type {Blob} */ (value).type });
    if (kind === 'Response') return await body(/** @type {Response} */ (value), refuse);
    if (kind.endsWith('ArrayBuffer') || ArrayBuffer.isView(value)) return bytes(/** @type {ArrayBuffer} */ (value), refuse);
    return pixels ? tiff(pixelsOf(kind, value, refuse)) : refuse();
  } catch (thrown) {
    if (thrown instanceof MatteboxError) throw thrown;
    if (thrown instanceof DOMException && thrown.name === 'SecurityError') return refuse('other-site');
    // A closed frame, a canvas without memory, a value that only looks like what it says it is.
    return refuse('unreadable', { cause: String(thrown) });
  }
}

/**
 * @param {string} kind
 * @param {unknown} value
 * @param {Refuse} refuse
 * @returns {ImageData} of 8 bits, in sRGB
 */
function pixelsOf(kind, value, refuse) {
  if (kind === 'ImageData') return imageData(/** @type {ImageData} */ (value));
  return Object.hasOwn(PICTURES, kind) ? drawn(PICTURES[kind](value, refuse), refuse) : refuse();
}

/**
 * The name a value has in every frame.
 * @param {unknown} value
 */
function kindOf(value) {
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** @typedef {(reason?: string, details?: Record<string, unknown>) => never} Refuse why, besides its kind */

/** What can be drawn, and how large it is. @type {Record<string, (value: any, refuse: Refuse) => Picture>} */
const PICTURES = {
  HTMLImageElement(image, refuse) {
    if (!image.complete) refuse('loading');
    if (!image.naturalWidth) refuse('shows-nothing');
    return { width: image.naturalWidth, height: image.naturalHeight, draw: image };
  },
  HTMLVideoElement(video, refuse) {
    if (video.readyState < CURRENT || !video.videoWidth) refuse('no-frame');
    return { width: video.videoWidth, height: video.videoHeight, draw: video };
  },
  VideoFrame: (frame) => ({ width: frame.displayWidth, height: frame.displayHeight, draw: frame }),
  HTMLCanvasElement: itself,
  OffscreenCanvas: itself,
  ImageBitmap: itself,
};

/** @param {HTMLCanvasElement | OffscreenCanvas | ImageBitmap} draw @returns {Picture} */
function itself(draw) {
  return { width: draw.width, height: draw.height, draw };
}

/**
 * @param {Picture} picture
 * @param {Refuse} refuse
 * @returns {ImageData} in sRGB, as it is seen
 */
function drawn({ width, height, draw }, refuse) {
  if (width === 0 || height === 0) refuse('no-pixels');
  if (width * height > MOST_PIXELS) refuse('too-many-pixels', { width, height });
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' });
  if (!context) return refuse('too-many-pixels', { width, height });
  context.drawImage(draw, 0, 0, width, height);
  const read = context.getImageData(0, 0, width, height);
  // Safari frees a canvas late; without pixels it is small.
  canvas.width = canvas.height = 0;
  return read;
}

/**
 * @param {ImageData} given
 * @returns {ImageData} of 8 bits, in sRGB
 */
function imageData(given) {
  if (given.data instanceof Uint8ClampedArray && given.colorSpace !== 'display-p3') return given;
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: given.width, height: given.height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' }));
  context.putImageData(given, 0, 0);
  return context.getImageData(0, 0, given.width, given.height);
}

/**
 * TIFF 6.0: one strip of RGBA, straight alpha.
 * @param {ImageData} pixels
 */
function tiff({ data, width, height }) {
  const SHORT = 3;
  const LONG = 4;
  const fields = /** @type {[tag: number, type: number, length: number, value: number][]} */ ([
    [256, LONG, 1, width], [257, LONG, 1, height], [258, SHORT, 4, 0], [259, SHORT, 1, 1], [262, SHORT, 1, 2], [273, LONG, 1, 0],
    [277, SHORT, 1, 4], [278, LONG, 1, height], [279, LONG, 1, data.length], [338, SHORT, 1, 2],
  ]);
  const depths = 8 + 2 + fields.length * 12 + 4;
  const pixels = depths + 8;
  const view = new DataView(new ArrayBuffer(pixels));
  view.setUint32(0, 0x002a4949, true); // "II", 42
  view.setUint32(4, 8, true);
  view.setUint16(8, fields.length, true);
  fields.forEach(([tag, type, length, value], i) => {
    const at = 10 + i * 12;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, length, true);
    view.setUint32(at + 8, { 258: depths, 273: pixels }[tag] ?? value, true);
  });
  for (let i = 0; i < 4; i++) view.setUint16(depths + i * 2, 8, true);
  return new Blob([view, data], { type: 'image/tiff' });
}

/**
 * @param {ArrayBuffer | ArrayBufferView} value
 * @param {Refuse} refuse
 */
function bytes(value, refuse) {
  const [buffer, start, length] = ArrayBuffer.isView(value) ? [value.buffer, value.byteOffset, value.byteLength] : [value, 0, value.byteLength];
  /** @type {Uint8Array} */
  let view;
  try {
    view = new Uint8Array(buffer, start, length);
  } catch {
    return refuse('transferred');
  }
  // A copy: what two realms share is no part of a Blob.
  return new Blob([new Uint8Array(view)]);
}

/**
 * @param {Response} response
 * @param {Refuse} refuse
 */
async function body(response, refuse) {
  if (response.bodyUsed || response.body?.locked) refuse('read-already');
  if (response.type === 'opaque' || response.type === 'opaqueredirect' || response.type === 'error') refuse('not-for-pages');
  if (!response.ok) refuse('status', { status: response.status });
  return response.blob();
}
