// Put behind the inference worker's own code, by the benchmark's server only. It runs the model that serves the cutouts,
// on the same photo's pixels, and tells the model's own time. A cutout's own code is left as it is.
/* global ready */
{
  const line = new BroadcastChannel('mattebox-bench');
  // A script that runs in parallel must find the pipeline's modules, which the worker has loaded already.
  const prepared = import('../image/read/decode.js');
  let pixels = null;

  line.onmessage = async ({ data }) => {
    try {
      if (data.photo) {
        const { decode } = await prepared;
        pixels = await decode(data.photo);
        line.postMessage({ prepared: true });
        return;
      }
      const { ms } = await ready.task.run(pixels);
      line.postMessage({ ms: ms.run });
    } catch (error) {
      line.postMessage({ error: String(error) });
    }
  };
}
