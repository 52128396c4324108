/**
 * The inference realm: it sees pixels and may open no connection. Its policy (`connect-src 'none'`) comes with this
 * script's own response headers, so everything binary reaches it through the store or by transfer.
 *
 * One worker holds one session. It is stopped by being terminated: a running model cannot be interrupted.
 */
import { serve } from '../channel.js';
import { MatteboxError } from '../errors.js';
import { loadPngCodec } from '../image/encode.js';
import { Store } from '../storage/store.js';
import { cutout } from './cutout.js';
import { configureRuntime, createSession, startRuntime, threadsInUse } from './ort.js';
import { assertInterface, runCanary } from './session.js';

/** @type {{ session: import('./ort.js').Session, model: import('../protocol.js').Model } | null} */
let ready = null;

/**
 * @param {import('../protocol.js').Supply} supply
 * @returns {Promise<ArrayBuffer>} verified bytes
 */
async function bytesOf({ file, buffer }) {
  if (buffer) return buffer;
  const store = await Store.open();
  if (!store) throw new MatteboxError('storage-failed', { name: file.name, source: 'store' });
  const bytes = await store.read(file);
  void store.touch(file);
  return bytes;
}

/** @type {import('../channel.js').Handlers<import('../protocol.js').InferenceCalls>} */
const handlers = {
  async prepare({ site, threads, glue, runtime, png, model, files }) {
    const started = performance.now();
    const [binary, codec, ...parts] = await Promise.all([runtime, png, ...files].map(bytesOf));
    await loadPngCodec(codec);
    configureRuntime({ glue: new URL(glue, site).href, binary, threads });
    await startRuntime();
    const named = model.files.map(({ role, name }, i) => ({ role, name, bytes: parts[i] }));
    const session = await createSession(model.id, named);
    assertInterface(session, model);
    const create = performance.now() - started;
    const ms = await runCanary(session, model);
    ready = { session, model };
    return { threads: threadsInUse(), ms: { create, ...ms } };
  },

  async cutout({ blob }, { progress }) {
    if (!ready) throw new MatteboxError('internal', { cause: 'cutout before prepare' });
    return cutout(blob, ready.session, ready.model, progress);
  },
};

serve(globalThis, handlers);
