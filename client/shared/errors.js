/**
 * The one error class and its closed set of codes.
 *
 * A failure is raised where it happens, crosses worker boundaries as data (`toWire` / `fromWire`) and is never
 * recognised by its text. Its sentences live on the page (messages/errors.js).
 */

/** @typedef {Record<string, unknown>} Details */
/** @typedef {{ code: ErrorCode, details: Details }} WireError */
/** @typedef {typeof ERROR_CODES[number]} ErrorCode */

export const ERROR_CODES = Object.freeze(/** @type {const} */ ([
  'bad-option', 'cancelled', 'empty-image', 'unsupported-image', 'corrupt-image', 'image-too-large', 'unknown-model', 'network',
  'signed-out', 'http-status', 'length-mismatch', 'model-corrupt', 'range-mismatch', 'file-changed', 'catalog-invalid', 'storage-full',
  'storage-failed', 'browser-unsupported', 'runtime-failed', 'session-failed', 'model-interface', 'canary-mismatch', 'bad-matte', 'withdrawn',
  'gpu-unavailable', 'gpu-lost', 'gpu-failed', 'timed-out', 'too-slow', 'out-of-memory', 'encode-failed', 'worker-crashed', 'internal',
]));

/**
 * Why a file of a type that is opened cannot be, itself: what its head gives (image/heads/).
 * @typedef {typeof VARIANT_CODES[number]} Variant
 */
export const VARIANT_CODES = Object.freeze(/** @type {const} */ ([
  // JPEG
  'lossless', 'arithmetic', 'hierarchical', '12-bit', 'odd-depth',
  // HEIC and AVIF
  'sequence',
  // TIFF
  'camera-raw', 'fax', 'jpeg-inside', 'old-jpeg-inside', 'jpeg-2000-inside', 'jpeg-xl-inside', 'webp-inside', 'zstandard', 'lzma', 'jbig',
  'lerc', 'other-compression', 'float', 'signed', 'complex', 'mixed-depth', 'mask', 'ycbcr', 'lab', 'luv', 'other-colours',
  // Photoshop
  'no-composite', 'plates',
  // SVG
  'very-large', 'other-namespace',
]));

export class MatteboxError extends Error {
  /** Where sentences live, it gives an error its own. @type {(error: WireError) => { what: string, advice: string }} */
  static describe = ({ code }) => ({ what: code, advice: '' });

  /**
   * @param {ErrorCode} code one of `ERROR_CODES`
   * @param {Details} [details] plain, cloneable values for the sentence and for a report: numbers and codes, never image data, file
   *   names or prose
   */
  constructor(code, details = {}) {
    const { what, advice } = MatteboxError.describe({ code, details });
    super(what);
    this.name = 'MatteboxError';
    this.code = code;
    this.details = details;
    /** What the person can do. */
    this.advice = advice;
  }

  /** @returns {WireError} what `postMessage` carries: structured clone would lose the class and its fields */
  toWire() {
    return { code: this.code, details: this.details };
  }

  /**
   * @param {WireError} wire
   * @returns {MatteboxError}
   */
  static fromWire({ code, details }) {
    return new MatteboxError(code, details);
  }

  /**
   * @param {unknown} thrown whatever was caught
   * @param {ErrorCode} [code] what it means where it was caught
   * @param {Details} [details]
   * @returns {MatteboxError} itself when it already is one, else one that keeps the original text as `cause`
   */
  static from(thrown, code = 'internal', details = {}) {
    if (thrown instanceof MatteboxError) return thrown;
    const cause = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
    return new MatteboxError(code, { ...details, cause });
  }
}

/** Those that are about a picture. @type {readonly ErrorCode[]} */
const OF_PICTURES = ['empty-image', 'unsupported-image', 'corrupt-image', 'image-too-large'];

/**
 * @param {unknown} thrown while a picture was opened that is to be the background
 * @returns {unknown} the same, told of that picture and not of the photo, by `details.role`
 */
export function ofBackground(thrown) {
  const isOfPicture = thrown instanceof MatteboxError && OF_PICTURES.includes(thrown.code);
  return isOfPicture ? new MatteboxError(thrown.code, { ...thrown.details, role: 'background' }) : thrown;
}

/**
 * @param {AbortSignal | undefined} signal
 * @throws {MatteboxError} `cancelled` when the signal has been aborted
 */
export function throwIfCancelled(signal) {
  if (signal?.aborted) throw new MatteboxError('cancelled');
}
