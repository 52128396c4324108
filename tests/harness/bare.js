// The page that the faults are tried in: the public seam alone, on a page that does nothing by itself.
const told = new BroadcastChannel('sabotage');
/** What a worker said before it hung may still be on its way. */
const SETTLED_MS = 300;
const MOST_STEPS = 10_000;
const { CORES, PATIENCE } = globalThis;

globalThis.struck = [];

// A worker that hangs says so first. The page's clock then runs ahead, so that a time-out comes at once, and every duration
// that is told afterwards holds the time that it would have taken.
const { setTimeout: begin, clearTimeout: end } = globalThis;
const clock = performance.now.bind(performance);
let ahead = 0;
performance.now = () => clock() + ahead;
const waiting = new Map();
globalThis.setTimeout = (work, ms = 0, ...args) => {
  const done = () => {
    waiting.delete(id);
    work(...args);
  };
  const id = begin(done, ms * PATIENCE);
  waiting.set(id, { done, ms });
  return id;
};
globalThis.clearTimeout = (id) => {
  waiting.delete(id);
  end(id);
};
function runAhead() {
  for (let steps = 0; waiting.size > 0 && steps < MOST_STEPS; steps++) {
    const [[id, { done, ms }]] = waiting;
    end(id);
    ahead += ms;
    done();
  }
}

told.addEventListener('message', ({ data }) => {
  if (data.struck) globalThis.struck.push(data.struck);
  if (data.hung) begin(runAhead, SETTLED_MS);
});

if (CORES) Object.defineProperty(navigator, 'hardwareConcurrency', { value: CORES });
