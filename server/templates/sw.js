/**
 * The service worker: it keeps the page's own files on this device, a *shell* per release, so that the page opens
 * without a network. Responses are kept with their headers, and so with the policy of each realm.
 *
 * Invariants
 * - A shell holds one release, each file checked against its digest. A release that cannot be had whole changes nothing.
 * - The page is always that of the newest whole shell. Pages that are open go on with their own, whose files have URLs
 *   of their own, until they are gone.
 * - Models and wasm are none of its business: delivery brings them, the store keeps them.
 * - It never sees a photo, except one that the system's share menu hands over.
 * - What a proxy took from a file's policy is not kept for later visits, and no worker is kept without its own.
 *
 * The tree's files come and are kept in archives (server/shell.py), one for the page and one for each language: hundreds
 * of files that come one by one take seconds of a processor, and so does keeping them. What takes in shared photos follows (sw-share.js).
 */
const VERSION = '{{ version }}';
/** Paths below the scope and their Subresource Integrity. @type {Record<string, string>} */
const ASSETS = JSON.parse('{{ files | tojson }}');

/** What is kept of the languages but English, of which those are kept that are spoken here; as in `ASSETS`. @type {Record<string, string>} */
const LANGUAGES = JSON.parse('{{ languages | tojson }}');

/** Of files that may do more than nothing: the Content-Security-Policy they are sent with. @type {Record<string, string>} */
const POLICIES = JSON.parse('{{ policies | tojson }}');
const CLOSED = JSON.parse('{{ closed | tojson }}');

const PAGE = './';
/** A query of the page's address that asks the server for it, to sign in, and not the shell (client/page/readiness.js). */
const PAST_THE_SHELL = 'sign-in';
/** What a later release changes under the same URL. All else has a URL that names its content. */
const DOCUMENTS = [PAGE, 'api.js', 'catalog.json', 'manifest.webmanifest'];
/** The same in another language, as it is named there. */
const MANIFEST = /(?:^|\/)manifest\.([^./]+)\.webmanifest$/u;
const ARCHIVE = /\/shell\.([^./]+)\.archive$/u;
const WORDS = /\/messages\/(?!en\/)([^/]+)\/[^/]+\.js$/u;
/** @param {string} path below the scope */
const isDocument = (path) => DOCUMENTS.includes(path) || Object.hasOwn(LANGUAGES, path) && MANIFEST.test(path);
/** A file of a tree, and where that tree is. */
const IN_TREE = /^(assets\/[^/]+\/)(.+)$/;
/** Files of this release and of others that open pages still use. */
const LASTING = /^(?:assets|runtime)\/.+(?<!\.wasm)$/;

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const SCOPE = new URL(worker.registration.scope);
/** Sites that share an origin share its caches, too. */
const shellName = (/** @type {string} */ version) => `mattebox-shell-${version} ${SCOPE.pathname}`;
const SHELL = shellName(VERSION);

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim().then(hasTakenOver)));
worker.addEventListener('fetch', (event) => {
  const answer = fromShell(event.request);
  if (answer) event.respondWith(answer);
});
worker.addEventListener('message', (event) => {
  // A page of another release may ask what this one does not know: it goes without an answer.
  if (event.data.ask === 'state') event.waitUntil(state(event.data).then((reply) => event.ports[0].postMessage(reply)));
});

async function install() {
  // An address that needs no network and that our own policy refuses.
  const isUnwalled = await fetch('data:,').then(() => true, () => false);
  if (isUnwalled) throw new Error('this worker came without its policy');
  await complete();
  if (worker.registration.active && navigator.locks) await untilNothingLoads();
  // Nothing else on an open page changes by it, so there is nobody to wait for.
  await worker.skipWaiting();
}

/** Pages are this worker's. @type {(told?: unknown) => void} */
let hasTakenOver = () => {};

/**
 * What a page asks for in the moment of the change goes past both workers in Firefox, to a server that has another release only: 404, and a page
 * remembers that of a module. So this waits until no part of a page is being loaded (client/page/lazy.js); parts that are wanted then wait for the
 * change. Neither waits for long: a part may come over a slow line, and a browser may let the earlier worker finish something.
 */
async function untilNothingLoads() {
  const taken = new Promise((resolve) => { hasTakenOver = resolve; });
  const isOurs = () => new Promise((resolve) => {
    const hold = (/** @type {Lock | null} */ lock) => (resolve(lock !== null), lock && Promise.race([taken, later(2000)]));
    // One that stood in line would keep all behind it from being loaded.
    navigator.locks.request('mattebox-loading', { ifAvailable: true }, hold).catch(() => resolve(true));
  });
  for (let tries = 0; tries < 300 && !(await isOurs()); tries++) await later(100);
}

/** @param {number} ms */
const later = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/**
 * Fetch what is missing of the shell, the documents last.
 * @param {string} [tag] the language of a page that asks
 */
async function complete(tag) {
  const missing = await lacking(tag);
  if (missing.length === 0) return;
  const shell = await caches.open(SHELL);
  const keep = async (/** @type {string} */ path) => shell.put(new URL(path, SCOPE), await fetched(path));
  await Promise.all(missing.filter((path) => !isDocument(path)).map(keep));
  await Promise.all(missing.filter(isDocument).map(keep));
  if ((await lacking(tag)).length > 0) throw new Error('the shell was removed meanwhile');
}

/**
 * @param {string} path
 * @returns {Promise<Response>} with the bytes and the policy it should have
 */
async function fetched(path) {
  const ask = (/** @type {RequestCache} */ cache) => fetch(new URL(path, SCOPE), { integrity: ASSETS[path] ?? LANGUAGES[path], cache, redirect: 'error', priority: 'low' });
  const usual = await ask(isDocument(path) ? 'no-cache' : 'default').catch(() => null);
  // The browser's own cache may hold a damaged answer, or one without its policy, and for good.
  const isSound = (/** @type {Response} */ { ok, headers }) => ok && headers.get('content-security-policy') === (POLICIES[path] ?? CLOSED);
  const response = usual && isSound(usual) ? usual : await ask('reload');
  if (!isSound(response)) throw new Error(`${response.status}, or another policy, for ${path}`);
  return response;
}

/**
 * @param {string} [tag] a language
 * @returns {Promise<string[]>} paths of the shell that are not here; of languages, those that this release or an earlier one keeps, which is what was read here
 */
async function lacking(tag) {
  const here = new Set();
  const spoken = new Set([tag]);
  // Opened at once: one that is removed meanwhile would be made anew by it.
  const listed = await Promise.all((await shells()).map(async (name) => ({ name, requests: await (await caches.open(name)).keys() })));
  for (const { name, requests } of listed) {
    for (const { url } of requests) {
      spoken.add(languageOf(url));
      if (name === SHELL) here.add(url);
    }
  }
  const words = Object.keys(LANGUAGES).filter((path) => spoken.has(languageOf(path)));
  return [...Object.keys(ASSETS), ...words].filter((path) => !here.has(new URL(path, SCOPE).href));
}

/** The language that a file is in, empty for all others. @param {string} path */
const languageOf = (path) => (WORDS.exec(path) ?? ARCHIVE.exec(path) ?? MANIFEST.exec(path))?.[1] ?? '';

/**
 * @param {Request} asked
 * @returns {Promise<Response> | null} null for what is the network's
 */
function fromShell(asked) {
  const url = new URL(asked.url);
  if (asked.method !== 'GET' || url.origin !== SCOPE.origin || !url.pathname.startsWith(SCOPE.pathname)) return null;
  const path = url.pathname.slice(SCOPE.pathname.length);
  if (asked.mode === 'navigate') return path === '' && !url.searchParams.has(PAST_THE_SHELL) ? kept(SHELL, PAGE, asked) : null;
  if (path === 'catalog.json') return shellOf(url.searchParams.get('tree')).then((name) => kept(name, path, asked));
  if (isDocument(path)) return kept(SHELL, path, asked);
  return LASTING.test(path) ? unpacked(path + url.search).then((found) => found ?? caches.match(url.href, VARYING)).then((found) => found ?? fetch(asked)) : null;
}

/**
 * Bytes, and by each file's name in the tree where it begins and ends in them, and its headers.
 * @typedef {[Uint8Array<ArrayBuffer>, Map<string, [number, number, Record<string, string>]>]} Archive
 */
/** Those that were read in this worker's life, by URL, which names the content. @type {Map<string, Promise<Archive | null>>} */
const archives = new Map();

/**
 * @param {string} path
 * @returns {Promise<Response | null>} null for what no archive holds that is kept here
 */
async function unpacked(path) {
  const [, tree, name] = IN_TREE.exec(path) ?? [];
  if (!name) return null;
  const language = languageOf(path);
  const { href } = new URL(`${tree}${language ? `shell.${language}` : 'shell'}.archive`, SCOPE);
  const [bytes, files] = (await opened(href)) ?? [];
  const [from, to, headers] = files?.get(name) ?? [];
  return bytes && headers ? new Response(bytes.subarray(from, to), { headers }) : null;
}

/** @param {string} href of an archive */
function opened(href) {
  const opening = archives.get(href) ?? caches.match(href, VARYING).then((found) => found ? read(found) : null).catch(() => null);
  archives.set(href, opening);
  opening.then((archive) => archive ?? archives.delete(href));
  return opening;
}

/** @param {Response} response @returns {Promise<Archive>} */
async function read(response) {
  const bytes = new Uint8Array(await response.arrayBuffer());
  let from = bytes.indexOf(10) + 1;
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, from)));
  const places = head.files.map((/** @type {[string, number, number]} */ [name, length, kind]) => [name, [from, (from += length), head.headers[kind]]]);
  return [bytes, new Map(places)];
}

/** What varies is the compression, which is undone by now. */
const VARYING = { ignoreVary: true };

/** @param {string} shell @param {string} path @param {Request} asked */
async function kept(shell, path, asked) {
  return (await caches.match(new URL(path, SCOPE).href, { ...VARYING, cacheName: shell })) ?? fetch(asked);
}

/**
 * The shell a page came from: its catalog must be of its own release.
 * @param {string | null} tree which the page's scripts stand in
 */
async function shellOf(tree) {
  const isOwn = tree === null || VERSION.startsWith(`${tree}-`);
  return isOwn ? SHELL : (await shells()).find((name) => name.startsWith(`mattebox-shell-${tree}-`)) ?? '';
}

/** @returns {Promise<string[]>} names of the shells of this site */
async function shells() {
  const names = await caches.keys();
  return names.filter((name) => name.startsWith('mattebox-shell-') && name.endsWith(` ${SCOPE.pathname}`));
}

/** One look at a time, so that what is missing is fetched once. @type {Promise<unknown>} */
let looking = Promise.resolve();

/**
 * Which release opens next, and whether it would without a network.
 * @param {Record<'release' | 'language', string>} told by the page: its own, and the language it speaks, which those of earlier releases do not tell
 */
function state(told) {
  looking = looking.then(() => look(told), () => look(told));
  return looking;
}

/** @param {Record<'release' | 'language', string>} told by the page */
async function look({ release, language }) {
  // What the browser has thrown away comes again, if it can be had.
  const isWhole = await complete(language).then(() => true, () => false);
  const catalog = await caches.match(new URL('catalog.json', SCOPE).href, { ...VARYING, cacheName: SHELL });
  if (release === VERSION) await tidy();
  return { version: VERSION, isWhole, catalog: (await catalog?.json()) ?? null };
}

/** Remove other releases when the only page that is open is of this one. */
async function tidy() {
  if (worker.registration.installing || worker.registration.waiting) return;
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (pages.filter(({ url }) => url.startsWith(SCOPE.href)).length > 1) return;
  for (const name of await shells()) if (name !== SHELL) await caches.delete(name);
}
