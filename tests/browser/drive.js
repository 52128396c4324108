// What the tests run inside the page, through the public seam: arguments are a function's name, its arguments, and the
// callback that WebDriver waits for.
const [task, args, done] = arguments;

const api = () => import(new URL('api.js', document.baseURI).href);
const fromBase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const toBase64 = (blob) =>
  new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
    reader.readAsDataURL(blob);
  });

const tasks = {
  async cutOut({ photo, options, cancelAt }) {
    const { removeBackground } = await api();
    const controller = new AbortController();
    const events = [];
    const onProgress = (event) => {
      events.push(event);
      if (event.stage === cancelAt) controller.abort();
    };
    const { cutout, matte, report } = await removeBackground(new Blob([fromBase64(photo)]), { ...options, onProgress, signal: controller.signal });
    return { cutout: await toBase64(cutout), matte: await toBase64(matte), types: [cutout.type, matte.type], report, events };
  },
  async preload(options) {
    return (await api()).preload(options);
  },
  async offer(options) {
    return (await api()).offer(options);
  },
  async catalog() {
    return (await api()).catalog();
  },
  async diagnostics() {
    return (await api()).diagnostics();
  },
  // Change one stored segment, or take it away.
  async damageStore({ file, how }) {
    const cache = await caches.open('mattebox-store-1');
    const keys = (await cache.keys()).filter(({ url }) => url.includes(file) && !url.endsWith('record'));
    if (how === 'evict') return cache.delete(keys[0]);
    const bytes = new Uint8Array(await (await cache.match(keys[0])).arrayBuffer());
    bytes[bytes.length >> 1] ^= 1;
    await cache.put(keys[0], new Response(bytes));
    return keys.length;
  },
};

tasks[task](args).then(
  (value) => done({ value }),
  (error) => done({ error: { code: error.code, message: error.message, advice: error.advice, details: error.details, text: String(error) } }),
);
