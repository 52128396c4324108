/** What a script says about the finish of photos: backgrounds, sizes, formats. */
import { formatBytes, formatSize } from './format.js';

/** By a preset's id. @type {Record<string, string>} */
const SIZES = {
  original: 'Original',
  custom: 'Crop to the subject',
  'square-1024': 'Square, 1,024 px',
  'square-2048': 'Square, 2,048 px',
  marketplace: 'Marketplace, 85 %',
  'id-photo': 'ID photo, 35 × 45 mm',
  'id-photo-600': 'ID photo, 600 dpi',
  'portrait-4x5': 'Portrait, 4:5',
  'banner-16x9': 'Banner, 16:9',
};

/** By type of the file. @type {Record<string, string>} */
const FORMATS = { 'image/png': 'PNG', 'image/webp': 'WebP', 'image/avif': 'AVIF', 'image/jpeg': 'JPEG' };

export const finishText = Object.freeze({
  /** @param {string} id */
  size: (id) => SIZES[id] ?? id,
  sizeGroup: 'Ready-made',
  /** @param {string} id */
  shape: (id) => (id === 'subject' ? 'The subject’s' : id),
  formats: /** @type {[string, string][]} */ ([['png', 'PNG'], ['webp', 'WebP'], ['avif', 'AVIF'], ['jpeg', 'JPEG'], ['matte', 'Matte']]),
  /** @param {string} type of a blob */
  format: (type) => FORMATS[type] ?? type.replace('image/', '').toUpperCase(),
  colours: /** @type {[string, string][]} */ ([['#ffffff', 'White'], ['#e9e7e2', 'Light grey'], ['#1f211e', 'Black'], ['#f3dfc8', 'Sand'], ['#cfe3d2', 'Sage'], ['#cbdcf0', 'Sky'], ['#f6cfd0', 'Rose']]),
  gradients: /** @type {[from: string, to: string, name: string][]} */ ([['#fdf6ec', '#d8cbb8', 'Linen'], ['#eef2f7', '#a9bdd6', 'Morning'], ['#fbe3d6', '#e39a8b', 'Peach'], ['#4a4f57', '#16181b', 'Studio']]),
  /** @param {number} bytes to be downloaded before the first file @param {string} what */
  cost: (bytes, what) => (bytes > 0 ? `${what} needs ${formatBytes(bytes)} more, once.` : ''),
  more: 'More',
  /** @param {number} n settings below it that are not as they are at first */
  moreSet: (n) => `More (${n})`,
  /** @param {boolean} isRedo photos that are done were made otherwise */
  refine: (isRedo) => (isRedo ? 'Holds for new photos. Those that are done can be redone.' : 'Hair and fur, at the photo’s full size.'),
  chooseImage: 'Choose a picture',
  otherImage: 'Another picture',
  opening: 'Opening the picture\u00a0…',
  noImage: 'It fills the frame, from its middle. Until there is one, the background stays transparent.',
  /** @param {boolean} isRefined @returns {string} label of the button that makes a photo once more */
  redo: (isRefined) => (isRefined ? 'Redo with fine edges' : 'Redo without fine edges'),
  /** @param {string} earlier what the file is that is older than what is wanted, empty for one that is as wanted */
  download: (earlier) => (earlier ? `Download earlier ${earlier}` : 'Download'),
  matte: 'matte',
  preparing: 'Preparing\u00a0…',
  /** @param {string} name of a photo */
  willSave: (name) => `The file of ${name} is being prepared. It is downloaded when it is ready.`,
  /** @param {string} name of a photo */
  saved: (name) => `The file of ${name} is ready and was downloaded.`,
  /** @param {number} n */
  willSaveAll: (n) => `${n} files are being prepared. They are downloaded when all are ready.`,
  redoKept: 'Cut out anyway',
  /** @param {number} left */
  left: (left) => (left > 0 ? `Finishing ${left === 1 ? '1 photo' : `${left} photos`}\u00a0…` : ''),
  /** @param {number} n */
  updated: (n) => (n === 1 ? '1 photo updated.' : `${n} photos updated.`),
  reset: 'Transparent PNG of the original size.',
  /** @param {{ width: number, height: number }} size */
  reduce: (size) => `Work at ${formatSize(size)}`,
});
