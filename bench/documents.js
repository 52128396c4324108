// Runs in the page as a person has it, called by WebDriver: a task's name, what it is given, and the callback.
const [task, given, done] = arguments;

const jobs = () => [...document.querySelectorAll('[data-job]')];
const pictureOf = (job) => job.querySelector('.compare-after');
const linkOf = (job) => job.querySelector('[data-part=download]');
const isMade = (job) => job.dataset.state === 'done' && Boolean(linkOf(job).getAttribute('href')) && !linkOf(job).hidden;

/** Resolves with the time at which something holds, which is looked at in every frame. */
const when = (holds) =>
  new Promise((resolve) => {
    const look = () => (holds() ? resolve(performance.now()) : requestAnimationFrame(look));
    look();
  });
const isSeen = (picture) => Boolean(picture?.complete && picture.naturalWidth > 0);

const tasks = {
  // From the moment at which photos were chosen until the first picture of a result, and until the file of each.
  async follow({ count }) {
    const { benchWatch } = globalThis;
    const shown = await when(() => jobs().some((job) => isSeen(pictureOf(job))));
    const allShown = await when(() => jobs().length === count && jobs().every((job) => isSeen(pictureOf(job)) || job.dataset.state === 'failed'));
    const made = await when(() => jobs().length === count && jobs().every(isMade));
    const longest = (entries) => Math.max(0, ...entries.map(({ at, ms }) => (at >= benchWatch.chosenMs ? ms : 0)));
    const at = (time) => time - benchWatch.chosenMs;
    return { shown: at(shown), allShown: at(allShown), made: at(made), task: longest(benchWatch.longTasks) };
  },
  // Until there is something to see of every photo.
  async shown({ count }) {
    const allShown = await when(() => jobs().length === count && jobs().every(({ dataset }) => dataset.state === 'done' || dataset.state === 'failed'));
    return { allShown: allShown - globalThis.benchWatch.chosenMs };
  },
  // Until every card that can be seen shows another background.
  async background({ colour }) {
    const before = new Map(jobs().map((job) => [job, pictureOf(job).src]));
    const control = document.querySelector('.finish [name=colour]:not([type=radio])');
    const started = performance.now();
    document.querySelector('.finish [name=background][value=colour]').click();
    control.value = colour;
    control.dispatchEvent(new Event('input', { bubbles: true }));
    const isOther = (job) => pictureOf(job)?.src !== before.get(job) && isSeen(pictureOf(job));
    const ended = await when(() => jobs().every(isOther));
    return { ms: ended - started, cards: jobs().length };
  },
  async rest() {
    await when(() => jobs().every(isMade));
    return null;
  },
  async clear() {
    document.querySelector('[data-part=restart]').click();
    await when(() => jobs().length === 0);
    return null;
  },
};

tasks[task](given).then(
  (value) => done({ value }),
  (error) => done({ error: `${task}: ${error}` }),
);
