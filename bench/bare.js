// Put behind the inference worker's own code, by the benchmark's server only. It runs the session that serves the
// cutouts, on the tensor of the same photo, with nothing around it. A cutout's own code is left as it is.
/* global ready */
{
  const line = new BroadcastChannel('mattebox-bench');
  // A script that runs in parallel must find the pipeline's modules, which the worker has loaded already.
  const prepared = (async () => {
    const { decode } = await import('../image/decode.js');
    const { toTensor } = await import('../image/tensor.js');
    return async (photo) => toTensor(await decode(photo), ready.model.input);
  })();
  let tensor = null;

  line.onmessage = async ({ data }) => {
    try {
      if (data.photo) {
        tensor = await (await prepared)(data.photo);
        line.postMessage({ prepared: true });
        return;
      }
      const started = performance.now();
      await ready.session.run(tensor);
      line.postMessage({ ms: performance.now() - started });
    } catch (error) {
      line.postMessage({ error: String(error) });
    }
  };
}
