/**
 * Where the frame of an ID photo lies in the photo, and what the photo lacks for it.
 *
 * @typedef {import('../../shared/head-frame.js').Placing} Placing
 * @typedef {import('../../shared/head-frame.js').Span} Span
 * @typedef {import('../../shared/protocol.js').OutputOptions} OutputOptions
 * @typedef {import('../../shared/protocol.js').Note} Note
 * @typedef {import('./subject.js').Subject} Subject
 * @typedef {{ width: number, height: number }} Size in pixels
 */
import { headIn, inParts, lacks } from '../../shared/head-frame.js';
import { fitOf, frameOf } from './layout.js';
import { findHead } from './portrait.js';

/**
 * @param {Subject} subject
 * @param {OutputOptions} output whose crop is one around a head
 * @param {Size} photo that the subject was found in
 * @param {Size} whole the photo at its full size
 * @returns {{ placing: Placing, notes: Note[] }}
 * @throws {import('../../shared/errors.js').MatteboxError} `bad-option`
 */
export function placingOf(subject, { crop, density }, photo, whole) {
  const wanted = /** @type {import('../../shared/protocol.js').Crop} */ (crop);
  const frame = frameOf(subject, wanted, photo);
  const touches = touchesOf(subject, photo);
  const scale = { x: whole.width / photo.width, y: whole.height / photo.height };
  const full = { x: frame.x * scale.x, y: frame.y * scale.y, width: frame.width * scale.x, height: frame.height * scale.y };
  const { dpi, isCoarse, ends } = lacks(full, whole, touches, { width: frame.toWidth, density });
  return {
    placing: { head: inParts(headIn(frame, fitOf(wanted)), photo), isFound: findHead(subject) !== null, touches },
    notes: [...(isCoarse ? [/** @type {Note} */ ({ code: 'prints-coarsely', detail: { count: dpi } })] : []), ...ends.map((kind) => /** @type {Note} */ ({ code: 'photo-ends', detail: { kind } }))],
  };
}

/** @param {Subject} subject @param {Size} photo @returns {Placing['touches']} */
function touchesOf({ cell, columns, rows, cover }, { width, height }) {
  /** @type {(from: number, step: number, count: number, side: number) => Span} */
  const along = (from, step, count, side) => {
    const held = Array.from({ length: count }, (_, i) => cover[from + i * step] >= 0.5);
    const [first, last] = [held.indexOf(true), held.lastIndexOf(true)];
    return first < 0 ? null : [(first * cell) / side, Math.min(1, ((last + 1) * cell) / side)];
  };
  // The outermost cells may be cut off, and cover less: what is beside them tells as much.
  const [right, bottom] = [columns - (width % cell ? 2 : 1), rows - (height % cell ? 2 : 1)].map((at) => Math.max(0, at));
  return { top: along(0, 1, columns, width), bottom: along(bottom * columns, 1, columns, width), left: along(0, columns, rows, height), right: along(right, columns, rows, height) };
}
