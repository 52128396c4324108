// Photos that are no files, through `finish`, which needs no model: what came of each, and what was refused.
const [encoded, done] = arguments;
(async () => {
  const { removeBackground, finish } = await import(new URL('api.js', document.baseURI).href);
  const canvas = Object.assign(document.createElement('canvas'), { width: 3, height: 2 });
  const context = canvas.getContext('2d');
  context.fillStyle = '#c86432';
  context.fillRect(0, 0, 3, 2);
  const straight = new ImageData(Uint8ClampedArray.from({ length: 24 }, (_, i) => i * 10), 3, 2);
  const image = new Image();
  image.src = canvas.toDataURL();
  await image.decode();
  const offscreen = new OffscreenCanvas(3, 2);
  offscreen.getContext('2d').drawImage(canvas, 0, 0);
  const closed = await createImageBitmap(canvas);
  closed.close();
  const matte = new Blob([Uint8Array.from(atob(encoded), (one) => one.charCodeAt(0))]);
  const photos = { canvas, offscreen, image, straight, bitmap: await createImageBitmap(canvas) };
  const made = {};
  for (const [name, photo] of Object.entries(photos)) {
    const { cutout } = await finish(photo, await matte.arrayBuffer(), { output: { decontaminate: false } });
    made[name] = [...new Uint8Array(await cutout.arrayBuffer())];
  }
  const told = ({ code, message }) => `${code}: ${message}`;
  const refused = {};
  const wrong = { closed, unloaded: new Image(), video: document.createElement('video'), empty: new OffscreenCanvas(0, 1) };
  for (const [name, photo] of Object.entries(wrong)) refused[name] = await finish(photo, matte).then(() => '', told);
  refused.options = await removeBackground(matte, null).then(() => '', told);
  const background = { kind: 'image', image: 'a.png' };
  refused.background = await finish(canvas, matte, { output: { background } }).then(() => '', told);
  done({ made, refused });
})().catch((error) => done({ failed: String(error) }));
