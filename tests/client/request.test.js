import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { RangeIgnored, request } from '../../client/delivery/request.js';
import { body, hurry, serveFile } from './file-server.js';
import { sampleFile } from './memory-cache.js';
import { until } from './worker-pair.js';

const SPAN = { from: 10, to: 19 };

/** One request for the sample file of 50 bytes, or for a part of it. */
function bench(t, fault, span) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const sample = sampleFile(50, 10);
  const { requests } = serveFile(t, sample, { fault });
  const pieces = [];
  const controller = new AbortController();
  const start = () =>
    request('https://mattebox.test/sample', sample.file, { span, cache: 'default', signal: controller.signal, onPiece: (piece) => void pieces.push(...piece) });
  return { ...sample, requests, pieces, controller, start };
}

const answer = (status, headers, content = new Uint8Array(50)) => () => new Response(content, { status, headers });

test('the whole file, or a part of it', async (t) => {
  const whole = bench(t);
  await whole.start();
  assert.deepEqual(whole.pieces, [...whole.bytes]);
  t.mock.timers.reset();
  const part = bench(t, undefined, SPAN);
  await part.start();
  assert.deepEqual(part.pieces, [...part.bytes.subarray(10, 20)]);
});

describe('an answer is refused by its head, before its first byte', () => {
  const PAGE = '<!doctype html><title>Sign in</title>';
  const cases = [
    ['not found', answer(404), 'http-status', { status: 404 }],
    ['a proxy’s error', answer(502, {}, PAGE), 'http-status', { status: 502 }],
    ['no content', () => new Response(null, { status: 204 }), 'http-status', { status: 204 }],
    ['a server that is busy', answer(503, { 'Retry-After': '7' }), 'http-status', { status: 503, retryAfterMs: 7000 }],
    ['a page to sign in', answer(200, { 'Content-Length': String(PAGE.length) }, PAGE), 'length-mismatch', { expected: 50, received: PAGE.length }],
    ['a page to sign in, said to be one', answer(200, { 'Content-Type': 'text/html; charset=utf-8' }, PAGE), 'signed-out', { status: 200 }],
    ['a page to sign in, in place of a part', answer(206, { 'Content-Type': 'text/html' }, PAGE), 'signed-out', { status: 206 }],
    ['a refusal without a name', answer(401, {}, PAGE), 'signed-out', { status: 401 }],
    ['a network that wants to be signed in to', answer(511, { 'Content-Type': 'text/html' }, PAGE), 'signed-out', { status: 511 }],
    ['a page that forbids', answer(403, { 'Content-Type': 'text/html' }, PAGE), 'signed-out', { status: 403 }],
    ['a server that forbids', answer(403, { 'Content-Type': 'text/plain' }), 'http-status', { status: 403 }],
    ['another address', () => Object.defineProperties(new Response(null), { type: { value: 'opaqueredirect' }, status: { value: 0 } }), 'signed-out', {}],
    ['a file that is too long', answer(200, { 'Content-Length': '51' }), 'length-mismatch', { expected: 50, received: 51 }],
    ['an empty file', answer(200, { 'Content-Length': '0' }, ''), 'length-mismatch', { expected: 50, received: 0 }],
    ['another file', answer(200, { ETag: '"another"' }), 'file-changed', { received: '"another"' }],
    ['a part nobody asked for', answer(206, { 'Content-Range': 'bytes 0-9/50' }), 'range-mismatch', { received: 'bytes 0-9/50' }],
  ];
  for (const [name, fault, code, details] of cases) {
    test(name, async (t) => {
      const { start, pieces, requests } = bench(t, fault);
      await assert.rejects(start(), (error) => {
        assert.equal(error.code, code);
        assert.equal(error.details.name, 'sample.onnx');
        for (const [key, value] of Object.entries(details)) assert.equal(error.details[key], value, key);
        return true;
      });
      assert.deepEqual(pieces, []);
      assert.equal(requests[0].signal.aborted, true, 'the connection is given up');
    });
  }
});

describe('a part must be the part that was asked for', () => {
  const ten = new Uint8Array(10);
  const cases = [
    ['beside it', answer(206, { 'Content-Range': 'bytes 11-20/50' }, ten), 'range-mismatch'],
    ['without saying which', answer(206, {}, ten), 'range-mismatch'],
    ['of a longer file', answer(206, { 'Content-Range': 'bytes 10-19/51' }, ten), 'length-mismatch'],
    ['of a file that ends before it', answer(416, { 'Content-Range': 'bytes */5' }), 'length-mismatch'],
    ['of another length than it says', answer(206, { 'Content-Range': 'bytes 10-19/50', 'Content-Length': '9' }, ten), 'length-mismatch'],
  ];
  for (const [name, fault, code] of cases) {
    test(name, async (t) => assert.rejects(bench(t, fault, SPAN).start(), { code }));
  }
  test('the whole file in its place is no error of the file', async (t) => {
    await assert.rejects(bench(t, answer(200), SPAN).start(), (error) => error instanceof RangeIgnored);
  });
});

describe('an answer is taken', () => {
  const { file } = sampleFile(50, 10);
  const cases = {
    'without a length': {},
    'with the length of what travels, when that is compressed': { 'Content-Length': '7', 'Content-Encoding': 'br' },
    'with a weakened tag': { ETag: `W/"${file.sha256}"` },
    'with the tag of a variant': { ETag: `"${file.sha256}-br"` },
  };
  for (const [name, headers] of Object.entries(cases)) {
    test(name, async (t) => {
      const { start, pieces } = bench(t, answer(200, headers));
      await start();
      assert.equal(pieces.length, 50);
    });
  }
});

describe('a connection that', () => {
  test('cannot be made is a network error', async (t) => {
    const { start } = bench(t, () => new TypeError('Failed to fetch'));
    await assert.rejects(start(), { code: 'network', details: { name: 'sample.onnx', cause: 'TypeError: Failed to fetch' } });
  });
  test('breaks is one, too', async (t) => {
    const { start, pieces } = bench(t, () => ({ size: 4, breaksAt: 12 }));
    await assert.rejects(start(), { code: 'network' });
    assert.equal(pieces.length, 12);
  });
  test('falls silent is given up after 15 s', async (t) => {
    const { start, requests } = bench(t, () => ({ size: 4, hangsAt: 12 }));
    const started = start();
    await assert.rejects(hurry(t, started), ({ code, details }) => code === 'network' && /silent/.test(details.cause));
    assert.equal(requests[0].signal.aborted, true);
  });
  test('is slow but not silent is not', async (t) => {
    const { start, pieces, requests } = bench(t, () => ({ size: 10 }));
    const started = start();
    for (let length = 0; length < 50; length += 10) {
      await until(() => pieces.length > length);
      t.mock.timers.tick(14_000);
    }
    await started;
    assert.equal(requests.length, 1);
  });
  test('nobody wants any more is hung up', async (t) => {
    const { start, pieces, requests, controller } = bench(t, () => ({ size: 10, hangsAt: 20 }));
    const started = start();
    await until(() => pieces.length === 20);
    controller.abort();
    await assert.rejects(started);
    assert.equal(requests[0].signal.aborted, true);
  });
  test('nobody wants to begin with is not made', async (t) => {
    const { start, requests, controller } = bench(t);
    controller.abort();
    await assert.rejects(start(), { code: 'cancelled' });
    assert.equal(requests.length, 0);
  });
});

test('what is done with a piece fails as itself, and ends the transfer', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { file, bytes } = sampleFile(50, 10);
  const { requests } = serveFile(t, { file, bytes }, { fault: () => new Response(body(bytes, { size: 10 })) });
  const mine = new Error('mine');
  const onPiece = () => Promise.reject(mine);
  await assert.rejects(request('https://mattebox.test/', file, { cache: 'default', signal: new AbortController().signal, onPiece }), (error) => error === mine);
  assert.equal(requests[0].signal.aborted, true);
});
