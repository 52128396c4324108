/**
 * What an error says: what happened, and what to do about it. Errors themselves are codes and details (shared/errors.js); an error code
 * costs a row there and the messages `error.CODE` and, unless reloading is what helps, `error.CODE.advice`.
 */
import { MatteboxError } from '../shared/errors.js';
import { fileType } from '../shared/file-types.js';
import { formatDuration, formatList, formatPercent, formatSize, sentences } from './format.js';
import { has, inEnglish, lookUp, number } from './index.js';

/** @typedef {import('../shared/errors.js').ErrorCode} ErrorCode */
/** @typedef {import('../shared/errors.js').Details} Details */
/** @typedef {{ what: string, advice: string }} Words */
/** @typedef {import('./index.js').Params} Params */

/** @param {unknown} value of any kind, also one that JSON has no word for: a BigInt, a circle, NaN */
function show(value) {
  if (typeof value === 'number') return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

/** @param {unknown} value @returns {string | number} words and numbers as they are */
const plain = (value) => (typeof value === 'string' || typeof value === 'number' ? value : show(value));

/** @param {unknown} value @param {unknown} key of a message */
const known = (value, key) => (value !== undefined && value !== null && has(String(key)) ? String(key) : '');

/** Where a policy that is not ours is the cause. @param {Details} details */
const policy = ({ reason }) => (reason === 'policy' ? '.policy' : '');

/** @param {Details} details */
function unsupported({ type, variant }) {
  // Why it is rare stands in the report of the failure: it means nothing to most.
  if (variant) return known(variant, `error.variant.${variant}`) || 'error.variant';
  return known(type, `error.kind.${type}`) || (type ? 'error.unsupported-image.kind' : '');
}

/** @param {Details} details */
function corrupt({ reason, missing }) {
  if (reason === 'unreadable') return 'error.corrupt-image.unreadable';
  if (typeof missing === 'number') return missing > 0.99 ? 'error.corrupt-image.nothing' : 'error.corrupt-image.part';
  return reason === 'truncated' ? 'error.corrupt-image.truncated' : '';
}

/** Where the model has no other way to run. @param {Details} details */
const only = ({ reason }) => (reason === 'only-backend' ? 'error.gpu-unavailable.only' : '');

/** Which message says what happened, where a code has several. @type {Partial<Record<ErrorCode, (details: Details) => string>>} */
const WHAT = {
  'bad-option': ({ reason }) => known(reason, `error.bad-option.${reason}`),
  'unsupported-image': unsupported,
  'corrupt-image': corrupt,
  'gpu-unavailable': only,
  network: (d) => `error.network${policy(d)}`,
  'runtime-failed': (d) => `error.runtime-failed${policy(d)}`,
  'worker-crashed': (d) => `error.worker-crashed${policy(d)}`,
  'range-mismatch': ({ received }) => (received === null || received === undefined ? 'error.range-mismatch.unsaid' : ''),
  'encode-failed': ({ reason, type }) => (reason === 'too-long' ? 'error.encode-failed.too-long' : fileType(String(type)) ? '' : 'error.encode-failed.unknown'),
};

/** @type {Partial<Record<ErrorCode, (details: Details) => string>>} */
const ADVICE = {
  'bad-option': ({ allowed }) => (Array.isArray(allowed) ? '' : `error.bad-option.advice.${/** @type {{ kind?: string }} */ (allowed ?? {}).kind}`),
  'unsupported-image': ({ type, variant }) => known(variant, `error.variant.${variant}.advice`) || (variant ? '' : known(type, `error.kind.${type}.advice`)),
  'corrupt-image': ({ reason }) => (reason === 'unreadable' ? 'error.corrupt-image.advice.unreadable' : ''),
  'image-too-large': ({ reduced }) => (reduced ? 'error.image-too-large.advice.reduced' : ''),
  'encode-failed': ({ reduced, type }) => (reduced ? 'error.encode-failed.advice.reduced' : type && type !== 'image/png' ? 'error.encode-failed.advice.format' : ''),
  'gpu-unavailable': (d) => known(only(d), `${only(d)}.advice`),
  'http-status': () => 'advice.operator',
  'length-mismatch': () => 'advice.operator',
  'model-corrupt': () => 'advice.operator',
  'range-mismatch': () => 'advice.operator',
  'model-interface': () => 'advice.operator',
};

/** @param {ErrorCode} code @param {unknown} limit of pixels, or of ms where something was too slow */
const limitOf = (code, limit) => (typeof limit !== 'number' ? '' : code === 'too-slow' ? formatDuration(limit) : number(limit));

/** @param {unknown} size */
const area = (size) => formatSize(/** @type {{ width: number, height: number }} */ (size));

/** Details as they are read. @param {ErrorCode} code @param {Details} details @returns {Params} */
function paramsOf(code, details) {
  const { value, allowed, available, expected, found, missing, reduced, type, ms, limit } = details;
  const range = /** @type {Record<string, number>} */ (typeof allowed === 'object' && !Array.isArray(allowed) ? allowed ?? {} : {});
  const words = Object.entries(details).filter(([, one]) => typeof one === 'string' || typeof one === 'number');
  return {
    .../** @type {Params} */ (Object.fromEntries(words)),
    ...range,
    value: show(value),
    allowed: Array.isArray(allowed) ? formatList(allowed.map(String), 'unit') : '',
    available: Array.isArray(available) ? formatList(available.map(String), 'unit') : '',
    expected: plain(expected),
    found: plain(found),
    part: typeof missing === 'number' ? formatPercent(1 - missing) : '',
    format: fileType(String(type))?.name ?? '',
    size: [details, range].flatMap((one) => (typeof one.width === 'number' ? area(one) : []))[0] ?? '',
    reduced: reduced ? area(reduced) : '',
    time: typeof ms === 'number' ? formatDuration(ms) : '',
    limit: limitOf(code, limit ?? range.limit),
  };
}

/**
 * @param {import('../shared/errors.js').WireError} error
 * @param {(key: string, params: Params) => string} [say]
 * @returns {Words}
 */
export function errorWords({ code, details }, say = lookUp) {
  const params = paramsOf(code, details);
  const what = say(WHAT[code]?.(details) || `error.${code}`, params);
  const own = ADVICE[code]?.(details) || `error.${code}.advice`;
  const advice = details.reason === 'policy' ? 'advice.policy' : known(code, own) || 'advice.reload';
  return { what: details.role === 'background' ? sentences(say('error.of-background', {}), what) : what, advice: say(advice, params) };
}

/** For those who read code: `message` and `advice` of an error are English, whatever the page speaks. */
MatteboxError.describe = (error) => errorWords(error, inEnglish);
