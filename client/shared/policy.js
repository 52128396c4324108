/**
 * What the browser refuses here because of a Content-Security-Policy, and whether that policy is Mattebox's own. Every policy that
 * arrives is enforced, so one that a proxy adds can stop the engine, and one that a proxy drops takes a wall away.
 *
 * Runs on the page and in its workers; `wall-check.js` makes the attempts that are judged here.
 *
 * @typedef {import('./protocol.js').Wall} Wall
 * @typedef {import('./protocol.js').Walls} Walls
 * @typedef {keyof Walls} Realm
 * @typedef {{ directive: string, policy: string, blocked: string }} Refusal of which `policy` is the whole text, as it is enforced
 *
 * @typedef {object} Finding what came of trying to get out of a realm
 * @property {boolean} reached something was reached that a wall would have refused
 * @property {string[]} policies those that refused an attempt
 * @property {boolean} another a policy that is not ours was seen otherwise
 * @property {boolean | null} data whether an address that needs no network was read; null when it was not tried
 * @property {boolean | null} online whether the own origin was reached from where that is allowed; null when it was not tried
 */
import { MatteboxError } from './errors.js';

/** What makes a policy ours (server/headers.py has the whole of them). @type {Record<Realm, Record<string, string>>} */
const OURS = {
  page: { 'connect-src': "'none'", 'form-action': "'none'", 'img-src': 'blob: data:', 'worker-src': "'self'" },
  inference: { 'connect-src': "'none'", 'script-src': "'self' 'wasm-unsafe-eval'", 'worker-src': "'self'" },
  delivery: { 'connect-src': "'self'", 'script-src': "'self'" },
};

/**
 * @param {Realm} realm
 * @param {string} policy its text, directives in any order
 */
export function isOurs(realm, policy) {
  const directives = new Map(policy.split(';').map((part) => part.trim().split(/\s+/)).map(([name, ...sources]) => [name.toLowerCase(), sources.sort().join(' ')]));
  const wanted = Object.entries({ 'default-src': "'none'", ...OURS[realm] });
  return wanted.every(([name, sources]) => directives.get(name) === sources.split(' ').sort().join(' '));
}

/**
 * @param {Realm} realm
 * @param {Finding | undefined} finding
 * @param {boolean} isOnline whether the own origin answers to those who may ask it
 * @returns {Wall}
 */
export function verdict(realm, finding, isOnline) {
  if (!finding) return 'unknown';
  const { reached, policies, another, data } = finding;
  if (reached || data) return another || policies.length > 0 ? 'replaced' : 'missing';
  if (policies.some((policy) => isOurs(realm, policy))) return 'enforced';
  if (policies.length > 0) return 'replaced';
  // WebKit tells workers of no refusal. What needs no network was refused by a policy; what needs one may have failed for its lack.
  const isDecided = data === false && (realm === 'delivery' || isOnline);
  return isDecided ? 'enforced' : 'unknown';
}

/** A realm is as safe as the least of its scripts. @type {Wall[]} */
const WORST_FIRST = ['missing', 'replaced', 'unknown', 'enforced'];

/** What has been found out on this page. */
class Found extends EventTarget {
  /** By script. @type {Map<string, { realm: Realm, finding: Finding }>} */
  #findings = new Map();

  /**
   * @param {Realm} realm
   * @param {Finding} finding
   * @param {string} [script] of that realm; a later finding on it counts, for it may have come with other headers
   */
  add(realm, finding, script = realm) {
    this.#findings.set(script, { realm, finding });
    this.dispatchEvent(new Event('change'));
  }

  /** @returns {Walls} */
  get walls() {
    const all = [...this.#findings.values()];
    const isOnline = all.some(({ realm, finding }) => realm === 'delivery' && finding.online === true);
    /** @param {Realm} realm */
    const worst = (realm) => {
      const verdicts = all.filter((one) => one.realm === realm).map(({ finding }) => verdict(realm, finding, isOnline));
      return WORST_FIRST.find((wall) => verdicts.includes(wall)) ?? 'unknown';
    };
    return { page: worst('page'), inference: worst('inference'), delivery: worst('delivery') };
  }
}

export const found = new Found();

/** More are of no use to anyone, and a page may provoke any number. */
const MOST = 32;
/** Addresses that are tried on purpose. @type {Set<string>} */
const tried = new Set();
/** @type {Refusal[]} */
const refusals = [];
/** False outside of browsers. */
export const hasPolicies = typeof globalThis.addEventListener === 'function';
/** The event comes after what was refused has failed (seen in Chromium and Firefox): how long an attempt waits for it, and an error. */
const PATIENCE_MS = 1000;
const LATE_MS = 200;

if (hasPolicies) {
  globalThis.addEventListener('securitypolicyviolation', (event) => {
    const { effectiveDirective, originalPolicy, blockedURI, disposition } = /** @type {SecurityPolicyViolationEvent} */ (event);
    if (disposition !== 'enforce' || refusals.length >= MOST) return;
    refusals.push({ directive: effectiveDirective, policy: originalPolicy, blocked: blockedURI });
  });
}

/**
 * @param {string} address
 * @param {(address: string) => Promise<unknown>} attempt
 * @returns {Promise<{ reached: boolean, policies: string[] }>} `policies` that refused it
 */
export async function refusedBy(address, attempt) {
  // Browsers shorten what was blocked: without the fragment, and data: to its scheme.
  const blocked = address.startsWith('data:') ? 'data' : address;
  tried.add(blocked);
  const before = refusals.length;
  const heard = () => refusals.slice(before).filter((refusal) => refusal.blocked === blocked).map(({ policy }) => policy);
  try {
    await attempt(address);
    return { reached: true, policies: [] };
  } catch {
    await until(() => heard().length > 0, PATIENCE_MS);
    return { reached: false, policies: heard() };
  }
}

/** What a policy that is not ours makes fail, and how. */
const AFFECTED = ['runtime-failed', 'network', 'worker-crashed'];
const NEEDED = /^(?:connect|script|worker|child)-src/;

/**
 * A failure with its cause, if that is a policy which Mattebox did not send.
 * @param {MatteboxError} error
 * @returns {Promise<MatteboxError>} with `reason: 'policy'`, the `directive` and the `policy` among its details
 */
export async function explained(error) {
  if (!hasPolicies || !AFFECTED.includes(error.code)) return error;
  await until(() => foreign() !== undefined, LATE_MS);
  const refusal = foreign();
  if (!refusal) return error;
  return new MatteboxError(error.code, { ...error.details, reason: 'policy', directive: refusal.directive, policy: refusal.policy });
}

/** @returns {Refusal | undefined} the last one of what our own code needs; no policy of ours refuses it that */
const foreign = () => refusals.findLast(({ directive, policy, blocked }) => NEEDED.test(directive) && !tried.has(blocked) && !Object.keys(OURS).some((realm) => isOurs(/** @type {Realm} */ (realm), policy)));

/** @param {() => boolean} condition @param {number} most ms */
async function until(condition, most) {
  for (let waited = 0; !condition() && waited < most; waited += 20) await new Promise((resolve) => { setTimeout(resolve, 20); });
}
