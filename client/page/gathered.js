/**
 * @param {() => void} work
 * @returns {() => void} has it done once for all calls that one step of the page makes
 */
export function gathered(work) {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      work();
    });
  };
}
