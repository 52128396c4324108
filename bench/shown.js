// Arguments: the callback that WebDriver waits for. Answers when the newest photo's cutout is on the screen.
const [done] = arguments;

const frame = () => new Promise((resolve) => { requestAnimationFrame(resolve); });

const look = async () => {
  const job = document.querySelector('[data-job]');
  const state = job?.dataset.state;
  if (state === 'failed' || state === 'cancelled') return done({ error: `the photo ${state}: ${job.innerText}` });
  if (state !== 'done' || !job.querySelector('[data-compared]')) return;
  observer.disconnect();
  // The picture has loaded; two frames later it has been drawn.
  await frame();
  await frame();
  const ms = performance.now();
  // Long tasks are delivered late, from an idle moment.
  setTimeout(() => done({ value: ms }), 300);
};
const observer = new MutationObserver(() => void look());
observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state', 'data-compared'] });
void look();
