// Arguments: the callback that WebDriver waits for. Blocks the page on purpose: "no long task" is only worth something
// from an observer that has just seen one.
/* global benchWatch */
const [done] = arguments;
const BLOCK_MS = 80;

setTimeout(() => {
  const until = performance.now() + BLOCK_MS;
  while (performance.now() < until);
  setTimeout(() => done({ value: benchWatch.longTasks.some(({ ms }) => ms >= BLOCK_MS) }), 300);
});
