// What tests/harness/batch.py runs inside the page: arguments are a task's name, its argument, and WebDriver's callback.
const [task, argument, done] = arguments;

const SETTLED = ['done', 'failed', 'cancelled'];
const jobs = () => [...document.querySelectorAll('[data-job]')];
const text = (job, name) => job.querySelector(`[data-part=${name}]`)?.textContent.trim() ?? '';

// Kept in the page itself: Firefox gives every script a global object of its own.
function note({ dataset }) {
  if (dataset.state !== 'queued') dataset.began ??= performance.now();
  if (SETTLED.includes(dataset.state)) dataset.ended ??= performance.now();
}

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
/** Time in which the page makes a file by itself, where it has room for it. */
const PATIENCE_MS = 20_000;

// A card is made when it is looked at.
async function seen(job) {
  job.scrollIntoView();
  while (!('made' in job.dataset)) await new Promise(requestAnimationFrame);
}

// Files are made once nothing else is to be done; where there is no room for more of them, when they are taken.
async function made(job) {
  await seen(job);
  const [link, prepare] = ['download', 'prepare'].map((name) => job.querySelector(`[data-part=${name}]`));
  const until = Date.now() + PATIENCE_MS;
  let isTaken = false;
  while (!link.getAttribute('href')) {
    if (!isTaken && Date.now() > until) {
      isTaken = true;
      prepare.click();
    }
    await pause(50);
  }
  return link.href;
}

async function picture(job) {
  const image = new Image();
  image.src = await made(job);
  await image.decode();
  return image;
}

// The size of what is shown as the photo; none where the browser cannot show it.
async function original(job) {
  const image = new Image();
  image.src = job.querySelector('.compare-before')?.src ?? '';
  const isShown = await image.decode().then(() => true, () => false);
  return isShown ? [image.naturalWidth, image.naturalHeight] : null;
}

async function read(job) {
  await seen(job);
  const { began, ended } = job.dataset;
  const card = { name: text(job, 'name'), state: job.dataset.state, ms: Math.round(ended - began) };
  if (card.state === 'done') {
    const { naturalWidth, naturalHeight } = await picture(job);
    const notes = [...job.querySelectorAll('[data-note]')].map((item) => item.textContent);
    return { ...card, size: [naturalWidth, naturalHeight], original: await original(job), notes };
  }
  const said = [text(job, 'what'), text(job, 'advice')].join(' ');
  return { ...card, code: text(job, 'code'), said, details: JSON.parse(text(job, 'details') || '{}') };
}

async function pixels(name) {
  const image = await picture(jobs().find((job) => text(job, 'name') === name));
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let binary = '';
  for (let at = 0; at < data.length; at += 32_768) binary += String.fromCharCode(...data.subarray(at, at + 32_768));
  return [canvas.width, canvas.height, btoa(binary)];
}

const tasks = {
  // Notes when each job begins and ends, by the page's own clock.
  async watch() {
    new MutationObserver(() => jobs().forEach(note)).observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-state'] });
  },
  async states() {
    return jobs().map((job) => job.dataset.state);
  },
  // How many were no photos and got no card, and what is said of them.
  async refused() {
    const notice = document.querySelector('[data-notice=leftOut]');
    if (!notice) return { count: 0, said: '' };
    const title = text(notice, 'title');
    return { count: Number.parseInt(title, 10), said: [title, text(notice, 'body')].join(' ') };
  },
  // What every card says, and how large the picture behind its download is.
  async read() {
    const cards = [];
    for (const job of jobs()) cards.push(await read(job));
    return cards;
  },
  // RGBA of the pictures behind the downloads of some files, in base64.
  async pixels(names) {
    const all = [];
    for (const name of names) all.push(await pixels(name));
    return all;
  },
};

tasks[task](argument).then(
  (value) => done({ value: value ?? null }),
  (error) => done({ error: String(error) }),
);
