/**
 * Gives the proofs that are owed (proofs.js) when nothing else is to be done: neither a photo waits, nor is a file being made.
 *
 * @typedef {import('./engine.js').Choice} Choice
 */

/** What is shown first begins to be worked on at once: its file, its picture on the screen. */
const QUIET_MS = 300;

export class IdleProof {
  #hooks;
  #isUnderWay = false;

  /**
   * @param {object} hooks
   * @param {() => Choice | null} hooks.owed with which a proof is to be given, null where none is owed
   * @param {() => Promise<unknown>} hooks.idle resolves once nothing is to be done
   * @param {(choice: Choice) => Promise<unknown>} hooks.prove may reject: whom it concerns has been told
   */
  constructor(hooks) {
    this.#hooks = hooks;
  }

  /** Something has ended. */
  async look() {
    const { owed, idle, prove } = this.#hooks;
    if (this.#isUnderWay || !owed()) return;
    this.#isUnderWay = true;
    await new Promise((resolve) => { setTimeout(resolve, QUIET_MS); });
    await idle();
    const choice = owed();
    if (choice) await prove(choice).catch(() => {});
    this.#isUnderWay = false;
  }
}
