/**
 * What is told of how a photo was framed.
 *
 * @typedef {import('../../shared/protocol.js').OutputOptions} OutputOptions
 * @typedef {import('../../shared/protocol.js').Note} Note
 * @typedef {{ width: number, height: number }} Size in pixels
 */
import { onDemand } from '../../shared/on-demand.js';

const placings = onDemand(() => import('../../image/compose/placing.js'), 'placing.js');

/**
 * @param {import('../../image/compose/subject.js').Subject | null} subject
 * @param {OutputOptions} output
 * @param {Size} photo that the subject was found in
 * @param {Size} whole the photo at its full size
 * @returns {Promise<{ placing: import('../../shared/head-frame.js').Placing | null, notes: Note[] }>}
 * @throws {import('../../shared/errors.js').MatteboxError} `network`
 */
export async function framed(subject, output, photo, whole) {
  if (!subject) return { placing: null, notes: [nothingFound(output)] };
  if (output.crop?.anchor !== 'head') return { placing: null, notes: [] };
  return (await placings()).placingOf(subject, output, photo, whole);
}

/**
 * @param {OutputOptions} output
 * @returns {Note} of the kind `whole` where a frame or a shadow was asked for, which nothing cannot have
 */
function nothingFound({ crop, shadow }) {
  return { code: 'nothing-found', detail: crop || shadow ? { kind: 'whole' } : {} };
}
