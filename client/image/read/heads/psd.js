/**
 * Photoshop's files (Adobe Photoshop File Formats Specification): its header, its image resources, and where the flattened picture is.
 *
 * @typedef {import('../bytes.js').Bytes} Bytes
 * @typedef {import('../bytes.js').Span} Span
 * @typedef {import('./head.js').Head} Head
 *
 * @typedef {object} PsdLayout
 * @property {number} width
 * @property {number} height
 * @property {number} channels that are stored
 * @property {number} depth bits of a sample: 1, 8, 16, or 32 for floating point
 * @property {number} mode of colours, as Photoshop counts them
 * @property {boolean} isLarge whether it is a PSB, whose lengths are longer
 * @property {Span} palette all reds, all greens, all blues
 * @property {boolean} isClear whether the first channel behind the colours is the picture's transparency, and no selection that was kept
 * @property {number} clearIndex entry of the palette that is transparent; -1 for none
 * @property {number} start of the flattened picture
 */
import { damaged, MOST_STEPS, text } from '../bytes.js';
import { headOf } from './head.js';

const TYPE = 'Photoshop';
const HEAD = 26;
export const MODES = /** @type {const} */ ({ bitmap: 0, grey: 1, indexed: 2, rgb: 3, cmyk: 4, duotone: 8, lab: 9 });
const COLOURS = /** @type {Record<number, Head['colours']>} */ ({ 0: 'grey', 1: 'grey', 2: 'rgb', 3: 'rgb', 4: 'cmyk', 8: 'grey', 9: 'lab' });
const DEPTHS = new Set([1, 8, 16, 32]);
/** Image resources by their number. */
const RESOURCES = /** @type {const} */ ({ iptc: 1028, profile: 1039, clearIndex: 1047, version: 1057, exif: 1058, xmp: 1060 });
const MOST_SIDE = 300_000;
const MOST_CHANNELS = 56;
/** Blocks behind the layers that hold the layers of files of 16 and 32 bit; all of PSB's that have long lengths. */
const LAYERS = ['Lr16', 'Lr32', 'Layr'];
const LONG = [...LAYERS, 'LMsk', 'Mt16', 'Mt32', 'Mtrn', 'Alph', 'FMsk', 'lnk2', 'FEid', 'FXid', 'PxSD'];

/**
 * @param {Bytes} bytes
 * @returns {Promise<Head>}
 * @throws {import('../../../shared/errors.js').MatteboxError} `corrupt-image`
 */
export async function readPsd(bytes) {
  const { layout, resources } = await readLayout(bytes);
  const { width, height, mode, depth } = layout;
  const span = (/** @type {number} */ id) => resources.get(id) ?? null;
  const version = span(RESOURCES.version);
  const merged = version && (await bytes.view(version.start + 4, 1));
  const isEmpty = merged?.byteLength === 1 && merged.getUint8(0) === 0;
  const profile = span(RESOURCES.profile);
  return headOf({
    width,
    height,
    variant: isEmpty ? 'no-composite' : mode in COLOURS ? null : 'plates',
    colours: COLOURS[mode] ?? 'rgb',
    // Floating point is linear, and made sRGB's curve as it is read.
    profile: profile && mode !== MODES.indexed && depth !== 32 ? [profile] : [],
    exif: span(RESOURCES.exif),
    xmp: span(RESOURCES.xmp),
    iptc: span(RESOURCES.iptc),
  });
}

/**
 * @param {Bytes} bytes
 * @returns {Promise<{ layout: PsdLayout, resources: Map<number, Span> }>}
 */
export async function readLayout(bytes) {
  const view = await bytes.need(0, HEAD, TYPE);
  const isLarge = view.getUint16(4) === 2;
  const [channels, height, width] = [view.getUint16(12), view.getUint32(14), view.getUint32(18)];
  const [depth, mode] = [view.getUint16(22), view.getUint16(24)];
  if (!DEPTHS.has(depth) || !channels || channels > MOST_CHANNELS) throw damaged(TYPE, `${channels} channels of ${depth} bit`);
  if (!width || !height || Math.max(width, height) > MOST_SIDE) throw damaged(TYPE, `a size of ${width} × ${height}`);
  const palette = await sectionAt(bytes, HEAD, false);
  const described = await sectionAt(bytes, palette.end, false);
  const layers = await sectionAt(bytes, described.end, isLarge);
  const resources = await resourcesIn(bytes, described);
  const index = resources.get(RESOURCES.clearIndex);
  const layout = {
    width,
    height,
    channels,
    depth,
    mode,
    isLarge,
    palette,
    isClear: (await layerCount(bytes, layers, isLarge)) < 0,
    clearIndex: index ? (await bytes.need(index.start, 2, TYPE)).getUint16(0) : -1,
    start: layers.end,
  };
  return { layout, resources };
}

/**
 * @param {Bytes} bytes
 * @param {number} at
 * @param {boolean} isLong
 * @returns {Promise<Span>} of what follows a length
 */
async function sectionAt(bytes, at, isLong) {
  const head = isLong ? 8 : 4;
  const view = await bytes.need(at, head, TYPE);
  const length = isLong ? Number(view.getBigUint64(0)) : view.getUint32(0);
  return { start: at + head, end: at + head + length };
}

/**
 * @param {Bytes} bytes
 * @param {Span} span
 * @returns {Promise<Map<number, Span>>} by their number, the first of each
 */
async function resourcesIn(bytes, { start, end }) {
  const found = new Map();
  for (let at = start, step = 0; at + 12 <= end && step < MOST_STEPS; step++) {
    const view = await bytes.view(at, 12);
    if (view.byteLength < 12 || !/^(?:8B|Me|Ag|PH|DC)/.test(text(view, 0, 2))) break;
    // A name, which has its length before it, to an even number of bytes.
    const head = 6 + ((view.getUint8(6) + 2) & ~1);
    const sized = await bytes.view(at + head, 4);
    if (sized.byteLength < 4) break;
    const [from, length] = [at + head + 4, sized.getUint32(0)];
    if (length > 0 && from + length <= end && !found.has(view.getUint16(4))) found.set(view.getUint16(4), { start: from, end: from + length });
    at = from + length + (length & 1);
  }
  return found;
}

/**
 * @param {Bytes} bytes
 * @param {Span} section of layers and masks
 * @param {boolean} isLarge
 * @returns {Promise<number>} of layers; less than none where the picture's first further channel is its transparency
 */
async function layerCount(bytes, section, isLarge) {
  const lengths = isLarge ? 8 : 4;
  if (section.end - section.start < lengths + 2) return 0;
  const own = await sectionAt(bytes, section.start, isLarge);
  if (own.end > own.start) return (await bytes.need(own.start, 2, TYPE)).getInt16(0);
  const masks = await sectionAt(bytes, own.end, false);
  for (let at = masks.end, step = 0; at + 12 <= section.end && step < MOST_STEPS; step++) {
    const view = await bytes.view(at, 8);
    if (view.byteLength < 8 || !/^8B(?:IM|64)/.test(text(view, 0, 4))) return 0;
    const key = text(view, 4, 4);
    const block = await sectionAt(bytes, at + 8, isLarge && LONG.includes(key));
    if (LAYERS.includes(key) && block.end - block.start >= 2) return (await bytes.need(block.start, 2, TYPE)).getInt16(0);
    at = block.end + (-(block.end - block.start) & 3);
  }
  return 0;
}
