// Put behind the inference worker's own code, by the benchmark's server only: what the pipeline does by itself, and
// what a canvas would do, on the pixels of one cutout.
{
  const line = new BroadcastChannel('mattebox-bench');
  let bitmap = null;
  let pixels = null;

  const canvasOf = (width, height) => new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });

  const prepare = async ({ photo, matte }) => {
    const { decodeMatte } = await import('../image/write/encode.js');
    bitmap = await createImageBitmap(photo);
    const { width, height } = bitmap;
    const context = canvasOf(width, height);
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const { values } = await decodeMatte(matte);
    for (let i = 0; i < values.length; i++) data[i * 4 + 3] = values[i] / 257;
    pixels = { data, width, height };
    return {};
  };

  const ways = {
    resize: {
      async ours(side) {
        const { resizeToPlanes } = await import('../image/scale/resample.js');
        const started = performance.now();
        resizeToPlanes(pixels, side, side);
        return { ms: performance.now() - started };
      },
      async canvas(side) {
        const started = performance.now();
        const context = canvasOf(side, side);
        context.imageSmoothingQuality = 'high';
        context.drawImage(bitmap, 0, 0, side, side);
        const { data } = context.getImageData(0, 0, side, side);
        const planes = new Uint8ClampedArray(side * side * 3);
        for (let i = 0, n = side * side; i < n; i++) for (let c = 0; c < 3; c++) planes[c * n + i] = data[i * 4 + c];
        return { ms: performance.now() - started };
      },
    },
    png: {
      async ours() {
        const { encode } = await import('../image/write/encode.js');
        const started = performance.now();
        const blob = await encode(pixels);
        return { ms: performance.now() - started, bytes: blob.size };
      },
      async canvas() {
        const started = performance.now();
        const context = canvasOf(pixels.width, pixels.height);
        context.putImageData(new ImageData(pixels.data, pixels.width, pixels.height), 0, 0);
        const blob = await context.canvas.convertToBlob({ type: 'image/png' });
        return { ms: performance.now() - started, bytes: blob.size };
      },
    },
  };

  line.onmessage = async ({ data }) => {
    try {
      line.postMessage(data.photo ? await prepare(data) : await ways[data.what][data.by](data.side));
    } catch (error) {
      line.postMessage({ error: String(error) });
    }
  };
}
