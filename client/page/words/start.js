/**
 * What a picture may begin with: a photo's own background, blurred, without its subject. Nothing of the subject is in it, so that none is made
 * where the real one is going to stand.
 *
 * @typedef {import('../../document/document.js').Document} Document
 */

/** Of the blur that backgrounds may have: colours and rough shapes are left. */
const STRENGTH = 0.6;
/** Pixels of the longer side, at most: models take 512 by 512, which is filled by what is no longer than twice as wide. */
const LONGEST = 1024;

/** The same picture for the same document: what a model makes of it is kept as long as it is. @type {WeakMap<Blob, { revision: number, start: Promise<Blob | null> }>} */
const known = new WeakMap();

/**
 * @param {Pick<typeof import('../../api.js'), 'openEditor'>} engine
 * @param {Document} photo
 * @returns {Promise<Blob | null>} PNG
 * @throws {import('../../shared/errors.js').MatteboxError} of a photo that cannot be opened any more
 */
export function startOf(engine, photo) {
  const { file, revision } = photo;
  const held = known.get(file);
  if (held?.revision === revision) return held.start;
  const start = backgroundOf(engine, photo);
  known.set(file, { revision, start });
  start.catch(() => known.delete(file));
  return start;
}

/** @param {Pick<typeof import('../../api.js'), 'openEditor'>} engine @param {Document} photo */
async function backgroundOf(engine, photo) {
  const editor = await engine.openEditor(photo, { output: { background: { kind: 'blur', strength: STRENGTH } } });
  try {
    const bitmap = await editor.ground(LONGEST);
    if (!bitmap) return null;
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
    return await canvas.convertToBlob();
  } finally {
    editor.end();
  }
}
