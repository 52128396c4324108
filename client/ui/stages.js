/**
 * Where the time of a run went, as a person tells it apart. A download is the network's time and not this device's: it is told in
 * words and left out of the bars, which it would crush.
 *
 * @typedef {'start' | 'read' | 'model' | 'write'} StageGroup
 * @typedef {{ group: StageGroup, ms: number }} Share
 */

/** @type {Record<StageGroup, string[]>} in the order they happen */
const GROUPS = {
  start: ['judge', 'create', 'canary'],
  read: ['decode', 'pre'],
  model: ['run'],
  write: ['post', 'compose', 'encode'],
};

export const STAGE_GROUPS = /** @type {StageGroup[]} */ (Object.keys(GROUPS));

/** @param {unknown} value */
const time = (value) => (typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0);

/**
 * @param {Record<string, unknown>} ms by stage
 * @returns {Share[]} those that took any time
 */
export function sharesOf(ms) {
  return STAGE_GROUPS.map((group) => ({ group, ms: GROUPS[group].reduce((sum, stage) => sum + time(ms[stage]), 0) })).filter((share) => share.ms > 0);
}

/**
 * @param {Share[]} shares
 * @param {number} longest time of any run that is shown, ms
 * @returns {(Share & { x: number, width: number })[]} where each lies, in per cent of the longest
 */
export function placed(shares, longest) {
  let x = 0;
  return shares.map((share) => {
    const width = longest > 0 ? (share.ms / longest) * 100 : 0;
    const place = { ...share, x, width };
    x += width;
    return place;
  });
}

/** @param {Share[]} shares @returns {number} ms */
export const sumOf = (shares) => shares.reduce((sum, { ms }) => sum + ms, 0);
