/**
 * Segmenting by points and boxes: a photo is seen once, and what each prompt means in it is then asked of a small part of the model.
 * No code lives here.
 *
 * @typedef {import('../document/edits.js').Box} Box
 * @typedef {import('../document/document.js').SmallMatte} SmallMatte
 *
 * @typedef {{ x: number, y: number, isInside: boolean }} SegmentPoint in the photo's pixels; `isInside`: what is meant is there, or is not
 * @typedef {{ points: SegmentPoint[], box: Box | null }} SegmentPrompt what is meant: one point at least, or a box; with both, what is in the box
 *
 * @typedef {object} SegmentAnswer what a model takes a prompt to mean
 * @property {Box} seen the part of the photo that `matte` is of: all of it
 * @property {SmallMatte} matte how likely each place belongs to it
 * @property {number} score 0..1, how sure the model is of it
 *
 * @typedef {object} SegmentPhoto
 * @property {Blob | ImageBitmap} source
 * @property {{ width: number, height: number }} size at which it is worked on; prompts are in these pixels
 * @property {string} handle under which it is asked about
 *
 * @typedef {object} SegmentCalls
 * @property {{ args: SegmentPhoto, result: { heap: number | null, ms: { decode: number, pre: number, run: number } },
 *   progress: { stage: 'decoding' | 'running' } }} see a photo, and keep what the model knows of it, of a few
 * @property {{ args: { handle: string, prompt: SegmentPrompt }, result: { answer: SegmentAnswer, ms: number } | null, progress: never }} ask about a photo; null
 *   where it is not kept (any more)
 * @property {{ args: { handle: string }, result: void, progress: never }} dropPhoto that is not asked about any more
 */
export {};
