// Appended to the delivery worker's own script, which is the realm that may fetch: the same file by a bare fetch.
addEventListener('message', async ({ data }) => {
  if (!data.bareFetch) return;
  const started = performance.now();
  const bytes = await (await fetch(data.bareFetch, { cache: 'no-store' })).arrayBuffer();
  postMessage({ type: 'bareFetch', ms: performance.now() - started, bytes: bytes.byteLength });
});
