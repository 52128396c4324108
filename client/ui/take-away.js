/** Ways out besides the file on the disk, each where the browser has it. */

/** @returns {boolean} a picture can be put on the clipboard */
export const canCopy = () => 'ClipboardItem' in globalThis && Boolean(navigator.clipboard?.write);

/** @returns {boolean} files can be handed to other apps: on a device that is held in the hand, where a disk is far away */
export const canShare = () => matchMedia('(pointer: coarse)').matches && Boolean(navigator.canShare?.({ files: [new File([''], 'a.png', { type: 'image/png' })] }));

/**
 * Safari lets a page write only while a press is handled, so the picture is promised and made afterwards.
 * @param {Promise<Blob>} making
 * @throws {unknown} where it may not be, or cannot be made
 */
export const copyPicture = (making) => navigator.clipboard.write([new ClipboardItem({ 'image/png': making.then(asPng) })]);

/** @param {File} file @returns {Promise<boolean>} false where a person changed their mind */
export async function shareFile(file) {
  try {
    await navigator.share({ files: [file] });
    return true;
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') return false;
    throw thrown;
  }
}

/** Clipboards take PNG and no other type of picture. @param {Blob} blob */
async function asPng(blob) {
  if (blob.type === 'image/png') return blob;
  const bitmap = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
  return canvas.convertToBlob({ type: 'image/png' });
}
