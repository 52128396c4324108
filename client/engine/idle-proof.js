/**
 * Gives the proofs that are owed (proofs.js) when nothing else is to be done: neither a photo waits, nor is a file being made.
 *
 * @typedef {import('./engine.js').Choice} Choice
 *
 * @typedef {object} Owing
 * @property {() => Choice | null} owed with which a proof is to be given, null where none is owed
 * @property {() => Promise<unknown>} idle resolves once nothing is to be done
 * @property {(choice: Choice) => Promise<unknown>} prove may reject: whom it concerns has been told
 */

/** What is shown first begins to be worked on at once: its file, its picture on the screen. */
const QUIET_MS = 300;

/** @type {WeakSet<Owing>} */
const underWay = new WeakSet();

/** Something has ended. @param {Owing} owing */
export async function proveWhenIdle(owing) {
  const { owed, idle, prove } = owing;
  if (underWay.has(owing) || !owed()) return;
  underWay.add(owing);
  await new Promise((resolve) => { setTimeout(resolve, QUIET_MS); });
  await idle();
  const choice = owed();
  if (choice) await prove(choice).catch(() => {});
  underWay.delete(owing);
}
