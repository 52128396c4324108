// One cutout, in the page that is shown. Arguments: 'mattebox', 'preview' (until its first picture), 'first' and 'first preview' (the same in a page that has run
// nothing, as the page itself asks for it) or 'rival'; the model's id, whether to return the matte, and the callback that WebDriver waits for.
/* global benchWatch, rival */
const [who, model, wanted, done] = arguments;
const photo = () => document.getElementById('bench-photo').files[0];

const ours = () => import(new URL('api.js', document.querySelector('script[type=module]').src).href);

const cut = {
  async mattebox(more = {}) {
    const { removeBackground } = await ours();
    const { cutout, report } = await removeBackground(photo(), { model, ...more });
    return { cutout, stages: report.ms, threads: report.threads.got, backend: report.backend };
  },
  // What is shown can be taken back, so the photo goes before the model's test.
  first: () => cut.mattebox({ onWithdraw() {} }),
  async preview(more = {}) {
    const { openDocument, closeDocument } = await ours();
    let seen = null;
    const started = performance.now();
    const { document: made, preview } = await openDocument(photo(), { model, longest: 1000, onPreview: () => { seen ??= performance.now() - started; }, ...more });
    seen ??= performance.now() - started;
    await closeDocument(made);
    return { cutout: preview.image, seen };
  },
  'first preview': () => cut.preview({ onWithdraw() {} }),
  // Its defaults, but for where its files are and for the threads of a machine without a GPU.
  async rival() {
    return { cutout: await rival.removeBackground(photo(), { publicPath: new URL('public/', location.href).href, device: 'cpu' }) };
  },
};

const base64 = async (blob) => {
  let text = '';
  for (const byte of new Uint8Array(await blob.arrayBuffer())) text += String.fromCharCode(byte);
  return btoa(text);
};

async function measured() {
  const started = performance.now();
  const { cutout, seen, ...facts } = await cut[who]();
  const ms = seen ?? performance.now() - started;
  // Entries of the last task come after it.
  await new Promise((resolve) => { setTimeout(resolve, 300); });
  const since = (entries) => entries.filter(({ at }) => at >= started - 10).map((entry) => entry.ms);
  const [tasks, gaps] = [since(benchWatch.longTasks), since(benchWatch.gaps)];
  return { ms, blockedMs: Math.max(0, ...tasks), lateMs: Math.max(0, ...gaps), bytes: cutout.size, ...facts, ...(wanted ? { png: await base64(cutout) } : {}) };
}

measured().then(
  (value) => done({ value }),
  (error) => done({ error: `${who}: ${error.code ?? ''} ${error}` }),
);
