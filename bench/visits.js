// What a person sees of one photo, from choosing it on: run in the page before it is chosen. Two tasks: `watch`, and `seen`, which
// waits for the file and gives the times in ms; `preview` is the first picture of a cutout, of whatever quality.
const [task, , done] = arguments;

const tasks = {
  watch() {
    const before = document.querySelectorAll('[data-job]').length;
    const visit = { preview: null, whole: null, file: null };
    globalThis.benchVisit = visit;
    globalThis.benchWatch.chosenMs = null;
    const look = () => {
      const card = [...document.querySelectorAll('[data-job]')].slice(before).at(-1);
      if (!card) return;
      // What is asked before a large download is answered at once.
      if (card.dataset.state === 'queued') [...document.querySelectorAll('[data-part=accept]')].find((button) => button.checkVisibility())?.click();
      const ms = performance.now() - globalThis.benchWatch.chosenMs;
      const isShown = card.querySelector('.compare[data-compared]') !== null;
      if (isShown) visit.preview ??= ms;
      if (isShown && !('preview' in card.dataset)) visit.whole ??= ms;
      if (card.querySelector('[data-part=download][href]')) visit.file ??= ms;
      if (card.dataset.state === 'failed') visit.error = card.innerText;
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  },
  async seen() {
    const visit = globalThis.benchVisit;
    while (visit.file === null && !visit.error) await new Promise((resolve) => { setTimeout(resolve, 20); });
    if (visit.error) throw new Error(visit.error);
    return visit;
  },
};

Promise.resolve()
  .then(() => tasks[task]())
  .then((value) => done({ value }), (error) => done({ error: String(error) }));
