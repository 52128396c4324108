/** What the page says of the walls between photos and the network, as they were found. */

/** @typedef {'enforced' | 'missing' | 'replaced' | 'unknown'} Wall */
/** @typedef {'page' | 'inference' | 'delivery'} Realm */
/** @typedef {Record<Realm, Wall>} Walls */
/** @typedef {'proven' | 'broken' | 'unknown'} State of all walls together */

/** @type {Record<Realm, Record<Wall, string>>} */
const FOUND = {
  page: {
    enforced: 'This page tried to open a connection. The browser refused.',
    missing: 'This page tried to open a connection, and could: the rule that forbids it did not arrive.',
    replaced: 'This page did not arrive with the rule that forbids it all connections, but with another one.',
    unknown: 'This page has not been able to try yet.',
  },
  inference: {
    enforced: 'The part that reads your photos tried to open a connection. The browser refused.',
    missing: 'The part that reads your photos tried to open a connection, and could: the rule that forbids it did not arrive.',
    replaced: 'The part that reads your photos did not arrive with the rule that forbids it all connections, but with another one.',
    unknown: 'The part that reads your photos has not tried yet. It does when it starts.',
  },
  delivery: {
    enforced: 'The part that downloads models, which never sees a photo, tried to reach another place than this site. The browser refused.',
    missing: 'The part that downloads models, which never sees a photo, could reach other places than this site: the rule that forbids it did not arrive.',
    replaced: 'The part that downloads models, which never sees a photo, did not arrive with the rule that keeps it to this site, but with another one.',
    unknown: 'The part that downloads models, which never sees a photo, has not been able to try yet.',
  },
};

/** @type {Record<Realm, string>} what must arrive, and with what */
const MEND = {
  page: "the page itself (“/”), with connect-src 'none' in it",
  inference: "…/inference/worker.js and the .mjs files below /runtime/, with connect-src 'none' in it",
  delivery: "…/delivery/worker.js, with connect-src 'self' in it",
};

export const wallText = Object.freeze({
  /** @type {Record<State, string>} */
  claim: {
    proven: 'Your photos never leave this device',
    broken: 'Privacy is not enforced here',
    unknown: 'Your photos stay on this device',
  },
  /** @type {Record<State, string>} */
  lead: {
    proven: 'The browser itself enforces it. At this visit it was tried:',
    broken: 'Mattebox sends your photos nowhere. On this site, though, the browser does not hold it to that:',
    unknown: 'Mattebox sends your photos nowhere. Whether the browser enforces that is tried at each visit; so far:',
  },
  /** @param {Realm} realm @param {Wall} wall */
  found: (realm, wall) => FOUND[realm][wall],
  /** @param {string} time */
  when: (time) => `Last tried at ${time}. Each refusal has a line in the browser’s console, beside the developer tools’ Network.`,
  mend: {
    title: 'What the person who runs this site can do',
    body: 'The header “Content-Security-Policy” must arrive as Mattebox sends it, and no other one beside it, on:',
    /** @param {Realm} realm */
    where: (realm) => MEND[realm],
    how: 'A proxy that drops, replaces or adds this header is the usual cause, or another server that sends these files in Mattebox’s place. See “The promise, and what a proxy can do to it” in docs/operating.md. Afterwards, reload this page twice.',
  },
  notice: {
    title: 'The browser does not enforce on this site that photos stay on your device.',
    body: 'Mattebox sends them nowhere, and works as ever. But the rule by which the browser would stop it did not arrive. The person who runs this site can mend that.',
    action: 'See what was found',
  },
  /** @type {Record<State, string>} beside what ran */
  footer: {
    proven: '0 bytes of your photos left this device.',
    broken: 'Your photos were not sent anywhere. The browser does not enforce that on this site.',
    unknown: 'Your photos were not sent anywhere.',
  },
});

/** @param {Walls} walls @returns {State} */
export function stateOf(walls) {
  const all = Object.values(walls);
  if (all.some((wall) => wall === 'missing' || wall === 'replaced')) return 'broken';
  return all.every((wall) => wall === 'enforced') ? 'proven' : 'unknown';
}
