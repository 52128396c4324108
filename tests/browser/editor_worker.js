// Runs in the page, called by WebDriver: a task's name, and the callback.
const [task, done] = arguments;

const [WIDTH, HEIGHT] = [640, 480];
const SIZE = { width: WIDTH, height: HEIGHT };
const WHOLE = { x: 0, y: 0, ...SIZE };

async function documentOf() {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d');
  const ground = context.createLinearGradient(0, 0, WIDTH, HEIGHT);
  ground.addColorStop(0, '#183');
  ground.addColorStop(1, '#3ac');
  context.fillStyle = ground;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.fillStyle = '#d42';
  context.filter = 'blur(6px)';
  context.arc(300, 240, 150, 0, 7);
  context.fill();
  const [columns, rows] = [64, 48];
  const values = Uint16Array.from({ length: columns * rows }, (_, i) => {
    const away = Math.hypot((i % columns) * 10 + 5 - 300, Math.floor(i / columns) * 10 + 5 - 240);
    return 65535 * Math.min(1, Math.max(0, (160 - away) / 20));
  });
  const file = await canvas.convertToBlob({ type: 'image/png' });
  return { id: 'a', revision: 1, file, reduce: false, matte: { values, columns, rows }, size: SIZE, edits: [], finish: null };
}

/** Its pixels, drawn with what a canvas makes of transparency. */
function pixelsOf(bitmap) {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
}

const points = (...values) => Float32Array.from(values);
const brush = (name) => ({ brush: name, size: 60, hardness: 0.5, level: 0, look: 'cutout', visible: WHOLE });
const codeOf = (promise) => promise.then(() => 'nothing', ({ code }) => code);

const tasks = {
  async file(api) {
    const document = await documentOf();
    const editor = await api.openEditor(document);
    // Pictures that come with a stroke are drawn over those that there are.
    const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.globalCompositeOperation = 'copy';
    const draw = ({ picture }) => {
      const { box, bitmap } = picture;
      context.clearRect(box.x, box.y, box.width, box.height);
      context.save();
      context.beginPath();
      context.rect(box.x, box.y, box.width, box.height);
      context.clip();
      context.drawImage(bitmap, box.x, box.y);
      context.restore();
      bitmap.close();
    };
    draw({ picture: await editor.picture({ box: WHOLE, level: 0, look: 'cutout' }) });
    draw(await editor.paint({ ...brush('erase'), points: points(200, 200, 1, 260, 260, 0.5), isLast: false }));
    draw(await editor.paint({ ...brush('erase'), points: points(330, 210, 1), isLast: true }));
    draw(await editor.paint({ ...brush('restore'), points: points(500, 400, 1, 600, 470, 1), isLast: true }));
    await editor.paint({ ...brush('restore'), points: points(20, 20, 1), isLast: false });
    await editor.giveUp();
    await editor.apply({ kind: 'adjust', feather: 3, shift: -2 });
    await editor.undo();
    const { done: count } = await editor.redo();
    draw({ picture: await editor.picture({ box: WHOLE, level: 0, look: 'cutout' }) });
    const edits = await editor.edits();
    editor.end();
    const { cutout } = await api.finishDocument({ ...document, edits });
    const file = pixelsOf(await createImageBitmap(cutout));
    const seen = context.getImageData(0, 0, WIDTH, HEIGHT).data;
    let [wrongAlpha, farthest] = [0, 0];
    for (let i = 0; i < file.length; i += 4) {
      if (file[i + 3] !== seen[i + 3]) wrongAlpha += 1;
      for (let c = i; c < i + 3; c++) farthest = Math.max(farthest, (Math.abs(file[c] - seen[c]) * file[i + 3]) / 255);
    }
    return { edits: edits.length, done: count, wrongAlpha, farthest };
  },

  async end(api) {
    const editor = await api.openEditor(await documentOf());
    const open = codeOf(editor.picture({ box: WHOLE, level: 0, look: 'cutout' }));
    editor.end();
    return { open: await open, after: await codeOf(editor.undo()) };
  },

  broken: async (api) => codeOf(api.openEditor({ ...(await documentOf()), file: new Blob([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0])]) })),

  async abort(api) {
    const controller = new AbortController();
    const opening = codeOf(api.openEditor(await documentOf(), { signal: controller.signal }));
    controller.abort();
    return opening;
  },
};

import(new URL('api.js', document.baseURI).href)
  .then((api) => tasks[task](api))
  .then(done, (error) => done(`${task}: ${error.stack ?? error}`));
