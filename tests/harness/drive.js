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
    const { background } = options.output ?? {};
    if (background?.image) background.image = new Blob([fromBase64(background.image)]);
    const { cutout, matte, report } = await removeBackground(new Blob([fromBase64(photo)]), { ...options, onProgress, signal: controller.signal });
    return { cutout: await toBase64(cutout), matte: await toBase64(matte), types: [cutout.type, matte.type], report, events };
  },
  // Several photos at once, as a batch hands them over: how each ended, and when what happened, in ms.
  async batch({ photos, options }) {
    const { removeBackground } = await api();
    const began = performance.now();
    const now = () => performance.now() - began;
    const one = async (photo) => {
      const events = [];
      const onProgress = (event) => events.push({ ...event, at: now() });
      try {
        const { matte, report } = await removeBackground(new Blob([fromBase64(photo)]), { ...options, onProgress });
        return { matte: await toBase64(matte), report, events, at: now() };
      } catch (error) {
        return { error: { code: error.code, details: error.details }, events, at: now() };
      }
    };
    return Promise.all(photos.map(one));
  },
  // A document's file, and the same after the model has looked at a part of it.
  async look({ photo, box, options }) {
    const { openDocument, lookAt, editDocument, finishDocument } = await api();
    const opened = await openDocument(new Blob([fromBase64(photo)]));
    const events = [];
    const { edit, report } = await lookAt(opened.document, box, { ...options, onProgress: (event) => events.push(event) });
    const edited = await editDocument(opened.document, [edit]);
    const [before, after] = await Promise.all([opened.document, edited].map((one) => finishDocument(one)));
    return { before: await toBase64(before.cutout), after: await toBase64(after.cutout), seen: edit.seen, report, events };
  },
  // What a photo is offered to be asked with, and the answers: 16 bits a place, in base64.
  async segment({ photo, size, prompts }) {
    const { segmenter } = await api();
    const offer = await segmenter().offered();
    const events = [];
    await segmenter().open({ source: new Blob([fromBase64(photo)]), size, handle: 'photo' }, { onProgress: (event) => events.push(event) });
    const answers = [];
    for (const prompt of prompts) {
      const { matte, ...answer } = await segmenter().ask('photo', prompt);
      answers.push({ ...answer, columns: matte.columns, rows: matte.rows, values: await toBase64(new Blob([matte.values])) });
    }
    await segmenter().close('photo');
    return { offer, answers, events, after: await segmenter().offered() };
  },
  async preload(options) {
    return (await api()).preload(options);
  },
  async offer(options) {
    return (await api()).offer(options);
  },
  async offeredGenerator() {
    return (await api()).offeredGenerator();
  },
  // A picture from words, and from `start`, base64 of an image; `cancelAt` aborts when that part runs.
  async generate({ prompt, seed, start, cancelAt }) {
    const controller = new AbortController();
    const events = [];
    const onProgress = (event) => {
      events.push(event);
      if (event.stage === 'running' && event.part === cancelAt) controller.abort();
    };
    const { picture, report } = await (await api()).generatePicture({ prompt, seed, start: start && new Blob([fromBase64(start)]), signal: controller.signal, onProgress });
    return { picture: await toBase64(picture), type: picture.type, report, events };
  },
  async catalog() {
    return (await api()).catalog();
  },
  async route(options) {
    return (await api()).route(options);
  },
  async measure() {
    return (await api()).measure();
  },
  async environment() {
    return (await api()).environment();
  },
  async diagnostics() {
    return (await api()).diagnostics();
  },
  async stored() {
    return (await api()).stored();
  },
  async forget(options) {
    return (await api()).forget(options);
  },
  // Download, and stop when `pauseAt` bytes are here.
  async download({ model, pauseAt }) {
    const controller = new AbortController();
    const events = [];
    const onProgress = (event) => {
      events.push(event);
      if (pauseAt !== undefined && event.loaded >= pauseAt) controller.abort();
    };
    const result = await (await api()).download({ model, signal: controller.signal, onProgress });
    return { ...result, events };
  },
  // What really lies in the store: the SHA-256 of a file's segments in a row, or null when it is not whole.
  async digestOfStored({ sha256, segments }) {
    const cache = await caches.open('mattebox-store-1');
    const key = (part) => new URL(`/mattebox-store/${sha256}/${part}`, location.href).href;
    if (!(await cache.match(key('record')))) return null;
    const parts = [];
    for (let index = 0; index < segments; index++) parts.push(await (await cache.match(key(index))).arrayBuffer());
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await new Blob(parts).arrayBuffer()));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  },
  // Change one stored segment, or take it away.
  async damageStore({ file, how, index = 0 }) {
    const cache = await caches.open('mattebox-store-1');
    const key = (await cache.keys()).find(({ url }) => url.endsWith(`${file}/${index}`));
    if (how === 'evict') return cache.delete(key);
    const bytes = new Uint8Array(await (await cache.match(key)).arrayBuffer());
    if (how === 'flip') bytes[bytes.length >> 1] ^= 1;
    await cache.put(key, new Response(how === 'cut' ? bytes.subarray(0, -1) : bytes));
    return true;
  },
};

tasks[task](args).then(
  (value) => done({ value }),
  (error) => done({ error: { code: error.code, message: error.message, advice: error.advice, details: error.details, text: String(error) } }),
);
