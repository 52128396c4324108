// Arguments: a task and what it is given. Ends with { value }, or { error } as the page's own code would catch it.
const [task, given, done] = arguments;

const api = () => import(new URL('api.js', document.baseURI).href);
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** Milliseconds that a call takes. @param {() => Promise<unknown>} call */
async function timed(call) {
  const started = performance.now();
  await call();
  return performance.now() - started;
}

const tasks = {
  // A model that selects, brought up with a first photo.
  async begin({ photo, size }) {
    const segmenter = (await api()).segmenter();
    const offer = await segmenter.offered();
    if (!offer) return { refused: segmenter.refusals };
    const ms = await timed(() => segmenter.open({ source: new Blob([bytes(photo)]), size, handle: 'first' }));
    return { id: offer.id, ms };
  },
  // It is up: a photo is decoded, made small and seen.
  async see({ photo, size, handle }) {
    const segmenter = (await api()).segmenter();
    return timed(() => segmenter.open({ source: new Blob([bytes(photo)]), size, handle }));
  },
  // Clicks here and there, one after the other.
  async ask({ size, handle, count }) {
    const segmenter = (await api()).segmenter();
    const ms = [];
    for (let i = 0; i < count; i++) {
      const point = { x: (size.width * (i + 1)) / (count + 1), y: size.height / 2, isInside: true };
      ms.push(await timed(() => segmenter.ask(handle, { points: [point], box: null })));
    }
    return ms;
  },
  // What the browser's GPU is judged to be, by the model that every page has.
  async gpu() {
    return (await (await api()).route({ backend: 'webgpu' })).verdict;
  },
  async words() {
    return (await api()).offeredGenerator();
  },
};

tasks[task](given).then((value) => done({ value }), ({ code, message }) => done({ error: { code, message } }));
