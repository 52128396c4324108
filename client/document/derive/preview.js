/**
 * A document at the size of a screen: the stages that make its file, on a photo that was made small first, so that one takes a few
 * frames where the file takes seconds.
 *
 * @typedef {import('../../image/read/decode.js').Pixels} Pixels
 * @typedef {import('../document.js').SmallMatte} SmallMatte
 * @typedef {import('../../shared/protocol.js').OutputOptions} OutputOptions
 * @typedef {import('../../shared/protocol.js').Base} Base
 * @typedef {import('../../shared/protocol.js').Preview} Preview
 *
 * @typedef {object} Layers what previews of the same edges and colours share
 * @property {string} key of the choice of edges and colours
 * @property {Uint16Array<ArrayBuffer>} matte
 * @property {Pixels} colours of the foreground
 * @property {import('../../image/compose/subject.js').Subject | null} subject
 *
 * @typedef {{ base: Base, layers: Layers | null }} Layered `layers` of the latest preview
 */
import { compose, composeMatte, prepareBackdrop } from '../../image/compose/compose.js';
import { findSubject } from '../../image/compose/subject.js';
import { estimateForeground } from '../../image/matte/foreground.js';
import { withoutAlpha } from '../../image/matte/transparency.js';
import { shrink } from '../../image/read/bitmap.js';
import { stopwatch } from '../../shared/stopwatch.js';
import { framed } from './framed.js';
import { changesMatte } from '../edits.js';
import { fullMatte } from './full-matte.js';
import { editedMatte } from './photo.js';

const JPEG_QUALITY = 0.92;

/**
 * @param {import('./photo.js').Photo} photo no longer the caller's
 * @param {number} longest pixels of the longer side, at most
 * @returns {Promise<Base>}
 * @throws {import('../../shared/errors.js').MatteboxError} `out-of-memory`, `browser-unsupported`
 */
export async function baseOf({ pixels, own }, longest) {
  const { width, height } = pixels;
  return { pixels: await within(pixels, longest), size: { width, height }, own, longest, edited: null };
}

/**
 * Edits are made on the photo's own pixels, so that a preview shows what the file will hold.
 * @param {import('./photo.js').Photo} photo no longer the caller's
 * @param {{ matte: SmallMatte | null, edits: import('../document.js').Document['edits'] }} document
 * @param {OutputOptions} output
 * @param {number} longest
 * @returns {Promise<Base>}
 */
export async function editedBaseOf(photo, { matte: small, edits }, output, longest) {
  if (!changesMatte(edits)) return baseOf(photo, longest);
  const { width, height } = photo.pixels;
  const isRefined = output.refine !== false;
  const { values } = await composeMatte(await editedMatte(photo, small, isRefined, edits), width, height, { longest }, null);
  return { ...(await baseOf(photo, longest)), edited: { isRefined, matte: Uint16Array.from(values) } };
}

/**
 * @param {Base} base
 * @param {OutputOptions} output
 * @param {number} longest
 * @returns {boolean} whether previews of that size can be made of it
 */
export const serves = (base, output, longest) => base.longest >= longest && (base.edited === null || base.edited.isRefined === (output.refine !== false));

/**
 * @param {Pixels} pixels no longer the caller's
 * @param {number} longest pixels of the longer side, at most
 * @returns {Promise<Pixels>}
 */
export async function within(pixels, longest) {
  const scale = longest / Math.max(pixels.width, pixels.height);
  if (scale >= 1) return pixels;
  const [width, height] = [pixels.width, pixels.height].map((side) => Math.max(1, Math.round(side * scale)));
  return shrink(pixels, { width, height });
}

/**
 * @param {Layered} layered its `layers` are replaced where other edges or colours are wanted
 * @param {SmallMatte | null} small the document's matte
 * @param {OutputOptions} output
 * @param {Pixels | null} picture decoded, of a background that is one
 * @returns {Promise<{ preview: Preview, ms: { compose: number, encode: number } }>}
 * @throws {import('../../shared/errors.js').MatteboxError} `bad-option`, `encode-failed`
 */
export async function previewOf(layered, small, output, picture) {
  const lap = stopwatch();
  const { base } = layered;
  const refined = small !== null && output.refine !== false;
  const decontaminated = output.content !== 'matte' && output.decontaminate !== false;
  const key = `${refined} ${decontaminated}`;
  if (layered.layers?.key !== key) layered.layers = layersOf(key, base, small, refined, decontaminated);
  const { matte, colours, subject } = layered.layers;
  const drawn = await (output.content === 'matte' ? greyOf(matte, base, output, subject) : composed(base, { matte, colours, subject }, output, picture));
  const composing = lap();
  const isOpaque = output.content === 'matte' || output.type === 'image/jpeg' || (output.background?.kind ?? 'none') !== 'none';
  const image = await pictureOf(drawn, isOpaque);
  const preview = {
    image,
    frame: { width: drawn.width, height: drawn.height },
    result: sizeOf(base.size, subject ? output.crop : null),
    applied: { refined, decontaminated, profile: false, copyright: false },
    ...(await framed(subject, output, base.pixels, base.size)),
  };
  return { preview, ms: { compose: composing, encode: lap() } };
}

/**
 * @param {Layered} layered
 * @returns {number} that it takes
 */
export function bytesOf({ base, layers }) {
  const colours = layers && layers.colours !== base.pixels ? layers.colours.data.byteLength : 0;
  const mattes = new Set([base.edited?.matte, layers?.matte]);
  return [...mattes].reduce((sum, matte) => sum + (matte?.byteLength ?? 0), base.pixels.data.byteLength + colours);
}

/**
 * @param {string} key
 * @param {Base} base
 * @param {SmallMatte | null} small
 * @param {boolean} isRefined
 * @param {boolean} isDecontaminated
 * @returns {Layers}
 */
function layersOf(key, { pixels, own, edited }, small, isRefined, isDecontaminated) {
  const matte = edited?.matte ?? fullMatte({ pixels, own }, small, isRefined);
  const subject = findSubject(matte, pixels.width, pixels.height, own?.most);
  if (!isDecontaminated) return { key, matte, colours: pixels, subject };
  const colours = copyOf(pixels);
  estimateForeground(colours, own ? withoutAlpha(matte, pixels) : matte);
  return { key, matte, colours, subject };
}

/** @param {Pixels} pixels @returns {Pixels} */
const copyOf = ({ data, width, height }) => ({ data: data.slice(), width, height });

/**
 * @param {Base} base
 * @param {Omit<Layers, 'key'>} layers
 * @param {OutputOptions} output
 * @param {Pixels | null} picture
 * @returns {Promise<Pixels>}
 */
async function composed({ pixels, own, longest }, { matte, colours, subject }, output, picture) {
  const { background } = output;
  const backdrop = background?.kind === 'blur' ? await prepareBackdrop(pixels, matte, background) : picture;
  return compose(copyOf(colours), matte, { ...output, longest }, { backdrop, own, subject });
}

/**
 * @param {Uint16Array} matte
 * @param {Base} base
 * @param {OutputOptions} output
 * @param {Layers['subject']} subject
 * @returns {Promise<Pixels>} grey, opaque
 */
async function greyOf(matte, { pixels: { width, height }, longest }, output, subject) {
  const made = await composeMatte(matte, width, height, { ...output, longest }, subject);
  const grey = new Uint32Array(made.values.length);
  for (let i = 0; i < grey.length; i++) grey[i] = (((made.values[i] + 128) / 257) | 0) * 0x010101 + 0xff000000;
  return { data: new Uint8ClampedArray(grey.buffer), width: made.width, height: made.height };
}

/** @param {Base} base @returns {Promise<Blob>} the photo as it is, at the size of its previews */
export const photoOf = ({ pixels, own }) => pictureOf(pixels, own === null);

/**
 * By the browser's own encoders, which are the fastest there are. That a canvas premultiplies cannot be seen on a screen.
 * @param {Pixels} pixels
 * @param {boolean} isOpaque
 * @returns {Promise<Blob>} JPEG, or PNG where there is transparency
 */
async function pictureOf({ data, width, height }, isOpaque) {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d', { willReadFrequently: true })?.putImageData(new ImageData(data, width, height), 0, 0);
  const image = await canvas.convertToBlob(isOpaque ? { type: 'image/jpeg', quality: JPEG_QUALITY } : { type: 'image/png' });
  // Safari frees a canvas late; without pixels it is small.
  canvas.width = canvas.height = 0;
  return image;
}

/**
 * @param {{ width: number, height: number }} size of the photo
 * @param {OutputOptions['crop']} crop
 * @returns {{ width: number, height: number } | null} of the file; null where only the photo at its own size tells
 */
function sizeOf(size, crop) {
  if (!crop) return size;
  return crop.width && crop.height ? { width: crop.width, height: crop.height } : null;
}
