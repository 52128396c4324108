/**
 * What may be asked of a finished file, by a caller of the public seam as by the page. No code lives here.
 *
 * @typedef {import('./file-types.js').FileType} FileType
 * @typedef {'heif' | 'avif-reader' | 'jxl' | 'lcms' | 'magick' | 'webp' | 'avif'} CodecName of those that are fetched when a photo or a format needs them
 *
 * @typedef {{ kind: 'none' } | { kind: 'colour', colour: string } | { kind: 'gradient', from: string, to: string, angle: number }
 *   | { kind: 'image', image: Blob | ImageBitmap } | { kind: 'blur', strength: number }} Background colours as `#rrggbb`; `angle` in degrees, 0 to the
 *   top, clockwise as in CSS; an image covers, centred, and is a
 *   Blob: the bitmap is what a drawing becomes on its way to the worker; `strength` 0..1
 *
 * @typedef {object} Crop to the subject
 * @property {number} [margin] around it, in parts of its longer side (0.05)
 * @property {number | null} [aspect] width / height of the result; the subject's own when left out
 * @property {number | null} [width] of the result in pixels
 * @property {number | null} [height] of the result in pixels
 * @property {number | null} [fill] 0..1, how much of the frame the subject's box spans; instead of `margin`
 * @property {'centre' | 'head'} [anchor] `head` frames head and shoulders
 * @property {number | null} [above] 0..1, with `head`: how much of the frame's height is above the crown; a third of what the head leaves free when left out
 * @property {import('./head-frame.js').Head | null} [head] with `head`: where it is, in parts of the photo's width and height; looked for in the outline when left out
 *
 * @typedef {object} Shadow lengths in parts of the subject's longer side
 * @property {number} [blur] 0..1
 * @property {number} [x] -1..1, to the right
 * @property {number} [y] -1..1, down
 * @property {number} [opacity] 0..1
 * @property {string} [colour] `#rrggbb`
 *
 * @typedef {object} OutputOptions
 * @property {FileType} [type] `image/png` when left out
 * @property {number | 'lossless'} [quality] 1..100; WebP is lossless when left out, AVIF 70, JPEG 90; PNG always lossless
 * @property {'cutout' | 'matte'} [content] `matte` writes the alpha alone as a grey PNG
 * @property {8 | 16} [depth] bits of a matte's samples
 * @property {Background} [background] JPEG, which has no transparency, gets white when left out
 * @property {Crop | null} [crop] the photo's exact size when left out
 * @property {Shadow | null} [shadow]
 * @property {boolean} [matchLight] take the subject's lightness and contrast a part of the way to those of a background that is an image, where it
 *   stands; its hues stay
 * @property {number | null} [density] dots per inch that the file names for print, 1..65535; null for none. When left out, the photo's own
 *   where the result has the photo's own pixels, cropped or not, and none where it was made larger or smaller
 * @property {('profile' | 'copyright')[]} [keep] of the photo's metadata; nothing when left out
 * @property {boolean} [refine] follow the photo's edges at full size; the report says whether it was done
 * @property {boolean} [decontaminate] remove the background's colour from soft edges; the report says whether it was done
 * @property {'keep' | 'ignore'} [ownAlpha] of a picture that is cut out already, as a twentieth of it that is clear tells: `keep` when left
 *   out, so that its own transparency is the matte, the model does not run, and the note `already-cut-out` says so. `ignore` has the
 *   model find a subject in what can be seen of it; what the file makes transparent stays so
 * @property {'remove' | 'keep'} [hidden] the colours of what is cut away: `remove` when left out, so that nobody can bring it back; but
 *   for a rim of 4 to 7 pixels around what can be seen, they become one. `keep` leaves what was there below transparency
 *
 * @typedef {object} SheetPlan a sheet of photos to be cut, in pixels
 * @property {number} width
 * @property {number} height
 * @property {number} density dots per inch
 * @property {{ width: number, height: number }} photo size of each
 * @property {{ x: number, y: number, of: number }[]} copies `of` the photo of that number
 * @property {{ x: number, y: number, width: number, height: number }[]} lines
 */
export {};
