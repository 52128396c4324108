/**
 * The public seam, and the way the page itself takes.
 *
 * @typedef {import('./shared/protocol.js').Backend} Backend
 * @typedef {import('./shared/protocol.js').Progress} Progress
 * @typedef {import('./shared/protocol.js').Report} Report
 * @typedef {import('./shared/protocol.js').Catalog} Catalog
 * @typedef {import('./shared/protocol.js').OutputOptions} OutputOptions
 *
 * @typedef {object} PreloadOptions
 * @property {string} [model] id from the catalog; its default when left out
 * @property {Backend} [backend] `auto` when left out
 * @property {number} [threads] for WebAssembly; all cores when left out, one where the page is not isolated
 * @property {AbortSignal} [signal] rejects with `cancelled` at once, in any stage
 * @property {(event: Progress) => void} [onProgress]
 * @property {(error: MatteboxError) => void} [onWithdraw] called where a result turns out wrong after it was given, and must not be used any more. With it,
 *   the first photo does not wait for the proof that this device computes the model rightly, where that is all but certain: with WebAssembly, and not
 *   on a GPU. Without it, the proof comes first
 * @property {(preview: import('./shared/protocol.js').Preview) => void} [onPreview] see `openDocument`, which alone calls it; `preload` with it brings up what
 *   a first preview needs of the model, and without it the rest
 *
 * @typedef {PreloadOptions & { output?: OutputOptions, reduce?: boolean }} Options `reduce`: a photo that is too large for this device is
 *   worked on at a reduced size, and a result that is too long for its type of file is made smaller; without it, both are refused
 *
 * @typedef {ArrayBuffer | ArrayBufferView | Response} BytesInput a Response whose body nobody has read
 * @typedef {Blob | BytesInput | ImageData | CanvasImageSource} PhotoInput pixels are taken as they are seen now; nothing is fetched for
 *   them, so an image that is still loading is refused, and so is what comes from another site without its permission (CORS)
 *
 * @typedef {import('./shared/protocol.js').StoredFile & ReturnType<typeof usersOf>} Stored
 *   `models` are the ids of the models that use it; a file that none uses any more is `old`
 */
import { usersOf } from './shared/catalog.js';
import { asFile, engine, entries, history, readyOutput, recorded } from './engine/calls.js';
import { environment, tryWalls } from './engine/environment.js';
import { MatteboxError } from './shared/errors.js';
import './messages/errors.js';
import { checkCall, checkOptions } from './finish/output-options.js';

export { environment, MatteboxError, tryWalls };

/** @typedef {typeof import('./engine/documents.js')} Documents */
const documents = () => import('./engine/documents.js');
/** @typedef {typeof import('./engine/editing.js')} Editing */
const editing = () => import('./engine/editing.js');
/** @typedef {typeof import('./engine/finishing.js')} Finishing */
const finishing = () => import('./engine/finishing.js');
/** A photo's document, of which files are made without the model. @type {Documents['openDocument']} */
export const openDocument = async (...call) => (await documents()).openDocument(...call);
/** @type {Documents['previewDocument']} */
export const previewDocument = async (...call) => (await documents()).previewDocument(...call);
/** @type {Documents['finishDocument']} */
export const finishDocument = async (...call) => (await documents()).finishDocument(...call);
/** @type {Editing['editDocument']} */
export const editDocument = async (...call) => (await editing()).editDocument(...call);
/** @type {Editing['lookAt']} */
export const lookAt = async (...call) => (await editing()).lookAt(...call);
/** @type {Documents['closeDocument']} */
export const closeDocument = async (...call) => (await documents()).closeDocument(...call);
/** A photo finished otherwise, by its matte: `removeBackground` gave both. @type {Finishing['finish']} */
export const finish = async (...call) => (await finishing()).finish(...call);
/** A photo made smaller, as this browser shows it. @type {Documents['thumbnail']} */
export const thumbnail = async (...call) => (await documents()).thumbnail(...call);
/** What is wrong with a picture that is to be a background. @type {Finishing['checkBackground']} */
export const checkBackground = async (...call) => (await finishing()).checkBackground(...call);
/** Finished photos on sheets of paper, to be cut. @type {Finishing['printSheet']} */
export const printSheet = async (...call) => (await finishing()).printSheet(...call);
/** Whatever photo or setting comes next, nothing is to be fetched for it. @type {Documents['loadAhead']} */
export const loadAhead = () => documents().then((all) => all.loadAhead()).catch(() => {});
/** A document opened, to be edited and looked at. @type {Editing['openEditor']} */
export const openEditor = async (...call) => (await editing()).openEditor(...call);

/** @typedef {typeof import('./engine/generate.js')} Generating */
const generating = () => import('./engine/generate.js');
/** What this site has installed that makes pictures from words. @type {Generating['offeredGenerator']} */
export const offeredGenerator = async (...call) => (await generating()).offeredGenerator(...call);
/** A picture from words. Calling it is consent to download what it needs. @type {Generating['generatePicture']} */
export const generatePicture = async (...call) => (await generating()).generatePicture(...call);

/**
 * Cut the subject out of a photo, on this device. Calling it is consent to download what it needs.
 *
 * Calls are worked one by one, in order.
 *
 * @param {PhotoInput} photo JPEG, PNG, WebP, AVIF, HEIC, TIFF, GIF, BMP or SVG
 * @param {Options} [options]
 * @returns {Promise<{ cutout: Blob, matte: Blob, original: Blob | null, report: Report }>} `cutout` is what `output` asks for: when nothing else is said,
 *   a PNG of the photo's exact size with straight alpha; `matte` is the alpha alone, uncropped, as a grey PNG of `output.depth` bits;
 *   `original` shows the photo as it was read, where a browser might show `photo` otherwise or not at all, else it is null
 * @throws {MatteboxError}
 */
export async function removeBackground(photo, options = {}) {
  const [choice, watch] = checkCall(options);
  const blob = await asFile('blob', photo);
  const output = await readyOutput(options.output);
  return recorded('cutout', async (report) => ({ ...(await engine.cutout({ blob, output, reduce: options.reduce ?? false }, choice, watch, report)), report }));
}

/**
 * Download, verify and warm up, so that the first photo does not wait for it, and nothing is fetched for any.
 * @param {PreloadOptions} [options]
 * @returns {Promise<Report>} with the photo's stages at 0
 * @throws {MatteboxError}
 */
export async function preload(options = {}) {
  const [choice, watch] = checkCall(options);
  return recorded('preload', async (report) => {
    await engine.preload(choice, watch, report);
    await Promise.all([loadAhead(), entries().then((all) => all.prepare()).catch(() => {})]);
    return report;
  });
}

/**
 * What would run, and why. Looks at this device's GPU where one may be used; downloads nothing.
 * @param {{ model?: string, backend?: Backend, threads?: number }} [options]
 * @returns {Promise<import('./engine/router.js').Route>}
 * @throws {MatteboxError}
 */
export async function route(options = {}) {
  return engine.route(checkCall(options)[0]);
}

/**
 * Look at this device's GPU anew, and forget what was learned of backends here.
 * @returns {Promise<import('./shared/protocol.js').Findings>}
 */
export async function measure() {
  return engine.measure();
}

/** @returns {import('./engine/run-history.js').Speeds} how long photos take on this device, by model */
export const speeds = () => history.speeds();

/**
 * What using a model would cost now.
 * @param {{ model?: string, backend?: Backend, threads?: number }} [options]
 * @throws {MatteboxError}
 */
export async function offer(options = {}) {
  return engine.offer(checkCall(options)[0]);
}

/**
 * Fetch everything a model needs, without starting it. Aborting pauses: finished segments stay on the device, and the
 * next call goes on from there.
 * @param {PreloadOptions} [options]
 * @returns {Promise<{ stored: boolean, received: number, storage: import('./shared/protocol.js').StorageTrouble | null }>}
 *   `stored` is false when it is in memory only, for as long as this page lives; `storage` says why
 * @throws {MatteboxError}
 */
export async function download(options = {}) {
  const { storage, bytes } = await engine.download(...checkCall(options));
  return { stored: storage === null, received: bytes.received, storage };
}

/** @typedef {import('./engine/segmenter.js').Segmenter} Segmenter */
const selecting = async () => (await import('./engine/beside.js')).segmenter;
const SEGMENTER = {
  /** @type {Segmenter['offered']} */
  offered: async () => (await selecting()).offered(),
  /** @type {Segmenter['open']} */
  open: async (...call) => (await selecting()).open(...call),
  /** @type {Segmenter['ask']} */
  ask: async (...call) => (await selecting()).ask(...call),
  /** @param {string} handle */
  close: async (handle) => (await selecting()).close(handle),
  /** Why models that are installed are not offered here. */
  refusals: async () => (await selecting()).refusals,
};
/** What selects by points and boxes, for the page's own use. */
export const segmenter = () => SEGMENTER;

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
export async function forget(options = {}) {
  checkOptions(options);
  await engine.forget(options.sha256);
}

/** @returns {Promise<boolean | null>} what the browser says when it is asked not to evict what is stored; null where it cannot be asked */
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

/** @returns {Promise<import('./shared/protocol.js').Reach>} whether the server answers */
export const reach = () => engine.reach();

/**
 * What this device has and what has run on it. Kept on this device only; no image data, no file names.
 * @returns {Promise<object>} plain JSON: `reports` of what has run, oldest first, and `entries` with failures and
 *   times, newest first; `trouble` is why entries are in this page's memory only
 */
export async function diagnostics() {
  const { version, tree, encoding, runtime, models } = await engine.catalog();
  const past = await entries();
  const [findings, kept] = await Promise.all([engine.findings(), past.list()]);
  const reports = kept.filter(({ error, kind }) => error === null && kind !== 'proof').map(({ report }) => report).toReversed();
  const learned = Object.fromEntries(models.map((model) => [model.id, history.of(model)]));
  return structuredClone({ version, tree, encoding, runtime: runtime.version, environment: environment(), findings, learned, reports, entries: kept, trouble: past.trouble });
}

/**
 * Forget what `diagnostics` tells of past runs.
 * @returns {Promise<boolean>} whether what was stored is really gone
 */
export async function clearDiagnostics() {
  return (await entries()).clear();
}
