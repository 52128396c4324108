/**
 * What a caller may ask, of a call and of a finished file. Checked on the page, so that a wrong option is told before a byte is fetched.
 *
 * @typedef {import('../shared/protocol.js').OutputOptions} OutputOptions
 * @typedef {import('../shared/protocol.js').CodecName} CodecName
 */
import { BACKENDS, BACKGROUNDS, isThreads, MAX_THREADS } from '../shared/choices.js';
import { MatteboxError } from '../shared/errors.js';
import { FILE_TYPES, fileType } from '../shared/file-types.js';

const COLOUR = /^#[0-9a-f]{6}$/i;
/** Of a result in pixels: what a canvas and the codecs take in every browser. */
const MAX_SIDE = 16_384;

/**
 * @param {OutputOptions} output
 * @returns {CodecName[]} the codecs that writing it needs
 */
export function writersOf({ type = 'image/png', content }) {
  const writer = content === 'matte' ? null : fileType(type)?.codec;
  return writer ? [writer] : [];
}

/**
 * @param {unknown} options
 * @throws {MatteboxError} `bad-option` for what is no object
 */
export function checkOptions(options) {
  if (!isRecord(options)) throw new MatteboxError('bad-option', { option: 'options', value: options, allowed: ['object'] });
}

/**
 * @param {import('../api.js').PreloadOptions & { reduce?: boolean }} options
 * @returns {[import('../engine/engine.js').Choice, import('../engine/engine.js').Watch]}
 * @throws {MatteboxError} `bad-option`
 */
export function checkCall(options) {
  checkOptions(options);
  const { model, backend = 'auto', threads, reduce } = options;
  // Null is nothing here, as it is to `fetch`.
  const [signal, onProgress] = [options.signal ?? undefined, options.onProgress ?? (() => {})];
  const [onWithdraw, onPreview] = [options.onWithdraw ?? undefined, options.onPreview ?? undefined];
  const ofCall = '';
  oneOf('backend', backend, BACKENDS, ofCall);
  oneOf('reduce', reduce, [true, false], ofCall);
  if (threads !== undefined && !isThreads(threads)) fail('threads', threads, { kind: 'whole', least: 1, most: MAX_THREADS }, ofCall);
  if (typeof onProgress !== 'function') fail('onProgress', onProgress, ['function'], ofCall);
  for (const [name, hook] of Object.entries({ onWithdraw, onPreview })) if (hook && typeof hook !== 'function') fail(name, hook, ['function'], ofCall);
  if (signal && typeof signal.addEventListener !== 'function') fail('signal', signal, ['AbortSignal'], ofCall);
  return [{ model, backend, threads }, { signal, onProgress, onWithdraw, onPreview }];
}

/**
 * @param {OutputOptions} output
 * @throws {MatteboxError} `bad-option` naming the option, its value and what is allowed
 */
export function checkOutput(output) {
  record('', output);
  const { type, quality, content, depth, background, crop, shadow, matchLight, density, keep, refine, decontaminate, ownAlpha, hidden } = output;
  oneOf('type', type, Object.keys(FILE_TYPES));
  if (quality !== 'lossless') within('quality', quality, 1, 100);
  oneOf('content', content, ['cutout', 'matte']);
  oneOf('depth', depth, [8, 16]);
  if (background) checkBackground(background);
  if (crop) checkCrop(crop);
  if (shadow) checkShadow(shadow);
  oneOf('matchLight', matchLight, [true, false]);
  within('density', density ?? undefined, 1, 65_535);
  if (keep !== undefined && !Array.isArray(keep)) fail('keep', keep, ['Array']);
  for (const one of keep ?? []) oneOf('keep', one, ['profile', 'copyright']);
  oneOf('refine', refine, [true, false]);
  oneOf('decontaminate', decontaminate, [true, false]);
  oneOf('ownAlpha', ownAlpha, ['keep', 'ignore']);
  oneOf('hidden', hidden, ['remove', 'keep']);
}

/** @param {import('../shared/protocol.js').Background} background */
function checkBackground(background) {
  record('background', background);
  const { kind } = background;
  if (!BACKGROUNDS.includes(kind)) fail('background.kind', kind, BACKGROUNDS);
  if (kind === 'colour') colour('background.colour', background.colour);
  if (kind === 'gradient') {
    colour('background.from', background.from);
    colour('background.to', background.to);
    within('background.angle', background.angle, -3600, 3600);
  }
  if (kind === 'blur') within('background.strength', background.strength, 0, 1);
}

/** @param {import('../shared/protocol.js').Crop} crop */
function checkCrop(crop) {
  record('crop', crop);
  const { margin, aspect, width, height, fill, anchor, above, head } = crop;
  within('crop.margin', margin, 0, 1);
  within('crop.aspect', aspect ?? undefined, 0.01, 100);
  pixels('crop.width', width);
  pixels('crop.height', height);
  within('crop.fill', fill ?? undefined, 0.01, 1);
  oneOf('crop.anchor', anchor, ['centre', 'head']);
  within('crop.above', above ?? undefined, 0, 1);
  if (head) checkHead(head);
}

/** @param {import('../shared/head-frame.js').Head} head */
function checkHead(head) {
  record('crop.head', head);
  const { x, top, height } = head;
  for (const [name, value, least, most] of /** @type {const} */ ([['x', x, -1, 2], ['top', top, -2, 2], ['height', height, 0.005, 5]])) within(`crop.head.${name}`, Number(value), least, most);
}

/** @param {import('../shared/protocol.js').Shadow} shadow */
function checkShadow(shadow) {
  record('shadow', shadow);
  const { blur, x, y, opacity, colour: tint } = shadow;
  within('shadow.blur', blur, 0, 1);
  within('shadow.x', x, -1, 1);
  within('shadow.y', y, -1, 1);
  within('shadow.opacity', opacity, 0, 1);
  if (tint !== undefined) colour('shadow.colour', tint);
}

/**
 * @param {unknown} value
 * @returns {boolean} whether it can hold options: no list, no file, no function
 */
function isRecord(value) {
  return typeof value === 'object' && value !== null && ['[object Object]', '[object Module]'].includes(Object.prototype.toString.call(value));
}

/**
 * @param {string} option
 * @param {unknown} value
 */
function record(option, value) {
  if (!isRecord(value)) fail(option, value, ['object']);
}

/**
 * @param {string} option
 * @param {unknown} value
 * @param {readonly unknown[]} allowed
 * @param {string} [parent]
 */
function oneOf(option, value, allowed, parent) {
  if (value !== undefined && !allowed.includes(value)) fail(option, value, allowed, parent);
}

/**
 * @param {string} option
 * @param {unknown} value
 * @param {number} least
 * @param {number} most
 */
function within(option, value, least, most) {
  if (value !== undefined && !(typeof value === 'number' && value >= least && value <= most)) fail(option, value, { kind: 'range', least, most });
}

/**
 * @param {string} option
 * @param {number | null} [value]
 */
function pixels(option, value) {
  if (value !== undefined && value !== null && !(Number.isInteger(value) && value >= 1 && value <= MAX_SIDE)) {
    fail(option, value, { kind: 'whole', least: 1, most: MAX_SIDE });
  }
}

/**
 * @param {string} option
 * @param {unknown} value
 */
function colour(option, value) {
  if (typeof value !== 'string' || !COLOUR.test(value)) fail(option, value, ['#rrggbb']);
}

/**
 * @param {string} option
 * @param {unknown} value
 * @param {readonly unknown[] | { kind: 'range' | 'whole', least: number, most: number }} allowed values, or what a number may be
 * @param {string} [parent] the option that it is one of
 * @returns {never}
 */
function fail(option, value, allowed, parent = 'output') {
  throw new MatteboxError('bad-option', { option: [parent, option].filter(Boolean).join('.'), value, allowed });
}
