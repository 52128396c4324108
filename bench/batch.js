// Runs in the page as a person has it, called by WebDriver: a task's name, what it is given, and the callback.
const [task, given, done] = arguments;

const jobs = () => [...document.querySelectorAll('[data-job]')];
const frame = () => new Promise((resolve) => { requestAnimationFrame(resolve); });
const when = async (holds) => {
  while (!holds()) await frame();
  return performance.now();
};
const longest = (since) => Math.max(0, ...globalThis.benchWatch.longTasks.map(({ at, ms }) => (at >= since ? ms : 0)));
const isInView = (job) => {
  const { top, bottom } = job.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
};
const isSeen = (job) => {
  const picture = job.querySelector('.compare-after');
  return Boolean(picture?.complete && picture.naturalWidth > 0);
};

const tasks = {
  // The page's longest task since photos were chosen.
  async task() {
    return longest(globalThis.benchWatch.chosenMs);
  },
  // From the first card to the last, a screen at a time.
  async scroll() {
    const since = performance.now();
    const { scrollHeight } = document.documentElement;
    for (let y = 0; y < scrollHeight; y += innerHeight) {
      scrollTo(0, y);
      await frame();
      await when(() => jobs().filter(isInView).every((job) => 'made' in job.dataset));
    }
    scrollTo(0, 0);
    return longest(since);
  },
  async kept({ count }) {
    await when(() => document.querySelector('[data-part=kept-words]').textContent.startsWith(`${count} `));
    return null;
  },
  // From the page's first moment until each preview that is in view can be seen, and all photos are there.
  async restored({ count }) {
    const ms = await when(() => jobs().length === count && jobs().filter(isInView).every(isSeen));
    return { ms, task: longest(0) };
  },
  // As "Download all" packs it, of files that are there.
  async packed({ files, bytes }) {
    const { makeZip } = await import(document.querySelector('script[type=module]').src.replace('main.js', 'vendor/client-zip/index.js'));
    const blob = new Blob([crypto.getRandomValues(new Uint8Array(65_536)), new Uint8Array(bytes - 65_536)]);
    async function* inputs() {
      for (let n = 0; n < files; n++) yield { name: `${n}.png`, input: blob, lastModified: new Date(0) };
    }
    const started = performance.now();
    const zip = await new Response(makeZip(inputs())).blob();
    await zip.slice(-1).arrayBuffer();
    return { ms: performance.now() - started, bytes: zip.size };
  },
  // "Download all" as a person has it, files made where there are none.
  async zip() {
    const button = document.querySelector('[data-part=download-all]');
    const words = button.textContent;
    const started = performance.now();
    button.click();
    await when(() => button.textContent !== words);
    const ended = await when(() => button.textContent === words);
    return { ms: ended - started };
  },
};

tasks[task](given).then(
  (value) => done({ value }),
  (error) => done({ error: `${task}: ${error}` }),
);
