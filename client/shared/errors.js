/**
 * The one error class and its closed set of codes.
 *
 * A failure is raised where it happens, crosses worker boundaries as data (`toWire` / `fromWire`) and is never
 * recognised by its text. Each code has a sentence for what happened and one for what to do.
 */

/** @typedef {Record<string, unknown>} Details */
/** @typedef {{ code: ErrorCode, details: Details }} WireError */
/** @typedef {keyof typeof SENTENCES} ErrorCode */

/** Not toLocaleString, whose first use blocked the page for 50 ms (measured on a busy machine). @param {unknown} n of bytes or pixels */
export const count = (n) => String(n).replace(/^\d{4,}$/u, (digits) => digits.replace(/\B(?=(\d{3})+$)/gu, ','));

/** @param {unknown} ms */
const seconds = (ms) => (typeof ms === 'number' ? `${Math.round(ms / 100) / 10} s` : String(ms));

/** @param {unknown} value of any kind, also one that JSON has no word for: a BigInt, a circle, NaN */
function show(value) {
  if (typeof value === 'number') return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

/** @param {number} part of a whole, 0..1 */
const there = (part) => (part < 0.01 ? 'nothing' : `only ${Math.round(part * 100)} %`);

/** @param {unknown} values what may be chosen */
const list = (values) => (Array.isArray(values) ? values.join(', ') : String(values));

const RELOAD = 'Reload the page and try again. If it happens again, tell the person who runs this site.';
const OPERATOR = 'Try again. If it happens again, tell the person who runs this site: the file on the server may be damaged.';
/** Where a policy is the cause. @param {Details} d @param {string} otherwise */
const policyOr = (d, otherwise) => (d.reason === 'policy' ? `Tell the person who runs this site: something on the way to you, such as a proxy, sends a Content-Security-Policy of its own, and its “${d.directive}” forbids what this page needs. Only the one that Mattebox sends may arrive.` : otherwise);

/** @param {Details} d @param {string} what happened @param {string} otherwise */
const forbidden = (d, what, otherwise) => (d.reason === 'policy' ? `${what} A policy that does not come from Mattebox forbids it.` : otherwise);

const ANOTHER_FORMAT = 'Save it as JPEG, PNG, WebP, AVIF, TIFF or HEIC in a photo program and try again.';

/**
 * Why a file of a type that is opened cannot be, itself. A code that its head gives (image/heads/), and how the sentence ends.
 * @typedef {keyof typeof VARIANTS} Variant
 */
const VARIANTS = {
  // JPEG
  lossless: 'it was compressed without loss, which programs for photos seldom read',
  arithmetic: 'it was compressed in a way that programs for photos seldom read (arithmetic coding)',
  hierarchical: 'it is stored as several layers of detail, which programs for photos seldom read (hierarchical JPEG)',
  '12-bit': 'it has 12 bits for each colour, and only those with 8 can be read',
  'odd-depth': 'its colours have a number of bits that cannot be read',
  // HEIC and AVIF
  sequence: 'it holds a film and no still picture',
  // TIFF
  'camera-raw': 'it holds no preview that is large enough',
  fax: 'it was compressed as a fax is',
  'jpeg-inside': 'its picture is stored as a JPEG inside the file',
  'old-jpeg-inside': 'its picture is stored as an old kind of JPEG inside the file',
  'jpeg-2000-inside': 'its picture is stored as a JPEG 2000 inside the file',
  'jpeg-xl-inside': 'its picture is stored as a JPEG XL inside the file',
  'webp-inside': 'its picture is stored as a WebP inside the file',
  zstandard: 'it was compressed with Zstandard',
  lzma: 'it was compressed with LZMA',
  jbig: 'it was compressed as a black and white document is (JBIG)',
  lerc: 'it was compressed as a map is (LERC)',
  'other-compression': 'it was compressed in a way that is not known here',
  float: 'its colours are stored as decimal numbers (floating point)',
  signed: 'its colours are stored as numbers that may be negative',
  complex: 'it holds measurements and no colours',
  'mixed-depth': 'its colours have different numbers of bits',
  mask: 'it holds a mask and no picture',
  ycbcr: 'its colours are stored as brightness and colour difference (YCbCr)',
  lab: 'its colours are stored as CIE Lab',
  luv: 'its colours are stored as light intensities (LogLuv)',
  'other-colours': 'its colours are stored in a way that is not known here',
  // Photoshop
  'no-composite': 'it was saved without the flattened picture, which other programs show',
  plates: 'its colours are stored as printing plates (multichannel)',
  // SVG
  'very-large': 'it is a very large drawing',
  'other-namespace': 'it does not say that it is an SVG (its xmlns names something else)',
};

const NOT_A_PHOTO = 'This file is not a photo that can be opened here.';
/** What to do where that is not to save it in another format. @type {Record<string, string>} */
const VARIANT_ADVICE = {
  'camera-raw': 'Save it as JPEG in the camera, or in a program that opens raw files, and try again.',
  'no-composite': 'In Photoshop, save it again with “Maximize Compatibility”, or as PNG, and try again.',
};

/** What some other kinds of file are called by people, and what to do about them, where that is not to save it in another format. */
const OTHER_KINDS = /** @type {Record<string, [what: string, advice?: string]>} */ ({
  PDF: ['This is a PDF document, not a photo.', 'Save the page, or the photo in it, as JPEG or PNG and try again.'],
  ZIP: ['This is a packed file (ZIP) or an office document, not a photo.', 'Unpack it, or save the photo in it as JPEG or PNG, and try again.'],
  gzip: ['This is a packed file (gzip), not a photo.', 'Unpack it and try again.'],
  HTML: ['This is a web page, not a photo: it may be what came instead of a download.', 'Download the photo again.'],
  video: ['This is a video, not a photo.', 'Save one of its pictures as JPEG or PNG and try again.'],
  'camera raw': ['This is a camera’s raw file of an old kind, which cannot be opened here.', VARIANT_ADVICE['camera-raw']],
});

/** @param {Details} d of `unsupported-image` */
function unsupported({ type, variant }) {
  const reason = VARIANTS[/** @type {Variant} */ (variant)];
  if (variant) return `This ${type} file cannot be opened here: ${reason ?? 'it is of a rare kind'}.`;
  return OTHER_KINDS[String(type)]?.[0] ?? (type ? `This is a file of another kind (${type}), which cannot be opened here.` : NOT_A_PHOTO);
}

const FORMATS = /** @type {Record<string, string>} */ ({ 'image/png': 'PNG', 'image/webp': 'WebP', 'image/avif': 'AVIF', 'image/jpeg': 'JPEG' });
/** @param {Details} size */
const area = ({ width, height }) => `${count(width)} × ${count(height)}`;
/** Where it could be done smaller. @param {Details} d @param {(size: string) => string} say @param {string} otherwise */
const smaller = ({ reduced }, say, otherwise) => (reduced ? say(area(/** @type {Details} */ (reduced))) : otherwise);

/**
 * Types the table's functions without losing its keys.
 * @template {string} K
 * @param {Record<K, [what: (d: Details) => string, advice: (d: Details) => string]>} table
 */
function sentences(table) {
  return table;
}

/** What happened, and what to do about it. `d` is the error's details. */
const SENTENCES = sentences({
  'bad-option': [
    (d) => `The option “${d.option}” cannot be ${show(d.value)}.`,
    (d) => `Use one of: ${list(d.allowed)}.`,
  ],
  cancelled: [() => 'Cancelled.', () => 'Start it again whenever you like.'],
  'empty-image': [() => 'This file is empty (0 bytes).', () => 'Choose the original photo; this copy has lost its content.'],
  'unsupported-image': [unsupported, ({ type, variant }) => (variant ? VARIANT_ADVICE[String(variant)] : OTHER_KINDS[String(type)]?.[1]) ?? ANOTHER_FORMAT],
  'corrupt-image': [
    (d) => {
      if (d.reason === 'unreadable') return 'This file can no longer be read: it was moved, changed or removed.';
      if (typeof d.missing === 'number') return `This ${d.type} file is incomplete: ${there(1 - d.missing)} of its picture is there.`;
      return d.reason === 'truncated' ? `This ${d.type} file is incomplete: it ends too early.` : `This ${d.type} file is damaged and could not be decoded.`;
    },
    (d) => (d.reason === 'unreadable' ? 'Choose it again.' : 'Open it in another program to check it, or choose another copy.'),
  ],
  'image-too-large': [
    (d) => `This photo has ${area(d)} pixels; the most that can be handled on this device is ${count(d.limit)} in all.`,
    (d) => smaller(d, (size) => `It can be worked on at ${size} pixels.`, 'Make it smaller and try again.'),
  ],
  'unknown-model': [(d) => `There is no model “${d.model}” here.`, (d) => `Choose one of: ${list(d.available)}.`],
  network: [
    (d) => forbidden(d, `${d.name} could not be fetched.`, `The connection failed while fetching ${d.name}.`),
    (d) => policyOr(d, 'Check the network and try again; what has been stored already is kept.'),
  ],
  'signed-out': [() => 'You are signed out of this site.', () => 'Sign in again and go on. If you are signed in, tell the person who runs this site: something else answers in its place.'],
  'http-status': [(d) => `The server answered ${d.status} for ${d.name}.`, () => OPERATOR],
  'length-mismatch': [(d) => `${d.name} arrived with ${count(d.received)} bytes instead of ${count(d.expected)}.`, () => OPERATOR],
  'model-corrupt': [(d) => `${d.name} is not the file it should be: segment ${d.segment} failed its check.`, () => OPERATOR],
  'range-mismatch': [(d) => `The server sent another part of ${d.name} than was asked for: ${d.received ?? 'it did not say which'} instead of ${d.expected}.`, () => OPERATOR],
  'file-changed': [(d) => `${d.name} has changed on the server.`, () => 'Reload the page: a new version has been installed.'],
  'catalog-invalid': [() => 'The list of models could not be read.', () => RELOAD],
  'storage-full': [(d) => `This browser’s storage is full: ${count(d.needed)} bytes are needed.`, () => 'Free some space on this device; until then the model is kept in memory only.'],
  'storage-failed': [() => 'This browser’s storage failed.', () => RELOAD],
  'browser-unsupported': [(d) => `This browser lacks ${d.missing}.`, () => 'Use a current version of Chrome, Edge, Firefox or Safari.'],
  'runtime-failed': [(d) => forbidden(d, 'The inference engine could not start.', 'The inference engine could not start.'), (d) => policyOr(d, RELOAD)],
  'session-failed': [(d) => `The model ${d.model} could not be loaded.`, () => RELOAD],
  'model-interface': [
    (d) => `The model ${d.model} is not what the catalog says: its ${d.what} is ${show(d.found)} instead of ${show(d.expected)}.`,
    () => OPERATOR,
  ],
  'canary-mismatch': [
    (d) => `The model ${d.model} gave a wrong result on its test image, so it was not used on your photo.`,
    () => 'Try another browser or device. If it happens on all, tell the person who runs this site.',
  ],
  'bad-matte': [(d) => `The model’s result is unusable (${d.reason}).`, () => 'Try again, or try another browser.'],
  'gpu-unavailable': [() => 'The GPU cannot be used here.', () => 'Choose the CPU, or try another browser.'],
  'gpu-lost': [() => 'The connection to the GPU was lost.', () => 'Try again, or choose the CPU. Sleep, a driver update or another program can do this.'],
  'gpu-failed': [(d) => `The GPU reported an error (${d.kind}).`, () => 'Choose the CPU, or close other programs that use the GPU.'],
  'timed-out': [(d) => `Nothing came back within ${seconds(d.ms)} (${d.stage}).`, () => 'Try again, or choose a smaller model.'],
  'too-slow': [(d) => `A run on the GPU took ${seconds(d.ms)}, longer than the ${seconds(d.limit)} it would take on the CPU.`, () => 'Choose the CPU.'],
  'out-of-memory': [() => 'This device ran out of memory.', () => 'Close other tabs, or use a smaller photo.'],
  'encode-failed': [
    (d) => (d.reason === 'too-long' ? `This picture does not fit into a ${FORMATS[String(d.type)]} file: it would have ${area(d)} pixels, and at most ${count(d.limit)} on a side are possible.` : `The cutout could not be written as ${FORMATS[String(d.type)] ?? 'an image file'}.`),
    (d) => smaller(d, (size) => `It can be made smaller, ${size} pixels, or whole as PNG.`, d.type && d.type !== 'image/png' ? 'Choose PNG, which needs the least memory, or a smaller size.' : 'Try again, or choose a smaller size.'),
  ],
  'worker-crashed': [(d) => forbidden(d, `A background worker (${d.realm}) could not start.`, `A background worker (${d.realm}) stopped unexpectedly.`), (d) => policyOr(d, RELOAD)],
  internal: [() => 'Something went wrong inside this page.', () => RELOAD],
});

export const VARIANT_CODES = /** @type {Variant[]} */ (Object.keys(VARIANTS));
export const ERROR_CODES = /** @type {ErrorCode[]} */ (Object.keys(SENTENCES));

export class MatteboxError extends Error {
  /**
   * @param {ErrorCode} code one of `ERROR_CODES`
   * @param {Details} [details] plain, cloneable values for the sentence and for a report; never image data or file names
   */
  constructor(code, details = {}) {
    const [what, advice] = SENTENCES[code];
    super(details.role === 'background' ? `The background picture cannot be used. ${what(details)}` : what(details));
    this.name = 'MatteboxError';
    this.code = code;
    this.details = details;
    /** What the person can do. */
    this.advice = advice(details);
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

/** Those that are about a picture. @type {ErrorCode[]} */
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
