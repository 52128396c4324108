/**
 * What a person can choose about the finished file, and what the engine is asked for by it. Pure: no DOM, no storage.
 *
 * Settings are flat and hold plain values, also those of what is not chosen now: a colour is still there after a look at the
 * gradient.
 *
 * @typedef {import('../shared/protocol.js').OutputOptions} OutputOptions
 * @typedef {import('../shared/protocol.js').FileType} FileType
 * @typedef {import('../shared/head-frame.js').Head} Head in parts of the photo's width and height
 *
 * @typedef {object} Settings shares are in per cent
 * @property {import('../shared/protocol.js').Background['kind'] | 'words'} background `words`: a picture that a model made from words
 * @property {string} colour `#rrggbb`
 * @property {string} from `#rrggbb`
 * @property {string} to `#rrggbb`
 * @property {number} angle of the gradient in degrees, 0 to the top, clockwise
 * @property {number} blur
 * @property {string} size `original`, `custom` or a preset's id
 * @property {string} idFormat of an ID photo, id of a format
 * @property {number} idDensity of an ID photo, dots per inch
 * @property {'none' | import('./print-sheet.js').Paper} sheet of paper that ID photos go onto, beside their own files
 * @property {number} margin
 * @property {keyof typeof SHAPES} shape
 * @property {number | null} width in pixels
 * @property {number | null} height in pixels
 * @property {keyof typeof FORMATS | 'matte'} format
 * @property {boolean} webpLossless
 * @property {number} webpQuality
 * @property {number} avifQuality
 * @property {number} jpegQuality
 * @property {boolean} deep a matte of 16 bits
 * @property {boolean} shadow
 * @property {number} shadowStrength
 * @property {number} shadowSoftness
 * @property {number} shadowDistance
 * @property {boolean} matchLight to a picture that is the background
 * @property {boolean} profile
 * @property {boolean} copyright
 * @property {boolean} refine
 * @property {boolean} decontaminate
 *
 * @typedef {{ set: Partial<Settings>, before: Partial<Settings> }} Loan
 *
 * @typedef {object} Backdrop a picture of the person's own, or one that was made for them
 * @property {Blob} image
 * @property {number} id tells it from another one
 *
 * @typedef {object} Wanted what photos are to be finished as
 * @property {OutputOptions} output
 * @property {string} previewKey the same for what looks the same on a screen
 * @property {string} fileKey the same for what gives the same file
 */
import { BACKGROUNDS } from '../shared/choices.js';
import { FORMATS } from '../shared/file-types.js';
import { cropOf as idCropOf, DENSITIES, ID_FORMATS, idFormat, PAPERS } from './id-formats.js';
import { PRESETS } from './presets.js';

/** Width / height by name; null keeps the subject's own. */
export const SHAPES = Object.freeze({ subject: null, '1:1': 1, '4:5': 4 / 5, '3:4': 3 / 4, '2:3': 2 / 3, '5:4': 5 / 4, '4:3': 4 / 3, '3:2': 3 / 2, '16:9': 16 / 9, '9:16': 9 / 16 });

/** The size whose frame is that of an ID photo's format. */
export const ID_PHOTO = 'id-photo';

/** @type {Record<Settings['format'], FileType>} */
const TYPES = { ...FORMATS, matte: 'image/png' };

const isFlag = (/** @type {unknown} */ value) => typeof value === 'boolean';
const isColour = (/** @type {unknown} */ value) => typeof value === 'string' && /^#[\da-f]{6}$/u.test(value);
const isOneOf = (/** @type {readonly unknown[]} */ values) => (/** @type {unknown} */ value) => values.includes(value);
const isWithin = (/** @type {number} */ low, /** @type {number} */ high) => (/** @type {unknown} */ value) => typeof value === 'number' && value >= low && value <= high;

/** @type {Loan} */
export const NO_LOAN = { set: {}, before: {} };

/** Pixels of a side that can be asked for. */
export const SIDE = Object.freeze({ least: 16, most: 8192 });
const isSide = (/** @type {unknown} */ value) => value === null || (Number.isInteger(value) && isWithin(SIDE.least, SIDE.most)(value));

/** What each setting is at first, and what it may be. @type {{ [K in keyof Settings]: [preset: Settings[K], isAllowed: (value: unknown) => boolean] }} */
const FIELDS = {
  background: ['none', isOneOf([...BACKGROUNDS, 'words'])],
  colour: ['#ffffff', isColour],
  from: ['#fdf6ec', isColour],
  to: ['#d8cbb8', isColour],
  angle: [180, isWithin(0, 359)],
  blur: [50, isWithin(0, 100)],
  size: ['original', (value) => value === 'original' || value === 'custom' || PRESETS.some(({ id }) => id === value)],
  idFormat: ['35x45', isOneOf(ID_FORMATS.map(({ id }) => id))],
  idDensity: [300, isOneOf(DENSITIES)],
  sheet: ['none', isOneOf(['none', ...Object.keys(PAPERS)])],
  margin: [5, isWithin(0, 50)],
  shape: ['subject', isOneOf(Object.keys(SHAPES))],
  width: [null, isSide],
  height: [null, isSide],
  format: ['png', isOneOf(Object.keys(TYPES))],
  webpLossless: [true, isFlag],
  webpQuality: [85, isWithin(1, 100)],
  avifQuality: [70, isWithin(1, 100)],
  jpegQuality: [90, isWithin(1, 100)],
  deep: [false, isFlag],
  shadow: [false, isFlag],
  shadowStrength: [35, isWithin(0, 100)],
  shadowSoftness: [30, isWithin(0, 100)],
  shadowDistance: [25, isWithin(0, 100)],
  matchLight: [false, isFlag],
  profile: [false, isFlag],
  copyright: [false, isFlag],
  refine: [true, isFlag],
  decontaminate: [true, isFlag],
};

/** A transparent PNG of the exact size. @type {Readonly<Settings>} */
export const DEFAULTS = Object.freeze(/** @type {Settings} */ (Object.fromEntries(Object.entries(FIELDS).map(([name, [preset]]) => [name, preset]))));

/**
 * @param {Settings} settings
 * @param {Record<string, unknown>} change of any origin
 * @returns {Settings} with what of it can be used
 */
export function changed(settings, change) {
  const usable = Object.entries(change).filter(([name, value]) => Object.hasOwn(FIELDS, name) && FIELDS[/** @type {keyof Settings} */ (name)][1](value));
  return { ...settings, ...Object.fromEntries(usable) };
}

/**
 * Another size. A preset also sets what it needs besides the crop, such as a white background; what it set goes with it, unless it
 * has been changed by then.
 * @param {Settings} settings
 * @param {string} size
 * @param {Loan} loan what the size until now had set
 * @returns {{ settings: Settings, loan: Loan }}
 */
export function resized(settings, size, { set, before }) {
  const isAsSet = Object.entries(set).every(([name, value]) => settings[/** @type {keyof Settings} */ (name)] === value);
  const own = changed(settings, isAsSet ? before : {});
  const next = changed(own, { size, ...presetSettings(size) });
  const names = /** @type {(keyof Settings)[]} */ (Object.keys(presetSettings(size)));
  const pick = (/** @type {Settings} */ from) => Object.fromEntries(names.map((name) => [name, from[name]]));
  return { settings: next, loan: { set: pick(next), before: pick(own) } };
}

/** @param {Pick<Settings, 'size'>} settings @returns {OutputOptions | undefined} what the ready-made size says */
const presetOf = ({ size }) => PRESETS.find(({ id }) => id === size)?.output;

/** @param {string} size @returns {Partial<Settings>} what a preset sets besides the crop */
function presetSettings(size) {
  const { background, type } = presetOf({ size }) ?? {};
  const format = /** @type {Settings['format'][]} */ (Object.keys(TYPES)).find((name) => TYPES[name] === type);
  return { ...(background?.kind === 'colour' ? { background: 'colour', colour: background.colour } : {}), ...(format ? { format } : {}) };
}

/** @param {Settings} settings @returns {boolean} nothing has been chosen */
export const isDefault = (settings) => Object.entries(DEFAULTS).every(([name, value]) => settings[/** @type {keyof Settings} */ (name)] === value);

/**
 * @param {Settings} settings
 * @param {Backdrop | null} backdrop without one, the backgrounds "image" and "words" are none yet
 * @param {Head | null} [head] where a person placed the head in this photo
 * @returns {Wanted}
 */
export function wanted(settings, backdrop, head = null) {
  const output = outputOf(settings, backdrop, head);
  const { content, type, background, crop, shadow, matchLight, refine, decontaminate } = output;
  const id = background?.kind === 'image' ? backdrop?.id : null;
  const isWhite = type === 'image/jpeg' && background?.kind === 'none';
  return { output, previewKey: JSON.stringify([{ content, background, crop, shadow, matchLight, refine, decontaminate }, id, isWhite]), fileKey: JSON.stringify([output, id]) };
}

/** @param {Settings} settings @param {Backdrop | null} backdrop @param {Head | null} head @returns {OutputOptions} */
function outputOf(settings, backdrop, head) {
  const { format, refine, decontaminate, deep } = settings;
  const crop = cropOf(settings, head);
  // Left out, the photo's own is kept.
  const print = printOf(settings);
  const background = backgroundOf(settings, backdrop);
  if (format === 'matte') return { type: TYPES.matte, content: 'matte', depth: deep ? 16 : 8, crop, ...print, refine };
  return {
    type: TYPES[format],
    ...qualityOf(settings),
    background,
    crop,
    ...print,
    shadow: shadowOf(settings),
    ...(settings.matchLight && background.kind === 'image' ? { matchLight: true } : {}),
    keep: keptOf(settings),
    refine,
    decontaminate,
  };
}

/** @param {Settings} settings @returns {Pick<OutputOptions, 'quality'>} */
function qualityOf({ format, webpLossless, webpQuality, avifQuality, jpegQuality }) {
  if (format === 'webp') return { quality: webpLossless ? 'lossless' : webpQuality };
  if (format === 'avif') return { quality: avifQuality };
  return format === 'jpeg' ? { quality: jpegQuality } : {};
}

/** @param {Settings} settings @param {Backdrop | null} backdrop @returns {import('../shared/protocol.js').Background} */
function backgroundOf({ background, colour, from, to, angle, blur }, backdrop) {
  if (background === 'colour') return { kind: 'colour', colour };
  if (background === 'gradient') return { kind: 'gradient', from, to, angle };
  if (background === 'blur') return { kind: 'blur', strength: blur / 100 };
  return (background === 'image' || background === 'words') && backdrop ? { kind: 'image', image: backdrop.image } : { kind: 'none' };
}

/** @param {Settings} settings @param {Head | null} head @returns {OutputOptions['crop']} */
function cropOf({ size, margin, shape, width, height, ...id }, head) {
  if (size === 'original') return null;
  if (size === ID_PHOTO) return { ...idCropOf(idFormat(id.idFormat), id.idDensity), ...(head ? { head } : {}) };
  if (size !== 'custom') return presetOf({ size })?.crop ?? null;
  return { margin: margin / 100, aspect: width !== null && height !== null ? null : SHAPES[shape], width, height };
}

/** The longest shadow that still looks like one, in parts of the subject's longer side. */
const FARTHEST = 0.2;
const SOFTEST = 0.2;

/** @param {Settings} settings @returns {Pick<OutputOptions, 'density'>} */
function printOf(settings) {
  return settings.size === ID_PHOTO ? { density: settings.idDensity } : {};
}

/** @param {Settings} settings @returns {OutputOptions['shadow']} */
function shadowOf({ shadow, shadowStrength, shadowSoftness, shadowDistance }) {
  if (!shadow) return null;
  return { blur: (shadowSoftness / 100) * SOFTEST, x: 0, y: (shadowDistance / 100) * FARTHEST, opacity: shadowStrength / 100, colour: '#000000' };
}

/** @param {Settings} settings @returns {('profile' | 'copyright')[]} */
function keptOf({ profile, copyright }) {
  return [...(profile ? [/** @type {const} */ ('profile')] : []), ...(copyright ? [/** @type {const} */ ('copyright')] : [])];
}
