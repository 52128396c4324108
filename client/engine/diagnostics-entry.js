/**
 * What may be remembered of a run. A closed schema: what it does not name is not kept, so that no image data and no file name
 * can get into diagnostics, whatever a report holds one day.
 *
 * @typedef {import('../shared/protocol.js').Report} Report
 * @typedef {import('../shared/errors.js').WireError} WireError
 * @typedef {{ at: number, kind: 'preload' | 'cutout' | 'look' | 'proof' | 'generate', report: Report, error: WireError | null }} Entry `at` in ms since the epoch
 */
import { ERROR_CODES } from '../shared/errors.js';
import { LEAST } from '../gpu/adapter.js';

/** @typedef {(value: any) => unknown} Kind gives the value itself, or a copy of what of it may be kept; null or the like if nothing */

/** @type {(fallback?: number | null) => Kind} */
const number = (fallback = null) => (value) => (typeof value === 'number' && Number.isFinite(value) ? value : fallback);

/** @type {(fallback?: boolean | null) => Kind} */
const flag = (fallback = false) => (value) => (typeof value === 'boolean' ? value : fallback);

/** @type {(pattern: RegExp, fallback?: string | null) => Kind} */
const matching = (pattern, fallback = null) => (value) => (typeof value === 'string' && pattern.test(value) ? value : fallback);

/** @type {(allowed: readonly string[], fallback?: string | null) => Kind} */
const oneOf = (allowed, fallback = null) => (value) => (allowed.includes(value) ? value : fallback);

/** @type {(kind: Kind, most: number) => Kind} */
const list = (kind, most) => (value) => (Array.isArray(value) ? value.slice(0, most).map(kind).filter((item) => item !== null) : []);

/** All fields, whether they are there or not. @type {(fields: Record<string, Kind>) => Kind} */
const whole = (fields) => (value) => Object.fromEntries(Object.entries(fields).map(([name, kind]) => [name, kind(field(value, name))]));

/** All fields, or null where there is no object. @type {(fields: Record<string, Kind>) => Kind} */
const maybe = (fields) => (value) => (typeof value === 'object' && value !== null ? whole(fields)(value) : null);

/** Those fields that are there and of their kind. @type {(fields: Record<string, Kind>) => Kind} */
const some = (fields) => (value) =>
  Object.fromEntries(Object.entries(/** @type {object} */ (whole(fields)(value))).filter(([, kept]) => kept !== null));

/**
 * @param {any} value
 * @param {string} name
 */
function field(value, name) {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Reasons and error codes. None of the patterns lets a dot through where a name could stand: no file has its ending. */
const CODE = /^[a-z][a-z0-9-]{0,39}$/;
const HASH = /^[0-9a-f]{64}$/;
const VERSION = /^\d+\.\d+[\w.+-]{0,24}$/;
/** "not-finite", "OffscreenCanvas", "image/heic", "input shape" */
const WORDS = /^[\w ,/-]{1,48}$/;
/** Digests, keys and encoded bytes are long; words are not. */
const NO_WORD = /[\w+=%-]{48,}|\b(?:blob|data|file|filesystem):\S/i;
const ADDRESS = /\b(?:https?|wss?|chrome|moz|safari-web)[\w-]*:\/\/[^\s'")]*/gi;
const PICTURE = /\.(?:jpe?g|jfif|png|apng|webp|avif|gif|bmp|ico|tiff?|hei[cf]s?|jxl|svg|psd|xcf|pdf|dng|raw|cr[23]|nef|arw|orf|rw2|raf)\b/i;

/**
 * Words of a driver, a browser or the runtime. They should not know of a photo, and are dropped if they look as if they did.
 * @type {(most: number, fallback?: string | null) => Kind}
 */
const prose = (most, fallback = null) => (value) => {
  if (typeof value !== 'string') return fallback;
  // Cut first: a pattern must not have to walk through megabytes.
  const text = value.slice(0, 4 * most).replaceAll(ADDRESS, '(address)').replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return text === '' || NO_WORD.test(text) || PICTURE.test(text) ? fallback : text.slice(0, most);
};

const BACKEND = oneOf(['webgpu', 'wasm']);
const WALL = oneOf(['enforced', 'missing', 'replaced', 'unknown'], 'unknown');
const BUILD = oneOf(['wasm', 'jspi', 'asyncify']);
const STAGES = ['judge', 'download', 'create', 'canary', 'decode', 'pre', 'run', 'post', 'compose', 'encode', 'total'];
/** @param {string[]} names @param {Kind} kind */
const each = (names, kind) => Object.fromEntries(names.map((name) => [name, kind]));

const attempts = list(
  maybe({ backend: BACKEND, build: BUILD, threads: number(0), outcome: oneOf(['ran', 'failed', 'refused']), code: matching(CODE), ms: number(0) }),
  32,
);

const report = whole({
  model: whole({ id: matching(/^[a-z0-9][a-z0-9-]{0,63}$/, ''), sha256: matching(HASH, '') }),
  requested: oneOf(['auto', 'webgpu', 'wasm'], 'auto'),
  backend: BACKEND,
  reason: matching(CODE, ''),
  attempts,
  threads: whole(each(['asked', 'got'], number(0))),
  isolated: flag(),
  secure: flag(),
  walls: whole(each(['page', 'inference', 'delivery'], WALL)),
  bytes: whole(each(['expected', 'received', 'stored'], number(0))),
  runtime: maybe({ version: matching(VERSION, ''), build: BUILD, simd: flag() }),
  adapter: maybe({
    ...each(['vendor', 'architecture', 'device', 'description'], prose(128, '')),
    fallback: flag(null),
    features: list(matching(CODE), 64),
    limits: some(each(Object.keys(LEAST), number())),
  }),
  verdict: maybe({
    verdict: oneOf(['fit', 'degraded', 'unfit']),
    reason: matching(CODE, ''),
    detail: some({ ...each(['name', 'cause'], prose(128)), ...each(['need', 'have', 'gpu', 'cpu', 'threads', 'factor', 'margin'], number()) }),
  }),
  memory: whole(each(['heap', 'device'], number())),
  canary: oneOf(['passed', 'remembered', 'later']),
  storage: maybe({ code: matching(CODE), ...each(['needed', 'available'], number()) }),
  size: maybe(each(['width', 'height'], number())),
  result: maybe(each(['width', 'height'], number())),
  applied: whole(each(['refined', 'decontaminated', 'profile', 'copyright'], flag())),
  notes: list(maybe({ code: matching(CODE, ''), detail: some({ ...each(['count', 'missing'], number()), kind: matching(CODE) }) }), 16),
  doubts: list(maybe({ code: matching(CODE, ''), ...each(['value'], number()) }), 8),
  ms: whole(each(STAGES, number(0))),
});

const error = maybe({
  code: oneOf(ERROR_CODES, 'internal'),
  details: some({
    ...each(['model', 'stage', 'kind', 'reason', 'realm', 'source', 'part', 'build', 'what', 'missing', 'type', 'role', 'directive'], matching(WORDS)),
    ...each(['ms', 'limit', 'status', 'expected', 'received', 'segment', 'bytes', 'needed', 'available', 'width', 'height', 'mean', 'max'], number()),
    tolerance: maybe(each(['mean', 'max'], number())),
    ...each(['cause', 'policy'], prose(300)),
    attempts: (value) => (Array.isArray(value) ? attempts(value) : null),
  }),
});

const entry = maybe({ at: number(), kind: oneOf(['preload', 'cutout', 'look', 'proof', 'generate']), report, error });

/**
 * @param {unknown} value what is to be kept, or what was found in a store, by whomever written
 * @returns {Entry | null} a copy, null when it is no entry
 */
export function soundEntry(value) {
  const sound = /** @type {Entry | null} */ (entry(value));
  return sound && sound.at !== null && sound.kind !== null ? sound : null;
}
