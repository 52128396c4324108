/**
 * While photos of an earlier visit are brought back, the device is theirs: what nobody waits for begins when they can be seen.
 * @param {import('./store.js').Store} store
 * @param {(isUnderWay: boolean) => void} act called at once where it is under way, and with each change
 */
export function whileComingBack(store, act) {
  if (store.state.isComingBack) act(true);
  store.connect([(_, { isComingBack }, previous) => { if (isComingBack !== previous.isComingBack) act(isComingBack); }]);
}
