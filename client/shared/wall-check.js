/**
 * Tries to get out of the realm it runs in, to learn from the browser whether its wall stands. The one module besides delivery
 * that may call `fetch`: a promise that nothing can leave is worth what an attempt to leave is worth.
 *
 * Invariant: where there is no wall, an attempt reaches our own server with nothing, or nobody at all.
 */
import { refusedBy } from './policy.js';

/** @typedef {import('./policy.js').Finding} Finding */
/** @typedef {import('./policy.js').Realm} Realm */

/** This module stands at `assets/<tree>/shared/wall-check.js` below the site's root. */
const OWN = new URL('../../../healthz', import.meta.url);
/** Needs no network, and no policy of ours lets it be read. */
const DATA = 'data:,';
/** A server that says nothing must not keep us. */
const PATIENCE_MS = 5000;

/** @param {string} address */
const ask = (address) => fetch(address, { method: 'HEAD', cache: 'no-store', redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });

/**
 * Delivery may reach its own origin. Another one it could be refused is its own host on a port that `fetch` opens in no browser
 * (port 1 is on the Fetch standard's list of bad ports), so that nobody is asked where no policy forbids it.
 */
function elsewhere() {
  const address = new URL(OWN);
  address.port = '1';
  return address.href;
}

/** A policy other than ours forbids strings to become code as well, as a rule; none at all forbids nothing. */
function isAnother() {
  try {
    // Nothing but `true`; whether it may run is the question.
    // eslint-disable-next-line no-new-func
    return !new Function('return true')();
  } catch {
    return true;
  }
}

/**
 * @param {Realm} realm the one this runs in
 * @returns {Promise<Finding>}
 */
export async function tryWall(realm) {
  const isDelivery = realm === 'delivery';
  const first = await refusedBy(isDelivery ? elsewhere() : OWN.href, ask);
  /** @type {Finding} */
  const finding = { ...first, another: false, data: null, online: null };
  if (!finding.reached && finding.policies.length === 0) {
    const second = await refusedBy(DATA, ask);
    finding.data = second.reached;
    finding.policies = second.policies;
    if (isDelivery) finding.online = await ask(OWN.href).then(() => true, () => false);
  }
  if (finding.reached || finding.data) finding.another = isAnother();
  return finding;
}
