/**
 * What crosses between the editor and its worker, which holds one opened document: its photo, its matte as the model gave it, and as it
 * was edited, all at full size. No code lives here.
 *
 * Levels: 0 is the photo's own pixels; at level n each pixel is the mean of 2^n x 2^n of them (colours weighed by alpha). Boxes are
 * always in the photo's pixels; those of pictures lie on multiples of 2^level, but for the photo's right and lower edge.
 *
 * @typedef {import('../document/edits.js').Box} Box
 * @typedef {import('../document/edits.js').Point} Point
 * @typedef {import('../document/edits.js').Edit} Edit
 * @typedef {import('../document/edits.js').Brush} Brush
 * @typedef {import('../document/document.js').SmallMatte} SmallMatte
 * @typedef {import('./protocol-output.js').OutputOptions} OutputOptions
 *
 * @typedef {'cutout' | 'matte' | 'photo'} Look `cutout`: what a file holds where nothing is behind it, with its transparency; `matte`: grey, `photo`:
 *   as it was, both opaque
 * @typedef {{ box: Box, level: number, bitmap: ImageBitmap }} Picture of a part of the document, to be drawn at the box and closed
 *
 * @typedef {object} Piece of the matte, that hangs together with nothing else
 * @property {Point} at a pixel in it
 * @property {Box} box
 * @property {number} area pixels
 * @property {boolean} isKept false for one that was removed; what is told of it is as the model gave it
 *
 * @typedef {object} Changed
 * @property {Box | null} changed where what is seen is another now; null for nowhere
 * @property {number} done how many edits hold now
 * @property {number} undone how many can be done again
 *
 * @typedef {object} EditCalls
 * @property {{ args: { source: Blob | ImageBitmap, matte: SmallMatte | null, size: { width: number, height: number }, edits: Edit[], output: OutputOptions },
 *   result: { size: { width: number, height: number }, hasAlpha: boolean }, progress: never }} open a document; once, before all else. `output`: whether
 *   edges are followed and colours decontaminated; `hasAlpha`: the photo is not opaque by itself
 * @property {{ args: { box: Box, level: number, look: Look }, result: Picture, progress: never }} picture of a part
 * @property {{ args: { brush: Brush, size: number, hardness: number, points: Float32Array<ArrayBuffer>, isLast: boolean, level: number, look: Look, visible: Box },
 *   result: Changed & { picture: Picture | null }, progress: never }} paint goes on with the stroke that is being drawn, or begins one: `points` are those
 *   that have come since. With the last of them, it is an edit. `picture`: what of it is visible. `edge` changes nothing before its last call
 * @property {{ args: {}, result: Changed, progress: never }} giveUp the stroke that is being drawn, as if it had not been begun
 * @property {{ args: { edit: Edit }, result: Changed, progress: never }} apply an edit that is whole at once; of two adjustments in a row, the second
 *   replaces the first
 * @property {{ args: {}, result: Changed, progress: never }} undo
 * @property {{ args: {}, result: Changed, progress: never }} redo
 * @property {{ args: {}, result: { edits: Edit[] }, progress: never }} edits that hold now
 * @property {{ args: {}, result: { pieces: Piece[], outlines: Uint32Array<ArrayBuffer>[], areas: Uint32Array<ArrayBuffer> }, progress: never }} pieces of the matte, the largest first, and those that were
 *   removed, a thousand at most; `outlines` of each: pairs of x and y of closed polygons, a polygon's first point given again at its end, to be filled
 *   by the even-odd rule; `areas` in pixels of all pieces of the matte, the largest first: how many are specks
 * @property {{ args: { longest: number }, result: { bitmap: ImageBitmap } | null, progress: never }} ground that the document's background is, at the size of a
 *   screen; null for none and for a plain colour
 */
export {};
