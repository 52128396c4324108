// Put into every new document before its own scripts, for reloads: when is the page ready for a photo? Not there while
// the page's thread is watched: asking is work.
(() => {
  const ASK_EVERY_MS = 10;
  const readiness = { ms: null, stages: null, error: null };
  globalThis.benchReadiness = readiness;
  const pause = () => new Promise((resolve) => { setTimeout(resolve, ASK_EVERY_MS); });

  // The page warms up by itself where everything is stored, and `diagnostics` then holds the report.
  const awaitReport = async () => {
    const { diagnostics } = await import(new URL('api.js', document.querySelector('script[type=module]').src).href);
    for (;;) {
      const [report] = (await diagnostics()).reports;
      if (report) return Object.assign(readiness, { ms: performance.now(), stages: report.ms });
      await pause();
    }
  };
  addEventListener('DOMContentLoaded', () => void awaitReport().catch((error) => { readiness.error = String(error); }));
})();
