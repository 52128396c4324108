// Put into every new document before its own scripts, to see what blocks the page.
(() => {
  const HEARTBEAT_MS = 5;
  const watch = { longTasks: [], frames: [], gaps: [], chosenMs: null };
  globalThis.benchWatch = watch;
  const path = (url) => url.replace(location.origin, '').replace(/^\/assets\/[0-9a-f]+\//, '');

  const observe = (type, note) => {
    if (!PerformanceObserver.supportedEntryTypes.includes(type)) return;
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
  };
  observe('longtask', ({ startTime, duration }) => watch.longTasks.push({ at: startTime, ms: duration }));
  // Style, layout and paint are tasks as well, which `longtask` leaves out where no script ran in them (a first
  // rendering of 102 ms in a trace was in no `longtask`). Names the code behind a long task, too. Not in every browser.
  observe('long-animation-frame', ({ startTime, duration, renderStart, scripts }) => {
    const culprits = scripts.map((script) => ({ ms: script.duration, by: script.invoker, file: path(script.sourceURL), at: script.sourceFunctionName }));
    const renderMs = renderStart > 0 ? startTime + duration - renderStart : 0;
    watch.frames.push({ at: startTime, ms: duration, renderAt: renderStart, renderMs, scripts: culprits });
  });

  // A timer's lateness is time in which the page could not have answered either. It sees what is shorter than a long
  // task, and what the operating system withheld from the thread. A busier heartbeat would take a core from the model.
  let last = performance.now();
  const beat = () => {
    const now = performance.now();
    const late = now - last - HEARTBEAT_MS;
    if (late > HEARTBEAT_MS) watch.gaps.push({ at: last, ms: late });
    last = now;
    setTimeout(beat, HEARTBEAT_MS);
  };
  beat();

  addEventListener('change', () => { watch.chosenMs ??= performance.now(); }, { capture: true });
})();
