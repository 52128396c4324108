// What is timed in the page. Arguments: a task's name and the callback that WebDriver waits for.
const [task, done] = arguments;

// The tree's own module, not /api.js, which would be a request: it is the instance that the page itself uses.
const api = () => import(new URL('api.js', document.querySelector('script[type=module]').src).href);
const photo = () => document.getElementById('bench-photo').files[0];

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
    return (await api()).preload();
  },
  async catalog() {
    const { version, tree, encoding, runtime } = await (await api()).catalog();
    return { version, tree, encoding, runtime: runtime.version };
  },
  // A file from disk, as a person's is. The page's own input would start a job.
  async input() {
    const input = Object.assign(document.createElement('input'), { type: 'file', id: 'bench-photo' });
    document.body.append(input);
  },
  async prepareBare() {
    return ask({ photo: photo() });
  },
  async bare() {
    return ask({});
  },
  async cutout() {
    const { removeBackground } = await api();
    const started = performance.now();
    const { cutout, report } = await removeBackground(photo());
    return { ms: performance.now() - started, stages: report.ms, size: report.size, bytes: cutout.size, threads: report.threads, backend: report.backend };
  },
};

tasks[task]().then(
  (value) => done({ value }),
  (error) => done({ error: `${task}: ${error.code ?? ''} ${error}` }),
);
