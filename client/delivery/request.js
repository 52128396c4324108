/**
 * One answer from our own server: asked for, judged by its head, and read piece by piece without ever hanging.
 *
 * @typedef {import('../shared/protocol.js').Deliverable} Deliverable
 * @typedef {{ from: number, to: number }} Span first and last byte, inclusive
 */
import { MatteboxError, throwIfCancelled } from '../shared/errors.js';
import { explained } from '../shared/policy.js';
import { verifyLength } from '../storage/integrity.js';
import { retryAfter } from './retry.js';

/** A connection that says nothing for this long is taken for dead. */
const STALL_MS = 15_000;

/** The server gave the whole file where a part was asked for, as RFC 9110 (14.2) lets it. */
export class RangeIgnored extends Error {}

/**
 * @param {string} url absolute
 * @param {Deliverable} file
 * @param {object} options
 * @param {Span} [options.span] the whole file when left out
 * @param {RequestCache} options.cache
 * @param {AbortSignal} options.signal
 * @param {(piece: Uint8Array) => void | Promise<void>} options.onPiece
 * @throws {MatteboxError} `signed-out`, `http-status`, `file-changed`, `range-mismatch`, `length-mismatch`, `network`,
 *   `cancelled` when there is nothing to begin
 * @throws {RangeIgnored}
 */
export async function request(url, file, { span, cache, signal, onPiece }) {
  throwIfCancelled(signal);
  const connection = new AbortController();
  const hangUp = () => connection.abort();
  signal.addEventListener('abort', hangUp, { once: true });
  let isStalled = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const listen = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      isStalled = true;
      hangUp();
    }, STALL_MS);
  };
  /** @param {unknown} thrown */
  const failed = async (thrown) => {
    throw await explained(MatteboxError.from(isStalled ? `silent for ${STALL_MS} ms` : thrown, 'network', { name: file.name }));
  };
  try {
    listen();
    const headers = span ? { Range: `bytes=${span.from}-${span.to}` } : undefined;
    const response = await fetch(url, { headers, cache, signal: connection.signal, redirect: 'manual' }).catch(failed);
    judge(response, file, span);
    if (!response.body) return;
    const reader = response.body.getReader();
    for (;;) {
      listen();
      const { done, value } = await reader.read().catch(failed);
      if (done) return;
      // Our own work on a piece is not the network's silence.
      clearTimeout(timer);
      await onPiece(value);
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', hangUp);
    // Harmless after the end; frees the connection when the answer was refused.
    hangUp();
  }
}

/**
 * Something in front of the server wants to be signed in to: it answers what is asked for data with a refusal, with another
 * address, or with a page. Nothing of ours does.
 * @param {Response} response
 */
export function isGate({ type, status, ok, headers }) {
  const isPage = (headers.get('content-type') ?? '').startsWith('text/html');
  return type === 'opaqueredirect' || status === 401 || status === 511 || ((ok || status === 403) && isPage);
}

/**
 * Some proxies answer a range with a page of their own and still give the whole file: only that tells.
 * @param {number} status of a gate's answer
 * @param {Deliverable} file
 * @param {Span} [span]
 */
function refusedAt(status, { name }, span) {
  return span && status === 200 ? new RangeIgnored() : new MatteboxError('signed-out', { name, status });
}

/**
 * Refuse an answer by its head, before its first byte.
 * @param {Response} response
 * @param {Deliverable} file
 * @param {Span} [span]
 */
function judge(response, file, span) {
  const { status, headers } = response;
  if (isGate(response)) throw refusedAt(status, file, span);
  if (status === 416) throw new MatteboxError('length-mismatch', { name: file.name, expected: file.bytes, received: total(headers), source: 'network' });
  if (status !== 200 && status !== 206) {
    throw new MatteboxError('http-status', { name: file.name, status, retryAfterMs: retryAfter(headers.get('retry-after')) });
  }
  // The server's tags hold the digest (docs/decisions/0002-tree-digest.md); a proxy may weaken or drop one.
  const tag = headers.get('etag');
  if (tag !== null && !tag.includes(file.sha256)) {
    throw new MatteboxError('file-changed', { name: file.name, expected: file.sha256, received: tag });
  }
  if (span && status === 200) throw new RangeIgnored();
  if (status === 206) judgeRange(headers, file, span);
  const announced = headers.get('content-length');
  const expected = span ? span.to - span.from + 1 : file.bytes;
  if (announced !== null && !headers.has('content-encoding') && Number(announced) !== expected) {
    throw new MatteboxError('length-mismatch', { name: file.name, expected, received: Number(announced), source: 'network' });
  }
}

/**
 * @param {Headers} headers
 * @param {Deliverable} file
 * @param {Span} [span]
 */
function judgeRange(headers, file, span) {
  const received = headers.get('content-range');
  const expected = span ? `bytes ${span.from}-${span.to}/${file.bytes}` : null;
  if (received === expected) return;
  const length = total(headers);
  if (length !== null) verifyLength(file, length, 'network');
  throw new MatteboxError('range-mismatch', { name: file.name, expected, received });
}

/**
 * @param {Headers} headers
 * @returns {number | null} the complete length that Content-Range tells
 */
function total(headers) {
  const length = /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1];
  return length === undefined ? null : Number(length);
}
