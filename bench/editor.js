// Runs in the page as a person has it, called by WebDriver: a task's name, what it is given, and the callback.
const [task, given, done] = arguments;

const state = (globalThis.benchEditor ??= { editor: null, document: null, deltas: null });
const seam = () => import(new URL('api.js', document.baseURI).href);
const dialog = () => document.querySelector('dialog[open] canvas')?.closest('dialog') ?? null;

/** Resolves with the time at which something holds, which is looked at in every frame. */
const when = (holds) =>
  new Promise((resolve) => {
    const look = () => (holds() ? resolve(performance.now()) : requestAnimationFrame(look));
    look();
  });
const times = async (work, count) => {
  const all = [];
  for (let i = 0; i < count; i++) {
    const started = performance.now();
    await work(i);
    all.push(performance.now() - started);
  }
  return all.sort((a, b) => a - b);
};
const median = (all) => all[Math.floor(all.length / 2)];
/** Something is drawn in the middle of the canvas. */
const isDrawn = (canvas) => canvas.width > 0 && canvas.getContext('2d').getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data[3] > 0;

/** A stroke of some points through the photo: deterministic, another one for each number. */
function strokeOf({ width, height }, number) {
  const points = new Float32Array(20 * 3);
  const [x, y] = [(number * 0.618) % 1, (number * 0.382) % 1];
  for (let i = 0; i < 20; i++) points.set([(0.1 + 0.8 * x) * width + i * 12, (0.1 + 0.8 * y) * height + 20 * Math.sin(i), 1], i * 3);
  return points;
}

const tasks = {
  // From the click on "Touch up" until the photo is to be seen.
  async open() {
    const button = document.querySelector('[data-job] [data-part=touch-up]');
    const started = performance.now();
    button.click();
    const shown = await when(() => { const open = dialog(); return open !== null && [...open.querySelectorAll('canvas')].some(isDrawn); });
    return { ms: shown - started };
  },
  async close() {
    history.back();
    await when(() => dialog() === null);
    return null;
  },
  // Frames from here on.
  async watch() {
    state.deltas = [];
    globalThis.benchWatch.longTasks.length = 0;
    let last = performance.now();
    const { deltas } = state;
    const look = (now) => {
      deltas.push(now - last);
      last = now;
      if (state.deltas === deltas) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    return null;
  },
  async watched() {
    const all = state.deltas.slice(1).sort((a, b) => a - b);
    state.deltas = null;
    const inTime = all.filter((ms) => ms <= 17.5).length / all.length;
    return { frames: all.length, inTime, p95: all[Math.floor(all.length * 0.95)], task: Math.max(0, ...globalThis.benchWatch.longTasks.map(({ ms }) => ms)) };
  },
  // A document of the photo in an input of our own, and an editor for it, through the seam.
  async begin() {
    const api = await seam();
    const [photo] = document.getElementById('bench-photo').files;
    const { document: opened } = await api.openDocument(photo);
    const started = performance.now();
    state.editor = await api.openEditor(opened);
    const { width, height } = state.editor.size;
    await state.editor.picture({ box: { x: 0, y: 0, width, height }, level: 2, look: 'cutout' });
    state.document = opened;
    return { ms: performance.now() - started };
  },
  async strokes({ count }) {
    const { editor } = state;
    const visible = { x: 0, y: 0, ...editor.size };
    const calls = [];
    const ends = [];
    for (let i = 0; i < count; i++) {
      const points = strokeOf(editor.size, i);
      for (let at = 0; at < points.length; at += 12) {
        const isLast = at + 12 >= points.length;
        const started = performance.now();
        const { picture } = await editor.paint({ brush: i % 2 ? 'restore' : 'erase', size: 100, hardness: 0.8, points: points.slice(at, at + 12), isLast, level: 2, look: 'cutout', visible });
        picture?.bitmap.close();
        (isLast ? ends : calls).push(performance.now() - started);
      }
    }
    const sorted = (all) => all.sort((a, b) => a - b);
    return { call: median(sorted(calls)), call95: calls[Math.floor(calls.length * 0.95)], end: median(sorted(ends)), end95: ends[Math.floor(ends.length * 0.95)] };
  },
  async undo() {
    const first = await times(() => state.editor.undo(), 5);
    await times(() => state.editor.redo(), 5);
    return { ms: median(first) };
  },
  // A stroke of 400 x 400 pixels over the rim of the subject.
  async edge() {
    const { editor } = state;
    const { width, height } = editor.size;
    const { outlines: [outline] } = await editor.pieces();
    const visible = { x: 0, y: 0, width, height };
    const all = [];
    for (let i = 0; i < 5; i++) {
      const at = Math.floor((outline.length / 2) * (i / 5 + 0.1)) * 2;
      const [x, y] = [Math.min(width - 210, Math.max(210, outline[at])), Math.min(height - 210, Math.max(210, outline[at + 1]))];
      const points = new Float32Array([x - 150, y - 150, 1, x + 150, y - 150, 1, x + 150, y, 1, x - 150, y, 1, x - 150, y + 150, 1, x + 150, y + 150, 1]);
      const started = performance.now();
      const { changed } = await editor.paint({ brush: 'edge', size: 100, hardness: 1, points, isLast: true, level: 2, look: 'cutout', visible });
      if (changed) all.push(performance.now() - started);
    }
    if (all.length === 0) throw new Error('no stroke met an edge');
    return { first: all[0], ms: median(all.sort((a, b) => a - b)) };
  },
  async save() {
    const api = await seam();
    const edits = await state.editor.edits();
    const edited = await api.editDocument(state.document, edits);
    const started = performance.now();
    const { cutout } = await api.finishDocument(edited);
    return { ms: performance.now() - started, edits: edits.length, bytes: cutout.size };
  },
  async end() {
    state.editor.end();
    await (await seam()).closeDocument(state.document);
    return null;
  },
};

tasks[task](given).then(
  (value) => done({ value }),
  (error) => done({ error: `${task}: ${error?.stack ?? error}` }),
);
