/**
 * @param {import('../shared/protocol.js').Preview} preview
 * @param {import('../finish/output-settings.js').Wanted} wish what it was made as
 * @returns {import('../ui/job-card.js').Result['preview']} as a card shows it
 */
export function previewOf({ image, frame, result, notes, placing }, { output, previewKey }) {
  return { image, frame, size: result, notes, isWhole: !output.crop, isAroundHead: placing !== null, isMatte: output.content === 'matte', key: previewKey };
}
