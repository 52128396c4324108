// Put before everything in a page: notes what its realm and each worker's (bench/modules.py has them tell) asked for, and when.
{
  const asked = [];
  globalThis.benchModules = asked;
  performance.setResourceTimingBufferSize(10_000);
  const page = new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) asked.push({ realm: 'page', url: name, at: performance.timeOrigin + startTime });
  });
  page.observe({ type: 'resource', buffered: true });
  new BroadcastChannel('bench-modules').addEventListener('message', ({ data }) => { asked.push(...data); });
  globalThis.benchMoments = {};
  const look = () => {
    const card = document.querySelector('[data-job]');
    const moments = globalThis.benchMoments;
    if (card?.querySelector('.compare[data-compared]')) moments.preview ??= Date.now();
    if (card?.querySelector('[data-part=download][href]')) moments.file ??= Date.now();
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
}
