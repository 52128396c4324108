import { Channel, serve } from '../../client/shared/channel.js';

const FIELDS = { message: 'data', messageerror: 'data', error: 'message' };

/** @param {string} type @param {unknown} [value] */
function event(type, value) {
  return Object.assign(new Event(type, { cancelable: true }), { [FIELDS[type]]: value });
}

/**
 * A worker in this thread: what is posted is cloned, transferred and delivered in a later turn, as between threads.
 * `scope` is what its script would call its global.
 */
export class FakeWorker extends EventTarget {
  isTerminated = false;
  /** @type {any[]} what the page has posted */
  posted = [];
  scope = Object.assign(new EventTarget(), {
    postMessage: (message, transfer) => this.#deliver(this, message, transfer),
  });

  postMessage(message, transfer) {
    const data = this.#deliver(this.scope, message, transfer);
    this.posted.push(data);
  }

  terminate() {
    this.isTerminated = true;
  }

  /** What the browser tells the page when the script fails; without a text when it could not be loaded. */
  crash(text) {
    const error = event('error', text);
    this.dispatchEvent(error);
    return error;
  }

  /** A message of the worker's that the page cannot read. */
  garble() {
    this.dispatchEvent(event('messageerror'));
  }

  #deliver(target, message, transfer) {
    const data = structuredClone(message, { transfer });
    setImmediate(() => {
      if (!this.isTerminated) target.dispatchEvent(event('message', data));
    });
    return data;
  }
}

/**
 * Both ends of a channel.
 * @param {Record<string, (args: any, context: any) => Promise<any>>} handlers
 */
export function joined(handlers) {
  const worker = new FakeWorker();
  serve(worker.scope, handlers);
  return { worker, channel: new Channel(worker, 'inference') };
}

/** Long enough for messages to arrive and their promises to settle. */
export async function settle() {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}

const { setTimeout: later } = globalThis;

/**
 * Wait for something to have happened, in turns of the event loop rather than in time. What takes more than some turns waits for modules that
 * are read from the disk, which takes thousands of them on a busy machine: those turns are longer.
 * @param {() => boolean} condition
 */
export async function until(condition) {
  for (let turns = 0; !condition(); turns++) {
    if (turns === 10_000) throw new Error(`never happened: ${condition}`);
    await new Promise((resolve) => { if (turns < 1000) setImmediate(resolve); else later(resolve, 2); });
  }
}
