/**
 * What a file's name tells, where nothing has been read of it yet: whether it is a photo that can be opened here, or something that
 * a system puts beside photos. What a file really is, its signature tells later (image/read/sniff.js).
 */

/** What can be opened, by media type. The installed app's `file_handlers` (manifest.webmanifest) are the same. */
export const PHOTO_TYPES = Object.freeze(/** @type {Record<string, string[]>} */ ({
  'image/jpeg': ['jpg', 'jpeg', 'jpe', 'jfif'],
  'image/png': ['png', 'apng'],
  'image/webp': ['webp'],
  'image/avif': ['avif'],
  'image/heic': ['heic', 'heif', 'hif'],
  'image/tiff': ['tif', 'tiff'],
  'image/gif': ['gif'],
  'image/bmp': ['bmp', 'dib'],
  'image/x-icon': ['ico'],
  'image/svg+xml': ['svg'],
  'image/jxl': ['jxl'],
  'image/vnd.adobe.photoshop': ['psd', 'psb'],
  'image/x-adobe-dng': ['dng'],
  'image/x-canon-cr2': ['cr2'],
  'image/x-canon-cr3': ['cr3'],
  'image/x-nikon-nef': ['nef', 'nrw'],
  'image/x-sony-arw': ['arw'],
  'image/x-fuji-raf': ['raf'],
  'image/x-olympus-orf': ['orf'],
  'image/x-panasonic-rw2': ['rw2'],
  'image/x-pentax-pef': ['pef'],
  'image/x-samsung-srw': ['srw'],
}));

const EXTENSIONS = new Set(Object.values(PHOTO_TYPES).flat());

/** For a chooser: some systems know no type for the newer ones. */
export const ACCEPT = ['image/*', ...[...EXTENSIONS].map((extension) => `.${extension}`)].join(',');

/**
 * Files that systems, cameras and network drives put into folders of photos, some of them named like a photo: the second half of a
 * file from a Mac (`._IMG_1.jpg`), lists of previews, the look of a folder.
 */
const SYSTEM_FILE = /^(?:\._.*|\.ds_store|\.localized|\.nomedia|\.picasa\.ini|picasa\.ini|thumbs\.db|ehthumbs(?:_vista)?\.db|desktop\.ini|icon\r|synofile_thumb_.*|synophoto_.*)$/isu;
/** Folders of the same kind. What is in them are previews, or what was thrown away. */
const SYSTEM_FOLDER = /^(?:__macosx|\.appledouble|@eadir|@synoresource|\.@__thumb|\.thumbnails|\.picasaoriginals|\.spotlight-v100|\.fseventsd|\.trashes|\.trash-\d+|\$recycle\.bin|system volume information)$/iu;

/** @param {string} name of a file @returns {boolean} a system put it there, and nobody misses it */
export const isSystemFile = (name) => SYSTEM_FILE.test(name);

/** @param {string} name of a folder @returns {boolean} */
export const isSystemFolder = (name) => SYSTEM_FOLDER.test(name);

/**
 * @param {string} name
 * @returns {boolean | null} whether it can be opened as a photo; null when the name does not tell
 */
export function isPhotoName(name) {
  const extension = /[^.]\.([^.\s]+)$/u.exec(name)?.[1];
  return extension === undefined ? null : EXTENSIONS.has(extension.toLowerCase());
}
