/**
 * The delivery realm: the only one that may open a connection, and the one that never sees a pixel.
 * Its policy (`connect-src 'self'`) comes with this script's own response headers.
 */
import { serve } from '../shared/channel.js';
import { MatteboxError } from '../shared/errors.js';
import { siteRoot, Store } from '../storage/store.js';
import { bytesHere, obtain } from '../delivery/obtain.js';
import { isGate } from '../delivery/request.js';

const opening = Store.open();

/** Of this release: the catalog it asks for is its own, also where another one has become current meanwhile. */
const TREE = globalThis.location.pathname.split('/').at(-3) ?? '';

/** @param {string} tree */
const lockName = (tree) => `mattebox-release ${siteRoot()} ${tree}`;
// Held for as long as the page lives: while it is open, another release must not tidy away what this one stored. Where
// locks are refused, so is the store.
globalThis.navigator?.locks?.request(lockName(TREE), { mode: 'shared' }, () => new Promise(() => {})).catch(() => {});

/** @returns {Promise<boolean>} whether a page of another release of this site is open */
async function isOtherReleaseOpen() {
  const { held = [] } = (await globalThis.navigator?.locks?.query()) ?? {};
  return held.some(({ name = '' }) => name.startsWith(lockName('')) && name !== lockName(TREE));
}

/** A bar needs no more than this many ms between two steps; the network delivers in pieces of a few kilobytes. */
const PROGRESS_EVERY_MS = 50;
/** A server that is there answers a question without a body sooner. */
const REACH_MS = 5000;

/** @param {(loaded: number) => void} report */
function throttled(report) {
  let last = -Infinity;
  return (/** @type {number} */ loaded) => {
    const now = performance.now();
    if (now - last < PROGRESS_EVERY_MS) return;
    last = now;
    report(loaded);
  };
}

/** @type {import('../shared/channel.js').Handlers<import('../shared/protocol.js').DeliveryCalls>} */
const handlers = {
  async catalog({ site }, { signal }) {
    const response = await fetch(new URL(`catalog.json?tree=${TREE}`, site), { signal, redirect: 'manual' }).catch((thrown) => {
      throw MatteboxError.from(thrown, 'network', { name: 'catalog.json' });
    });
    if (isGate(response)) throw new MatteboxError('signed-out', { name: 'catalog.json', status: response.status });
    if (!response.ok) throw new MatteboxError('http-status', { name: 'catalog.json', status: response.status });
    return response.json().catch((thrown) => {
      throw MatteboxError.from(thrown, 'catalog-invalid');
    });
  },

  async reach({ site }) {
    // No service worker answers HEAD; and a gate may leave /healthz open.
    const ask = () => fetch(new URL('catalog.json', site), { method: 'HEAD', cache: 'no-store', redirect: 'manual', signal: AbortSignal.timeout(REACH_MS) });
    const response = await ask().catch(() => null);
    if (response && isGate(response)) return 'signed-out';
    return response?.ok ? 'here' : 'away';
  },

  async held({ files, segmentBytes }) {
    const store = await opening;
    return Promise.all(
      files.map(async (file) => {
        if (!store) return { whole: false, have: 0 };
        if (await store.has(file)) return { whole: true, have: file.bytes };
        return { whole: false, have: await bytesHere(file, store, segmentBytes) };
      }),
    );
  },

  async obtain({ site, file, segmentBytes, keep, isUsedAtOnce }, { signal, progress, transfer }) {
    const obtained = await obtain(new URL(file.url, site).href, file, keep ? await opening : null, {
      segmentBytes,
      isUsedAtOnce,
      signal,
      onProgress: throttled((loaded) => progress({ loaded })),
    });
    if (obtained.buffer) transfer(obtained.buffer);
    return obtained;
  },

  async distrust({ file }) {
    await (await opening)?.demote(file);
  },

  async list() {
    const files = (await (await opening)?.list()) ?? [];
    const estimate = await globalThis.navigator.storage?.estimate?.().catch(() => null);
    return { files, usage: estimate?.usage ?? null, quota: estimate?.quota ?? null };
  },

  async forget({ sha256 }) {
    const store = await opening;
    const unwanted = sha256 === undefined ? ((await store?.list()) ?? []) : [{ sha256 }];
    for (const file of unwanted) await store?.remove(file.sha256);
  },

  async prune({ keep }) {
    const store = await opening;
    if (!store || (await isOtherReleaseOpen())) return;
    for (const { sha256, site } of await store.list()) if (site === siteRoot() && !keep.includes(sha256)) await store.remove(sha256);
  },
};

serve(globalThis, handlers);
