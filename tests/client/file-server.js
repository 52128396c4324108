import { standIn } from './stand-in.js';

const TURN = () => new Promise((resolve) => setImmediate(resolve));

/**
 * A body in pieces of `size` bytes, which ends early in one of two ways.
 * @param {Uint8Array} bytes
 * @param {{ size?: number, breaksAt?: number, hangsAt?: number, signal?: AbortSignal }} [options]
 */
export function body(bytes, { size = bytes.length, breaksAt = Infinity, hangsAt = Infinity, signal } = {}) {
  let at = 0;
  return new ReadableStream({
    start(controller) {
      signal?.addEventListener('abort', () => controller.error(signal.reason), { once: true });
    },
    async pull(controller) {
      await TURN();
      if (at >= hangsAt) return new Promise(() => {});
      if (at >= breaksAt) return controller.error(new TypeError('network error'));
      if (at >= bytes.length) return controller.close();
      const end = Math.min(at + size, bytes.length, at < breaksAt ? breaksAt : Infinity, at < hangsAt ? hangsAt : Infinity);
      controller.enqueue(bytes.slice(at, end));
      at = end;
      return undefined;
    },
  });
}

/**
 * A server of one file, in place of `fetch`. It answers ranges as ours does.
 * @param {import('node:test').TestContext} t
 * @param {{ bytes: Uint8Array, file: { sha256: string } }} served
 * @param {object} [options]
 * @param {boolean} [options.knowsRanges]
 * @param {number} [options.size] of the pieces that a body comes in
 * @param {(request: any, n: number) => any} [options.fault] what goes wrong with the n-th request, counted from 0: a
 *   `Response`, an `Error`, or options of its body; nothing when it goes well
 */
export function serveFile(t, { bytes, file }, { knowsRanges = true, size, fault = () => undefined } = {}) {
  const requests = [];
  const state = { open: 0, most: 0 };
  const fetch = async (url, { headers, cache, signal, redirect }) => {
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers?.Range ?? '')?.map(Number) ?? [];
    const request = { url, from, to, cache, redirect, signal };
    const n = requests.push(request) - 1;
    if (signal.aborted) throw signal.reason;
    state.most = Math.max(state.most, ++state.open);
    await TURN();
    state.open--;
    if (signal.aborted) throw signal.reason;
    const wrong = fault(request, n);
    if (wrong instanceof Response) return wrong;
    if (wrong instanceof Error) throw wrong;
    const isPart = from !== undefined && knowsRanges;
    const content = isPart ? bytes.subarray(from, to + 1) : bytes;
    const answer = { 'Content-Length': content.length, ETag: `"${file.sha256}"`, ...wrong?.headers };
    if (isPart) answer['Content-Range'] ??= `bytes ${from}-${to}/${bytes.length}`;
    return new Response(body(content, { size, ...wrong, signal }), { status: isPart ? 206 : 200, headers: answer });
  };
  standIn(t, { fetch });
  return { requests, state, spans: () => requests.map(({ from, to }) => [from, to]) };
}

/**
 * Let mocked time pass until a promise settles: a real test never waits.
 * @template T
 * @param {import('node:test').TestContext} t whose `setTimeout` is mocked
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
export async function hurry(t, promise) {
  const state = { isPending: true };
  const done = promise.finally(() => (state.isPending = false));
  done.catch(() => {});
  while (state.isPending) {
    await TURN();
    t.mock.timers.tick(100);
  }
  return done;
}
