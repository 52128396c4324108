// Runs in a page that does nothing by itself, called by WebDriver: a task's name, what it is given, and the callback.
const [task, given, done] = arguments;

const api = () => import(new URL('api.js', document.baseURI).href);
const fromBase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

const tasks = {
  // What a decision builds upon without being part of it: the page's own modules, and the catalog, which is a request.
  async catalog() {
    const { version, tree, runtime } = await (await api()).catalog();
    return { version, tree, runtime: runtime.version };
  },
  async decide() {
    const { route } = await api();
    const started = performance.now();
    const { reason, findings, attempts } = await route();
    const ms = performance.now() - started;
    const { ms: lookMs, gpu, cpu, remembered } = findings;
    return { ms, reason, first: attempts[0], findings: { lookMs, gpu, cpu, remembered } };
  },
  async download({ backend }) {
    const { stored } = await (await api()).download({ backend });
    return stored;
  },
  // Given up after `capMs`; `isCapped` then says so.
  async cutout({ photo, backend, capMs }) {
    const { removeBackground } = await api();
    const signal = AbortSignal.timeout(capMs);
    const started = performance.now();
    const ms = () => performance.now() - started;
    try {
      const { report } = await removeBackground(new Blob([fromBase64(photo)]), { backend, signal });
      const { reason, backend: ran, threads, runtime, attempts } = report;
      return { ms: ms(), isCapped: false, ran, reason, threads, build: runtime.build, stages: report.ms, attempts };
    } catch (error) {
      if (error.code !== 'cancelled') throw error;
      return { ms: ms(), isCapped: true };
    }
  },
};

tasks[task](given).then(
  (value) => done({ value }),
  (error) => done({ error: `${task}: ${error.code ?? ''} ${error}` }),
);
