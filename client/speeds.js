/**
 * How long photos take on this device, model by model, remembered across visits. Numbers only.
 *
 * @typedef {{ [model: string]: { medianMs: number, runs: number } }} Speeds
 */

const KEY = 'mattebox-speeds';
/** Enough for a steady median, few enough to follow a device that has changed. */
const KEPT = 9;

/** @returns {{ [model: string]: number[] }} ms of the last runs */
function load() {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return Object.fromEntries(Object.entries(stored).filter(([, runs]) => Array.isArray(runs) && runs.every(Number.isFinite)));
  } catch {
    // Blocked, or written by something else: nothing is known.
    return {};
  }
}

/** @returns {Speeds} */
export function speeds() {
  return Object.fromEntries(
    Object.entries(load()).map(([model, runs]) => {
      const sorted = runs.toSorted((a, b) => a - b);
      return [model, { medianMs: sorted[sorted.length >> 1], runs: runs.length }];
    }),
  );
}

/**
 * @param {import('./protocol.js').Report} report of a photo that was cut out
 */
export function rememberSpeed({ model, ms }) {
  const all = load();
  const photo = ms.decode + ms.pre + ms.run + ms.post + ms.encode;
  all[model.id] = [...(all[model.id] ?? []), Math.round(photo)].slice(-KEPT);
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    // A full or blocked storage costs an estimate.
  }
}
