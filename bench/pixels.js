// Runs in a page that does nothing by itself, called by WebDriver: a task's name, what it is given, and the callback.
const [task, given, done] = arguments;

const api = () => import(new URL('api.js', document.baseURI).href);
const photo = (id) => document.getElementById(id).files[0];
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

const ask = (question) =>
  new Promise((resolve, reject) => {
    const line = new BroadcastChannel('mattebox-bench');
    line.onmessage = ({ data }) => {
      line.close();
      if (data.error) reject(new Error(data.error));
      else resolve(data);
    };
    line.postMessage(question);
  });

const tasks = {
  async preload() {
    const { catalog, preload } = await api();
    await preload();
    const { version, tree, runtime } = await catalog();
    return { version, tree, runtime: runtime.version };
  },
  // A file from disk, as a person's is.
  async input({ id }) {
    document.body.append(Object.assign(document.createElement('input'), { type: 'file', id }));
  },
  async cut({ id, output }) {
    const { removeBackground } = await api();
    globalThis.benchWatch.longTasks.length = 0;
    globalThis.benchWatch.gaps.length = 0;
    const started = performance.now();
    const { cutout, report } = await removeBackground(photo(id), { output });
    const ms = performance.now() - started;
    // Long tasks are delivered late, from an idle moment.
    await pause(300);
    const longest = (entries) => Math.max(0, ...entries.map((entry) => entry.ms));
    const page = { task: longest(globalThis.benchWatch.longTasks), gap: longest(globalThis.benchWatch.gaps) };
    return { ms, stages: report.ms, size: report.size, type: cutout.type, bytes: cutout.size, heap: report.memory.heap, threads: report.threads.got, backend: report.backend, page };
  },
  // Many photos, each finished before the next, as the page's queue does it. Nothing is kept of them.
  async batch({ id, count, output }) {
    const { removeBackground } = await api();
    const times = [];
    for (let i = 0; i < count; i++) {
      const started = performance.now();
      const { report } = await removeBackground(photo(id), { output });
      times.push({ ms: performance.now() - started, stages: report.ms });
    }
    return times;
  },
  // JavaScript and WebAssembly of the page and its workers in bytes, after a collection of what is unused.
  async memory() {
    await pause(3000);
    if (!performance.measureUserAgentSpecificMemory) return null;
    const { bytes, breakdown } = await performance.measureUserAgentSpecificMemory();
    const parts = breakdown.filter((part) => part.bytes > 0).map(({ bytes: held, types, attribution }) => ({ bytes: held, types, where: attribution.map(({ scope }) => scope) }));
    return { bytes, parts };
  },
  // The alternatives are tried where the pipeline runs: in the inference worker.
  async prepare({ id }) {
    const { removeBackground } = await api();
    const { matte } = await removeBackground(photo(id), {});
    return ask({ photo: photo(id), matte });
  },
  async alternative({ what, by, side }) {
    return ask({ what, by, side });
  },
};

tasks[task](given).then(
  (value) => done({ value }),
  (error) => done({ error: `${task}: ${error.code ?? ''} ${error} ${JSON.stringify(error.details ?? null)}` }),
);
