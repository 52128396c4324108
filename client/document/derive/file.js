/**
 * From a photo and its matte to the finished file: foreground, composing, encoding.
 *
 * @typedef {import('../../image/read/decode.js').Pixels} Pixels
 * @typedef {import('./photo.js').Photo} Photo
 * @typedef {import('../../shared/protocol.js').OutputOptions} OutputOptions
 * @typedef {OutputOptions & { reduce?: boolean }} Wish `reduce`: rather a smaller picture than one that a file of its type cannot hold
 * @typedef {import('../../shared/protocol.js').Finished} Finished
 * @typedef {import('../../image/write/embed.js').Metadata} Metadata
 * @typedef {{ compose: number, encode: number }} Times in ms
 */
import { ofBackground } from '../../shared/errors.js';
import { onDemand } from '../../shared/on-demand.js';
import { compose, composeMatte, prepareBackdrop, visibleIn } from '../../image/compose/compose.js';
import { decode } from '../../image/read/decode.js';
import { readDensity } from '../../image/read/density.js';
import { withDensity } from '../../image/write/embed.js';
import { encode, encodeMatte } from '../../image/write/encode.js';
import { estimateForeground } from '../../image/matte/foreground.js';
import { upright } from '../../image/read/heads/head.js';
import { findSubject } from '../../image/compose/subject.js';
import { withoutAlpha } from '../../image/matte/transparency.js';
import { stopwatch } from '../../shared/stopwatch.js';
import { framed } from './framed.js';
import { editedMatte, openPhoto } from './photo.js';

const metadataReader = onDemand(() => import('../../image/read/metadata.js'), 'metadata.js');

const NOTHING = { refined: false, decontaminated: false, profile: false, copyright: false };

/** @type {Metadata} */
const BARE = { profile: null, copyright: null, artist: null };

/**
 * @param {Photo} photo its pixels are changed, and no longer the caller's
 * @param {Uint16Array} matte 0..65535, the photo's own transparency in it
 * @param {Wish} output
 * @returns {Promise<Finished & { ms: Times }>}
 * @throws {import('../../shared/errors.js').MatteboxError} `encode-failed`, `out-of-memory`, and those of an image that is to be the background
 */
export async function finish(photo, matte, output) {
  const { width, height } = photo.pixels;
  const started = performance.now();
  const subject = findSubject(matte, width, height, photo.own?.most);
  const looking = performance.now() - started;
  const write = output.content === 'matte' ? writeMatte : writeCutout;
  // What a frame says of its size on paper holds for that frame only.
  const held = subject || !output.crop ? output : { ...output, density: undefined };
  const { ms, ...written } = await write(photo, matte, held, subject);
  const { notes } = await framed(subject, output, { width, height }, { width, height });
  return { size: { width, height }, ...written, notes, ms: { ...ms, compose: ms.compose + looking } };
}

/**
 * @typedef {import('../../image/compose/subject.js').Subject | null} Found
 * @typedef {Omit<Finished, 'size' | 'notes'> & { ms: Times }} Written
 */

/** @type {(...photo: [...Parameters<typeof finish>, Found]) => Promise<Written>} */
async function writeMatte(photo, matte, output, subject) {
  const lap = stopwatch();
  const { values, width, height, isScaled } = await composeMatte(matte, photo.pixels.width, photo.pixels.height, output, subject);
  const composing = lap();
  const file = await encodeMatte(values, width, height, output.depth);
  const density = await densityOf(photo.seen, photo.pixels, isScaled, output);
  const cutout = density ? withDensity(file, density) : file;
  return { cutout, result: { width, height }, applied: { ...NOTHING }, ms: { compose: composing, encode: lap() } };
}

/** @type {typeof writeMatte} */
async function writeCutout({ pixels, own, seen }, matte, output, subject) {
  const lap = stopwatch();
  const { width, height } = pixels;
  const { colours, metadata } = await chosenColours(pixels, seen, output);
  // Before the foreground changes the colours: a blurred background is made of what is behind the subject.
  const backdrop = await backdropOf(colours, matte, output);
  const decontaminated = output.decontaminate !== false;
  // Half transparent by itself is not half background: that the file says so is no doubt of what its colours are.
  const visible = visibleIn(pixels, matte, output, own);
  if (decontaminated) estimateForeground(colours, own ? withoutAlpha(matte, pixels) : matte, visible);
  const composed = await compose(colours, matte, output, { backdrop, own, subject, visible });
  const composing = lap();
  const density = await densityOf(seen, { width, height }, composed.isScaled, output);
  const cutout = await encode(composed, output, { ...metadata, density });
  const applied = { ...NOTHING, decontaminated, profile: metadata.profile !== null, copyright: (metadata.copyright ?? metadata.artist) !== null };
  return { cutout, result: { width: composed.width, height: composed.height }, applied, ms: { compose: composing, encode: lap() } };
}

/**
 * The file of a document.
 * @param {Blob | ImageBitmap} source its photo
 * @param {Pick<import('../document.js').Document, 'size' | 'edits'> & { matte: import('../document.js').SmallMatte | null }} document
 * @param {Wish} output
 * @returns {Promise<Finished>} without edits the same, to the byte, as if it had been cut out with this `output`
 * @throws {import('../../shared/errors.js').MatteboxError} those of `openPhoto` and `finish`
 */
export async function fileOf(source, { matte: small, size, edits }, output) {
  const photo = await openPhoto(source, { size });
  const refined = small !== null && output.refine !== false;
  const { cutout, size: worked, result, applied, notes } = await finish(photo, await editedMatte(photo, small, output.refine !== false, edits), output);
  return { cutout, size: worked, result, applied: { ...applied, refined }, notes };
}

/**
 * @param {Pixels} pixels in sRGB
 * @param {Photo['seen']} seen
 * @param {OutputOptions} output
 * @returns {Promise<{ colours: Pixels, metadata: Metadata }>} the photo's own numbers where its profile is kept that explains them:
 *   not where colours from outside are mixed in, which are sRGB, and not in a browser that cannot leave them alone
 */
async function chosenColours(pixels, seen, { keep = [], background, shadow }) {
  if (keep.length === 0 || !seen) return { colours: pixels, metadata: { ...BARE } };
  const { profile, copyright, artist } = await (await metadataReader()).readMetadata(seen);
  const rights = keep.includes('copyright') ? { copyright, artist } : { copyright: null, artist: null };
  const isOwn = keep.includes('profile') && profile !== null && bringsNoColour(background) && isGrey(shadow?.colour ?? '#000000');
  const own = isOwn ? await decode(seen, { colours: 'raw', size: { width: pixels.width, height: pixels.height } }) : null;
  const isSame = own !== null && own.width === pixels.width && own.height === pixels.height;
  return isSame ? { colours: own, metadata: { ...rights, profile } } : { colours: pixels, metadata: { ...rights, profile: null } };
}

/**
 * @param {Photo['seen']} seen
 * @param {{ width: number, height: number }} size it was worked on at
 * @param {boolean} isScaled whether the result's pixels have another size than those
 * @param {OutputOptions} output
 * @returns {Promise<import('../../image/read/density.js').Density | null>} what is asked for, or else the photo's own where its pixels are still its own
 */
async function densityOf(seen, { width, height }, isScaled, { density }) {
  if (density !== undefined) return density === null ? null : { x: density, y: density };
  if (isScaled || !seen) return null;
  const whole = upright(seen.head);
  return whole.width === width && whole.height === height ? readDensity(seen) : null;
}

/**
 * @param {OutputOptions['background']} background
 * @returns {boolean} whether its numbers mean the same in the photo's colour space as in sRGB
 */
function bringsNoColour(background) {
  if (background?.kind === 'colour') return isGrey(background.colour);
  if (background?.kind === 'gradient') return isGrey(background.from) && isGrey(background.to);
  return background?.kind !== 'image';
}

/** @param {string} colour `#rrggbb`: in any RGB space the same numbers are a grey */
const isGrey = (colour) => colour.slice(1, 3) === colour.slice(3, 5) && colour.slice(3, 5) === colour.slice(5, 7);

/**
 * @param {Pixels} pixels
 * @param {Uint16Array} matte
 * @param {OutputOptions} output
 */
async function backdropOf(pixels, matte, { background }) {
  if (background?.kind === 'blur') return prepareBackdrop(pixels, matte, background);
  return background?.kind === 'image' ? decodeBackdrop(background.image) : null;
}

/**
 * @param {Blob | ImageBitmap} image
 * @returns {Promise<Pixels>}
 * @throws {import('../../shared/errors.js').MatteboxError} of a picture that cannot be opened, with `details.role` "background"
 */
export async function decodeBackdrop(image) {
  try {
    return await decode(image, { reduce: true });
  } catch (thrown) {
    throw ofBackground(thrown);
  }
}
