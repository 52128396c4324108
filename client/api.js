/**
 * The public seam, and the way the page itself takes.
 *
 * @typedef {import('./protocol.js').Backend} Backend
 * @typedef {import('./protocol.js').Progress} Progress
 * @typedef {import('./protocol.js').Report} Report
 * @typedef {import('./protocol.js').Catalog} Catalog
 * @typedef {import('./protocol.js').OutputOptions} OutputOptions
 *
 * @typedef {object} PreloadOptions
 * @property {string} [model] id from the catalog; its default when left out
 * @property {Backend} [backend] `auto` when left out
 * @property {number} [threads] for WebAssembly; all cores when left out, one where the page is not isolated
 * @property {AbortSignal} [signal] rejects with `cancelled` at once, in any stage
 * @property {(event: Progress) => void} [onProgress]
 *
 * @typedef {PreloadOptions & { output?: OutputOptions }} Options
 *
 * @typedef {import('./protocol.js').StoredFile & { role: 'runtime' | 'codec' | 'model' | 'old', models: string[] }} Stored
 *   `models` are the ids of the models that use it; a file that none uses any more is `old`
 */
import { usersOf } from './catalog.js';
import { Engine } from './engine.js';
import { environment } from './environment.js';
import { MatteboxError } from './errors.js';
import { rememberSpeed, speeds } from './speeds.js';

export { environment, MatteboxError, speeds };

const BACKENDS = ['auto', 'webgpu', 'wasm'];
const TYPES = ['image/png'];
const MAX_THREADS = 64;
/** How many reports `diagnostics` remembers. */
const HISTORY = 50;

/** This module stands at `assets/<tree>/api.js` below the site's root, whatever prefix the site has. */
const engine = new Engine(new URL('../../', import.meta.url));

/** @type {Report[]} */
const history = [];

/**
 * Cut the subject out of a photo, on this device. Calling it is consent to download what it needs.
 *
 * Calls are worked one by one, in order.
 *
 * @param {Blob} blob JPEG, PNG or WebP
 * @param {Options} [options]
 * @returns {Promise<{ cutout: Blob, matte: Blob, report: Report }>} `cutout` is a PNG of the photo's exact size with
 *   straight alpha, `matte` its alpha alone as an 8-bit grey PNG
 * @throws {MatteboxError}
 */
export async function removeBackground(blob, { output = {}, ...options } = {}) {
  if (!(blob instanceof Blob)) throw new MatteboxError('bad-option', { option: 'blob', value: typeof blob, allowed: ['a Blob or File'] });
  oneOf('output.type', output.type ?? 'image/png', TYPES);
  const result = await engine.cutout(blob, ...checked(options));
  remember(result.report);
  rememberSpeed(result.report);
  return result;
}

/**
 * Download, verify and warm up, so that the first photo does not wait for it.
 * @param {PreloadOptions} [options]
 * @returns {Promise<Report>} with the photo's stages at 0
 * @throws {MatteboxError}
 */
export async function preload(options = {}) {
  const report = await engine.preload(...checked(options));
  remember(report);
  return report;
}

/**
 * What using a model would cost now.
 * @param {{ model?: string }} [options]
 * @throws {MatteboxError}
 */
export async function offer({ model } = {}) {
  return engine.offer(model);
}

/**
 * Fetch everything a model needs, without starting it. Aborting pauses: finished segments stay on the device, and the
 * next call goes on from there.
 * @param {{ model?: string, signal?: AbortSignal, onProgress?: (event: Progress) => void }} [options]
 * @returns {Promise<{ stored: boolean, received: number, storage: import('./protocol.js').StorageTrouble | null }>}
 *   `stored` is false when it is in memory only, for as long as this page lives; `storage` says why
 * @throws {MatteboxError}
 */
export async function download({ model, signal, onProgress = () => {} } = {}) {
  const { storage, bytes } = await engine.download(model, { signal, onProgress });
  return { stored: storage === null, received: bytes.received, storage };
}

/**
 * What is stored on this device.
 * @returns {Promise<{ files: Stored[], usage: number | null, quota: number | null, persisted: boolean | null }>} `usage` and
 *   `quota` in bytes, of the whole origin; `persisted` is whether the browser has promised not to evict it
 */
export async function stored() {
  const { files, usage, quota, catalog: current } = await engine.stored();
  const persisted = (await navigator.storage?.persisted?.().catch(() => null)) ?? null;
  return { files: files.map((file) => ({ ...file, ...usersOf(current, file.sha256) })), usage, quota, persisted };
}

/**
 * Delete what is stored: one file, or all when `sha256` is left out.
 * @param {{ sha256?: string }} [options]
 */
export async function forget({ sha256 } = {}) {
  await engine.forget(sha256);
}

/**
 * Ask the browser not to evict what is stored.
 * @returns {Promise<boolean | null>} its answer, null where it cannot be asked
 */
export async function persist() {
  return (await navigator.storage?.persist?.().catch(() => null)) ?? null;
}

/**
 * @returns {Promise<Catalog>}
 * @throws {MatteboxError}
 */
export async function catalog() {
  return engine.catalog();
}

/**
 * What this device has and what has run on it since the page was opened. No image data, no file names.
 * @returns {Promise<object>} plain JSON
 */
export async function diagnostics() {
  const { version, tree, encoding, runtime } = await engine.catalog();
  return structuredClone({ version, tree, encoding, runtime: runtime.version, environment: environment(), reports: history });
}

/** @param {Report} report */
function remember(report) {
  history.push(report);
  if (history.length > HISTORY) history.shift();
}

/**
 * @param {PreloadOptions} options
 * @returns {[import('./engine.js').Choice, import('./engine.js').Watch]}
 * @throws {MatteboxError} `bad-option`
 */
function checked({ model, backend = 'auto', threads, signal, onProgress = () => {} }) {
  oneOf('backend', backend, BACKENDS);
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= MAX_THREADS)) {
    throw new MatteboxError('bad-option', { option: 'threads', value: threads, allowed: [`whole numbers from 1 to ${MAX_THREADS}`] });
  }
  return [{ model, backend, threads }, { signal, onProgress }];
}

/**
 * @param {string} option
 * @param {unknown} value
 * @param {string[]} allowed
 */
function oneOf(option, value, allowed) {
  if (!allowed.includes(/** @type {string} */ (value))) throw new MatteboxError('bad-option', { option, value, allowed });
}
