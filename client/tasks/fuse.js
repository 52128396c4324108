/**
 * The mattes of a model's parts, made one by the catalog's rule. Pure.
 *
 * @typedef {import('../shared/protocol.js').Fusion} Fusion
 * @typedef {{ matte: Float32Array, columns: number, rows: number }} SmallMatte 0..1, row by row
 */
import { resizePlane } from '../image/scale/plane.js';

/**
 * The detail knows outlines and may miss a whole leg; the presence knows what is there and not where it ends. Where they differ
 * by no more than the threshold, the detail is right about both.
 *
 * @param {Fusion} fusion
 * @param {SmallMatte} detail
 * @param {SmallMatte} presence of any size
 * @returns {SmallMatte & { apart: number }} of the detail's size; `apart`: where they differ by more, as a part of what is likely the subject's then
 */
export function fuse({ threshold }, detail, presence) {
  const { columns, rows } = detail;
  const isSame = presence.columns === columns && presence.rows === rows;
  const there = isSame ? presence.matte : resizePlane(presence.matte, presence.columns, presence.rows, { width: columns, height: rows });
  let [apart, likely] = [0, 0];
  const matte = detail.matte.map((fine, i) => {
    const isApart = Math.abs(fine - there[i]) > threshold;
    const value = isApart ? Math.max(fine, (fine + there[i]) / 2) : fine;
    apart += Number(isApart);
    likely += Number(value >= 0.5);
    return value;
  });
  return { matte, columns, rows, apart: apart / Math.max(1, likely) };
}
