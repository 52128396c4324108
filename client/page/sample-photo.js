/**
 * A photo to try: "coffee" by Rachel Michetti, courtesy of Pikolo Espresso Bar, from scikit-image's data, CC0 1.0.
 * A page that opens no connections gets its bytes as a picture.
 *
 * @returns {Promise<File>}
 */
export async function samplePhoto() {
  const picture = new Image();
  picture.src = new URL('../samples/coffee.jpg', import.meta.url).href;
  await picture.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: picture.naturalWidth, height: picture.naturalHeight });
  canvas.getContext('2d')?.drawImage(picture, 0, 0);
  /** @type {Blob | null} */
  const blob = await new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });
  if (!blob) throw new TypeError('the browser drew nothing');
  return new File([blob], 'coffee.png', { type: blob.type });
}
