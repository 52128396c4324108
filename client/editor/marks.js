/** What is drawn over a photo so that it can be told from any photo: light lines on dark ones. Lengths in device pixels. */

import { toStage } from './viewport.js';

/** @typedef {CanvasRenderingContext2D} Context */

const DARK = 'rgb(0 0 0 / 65%)';
const LIGHT = '#fff';
export const ACCENT = '#4fd08a';
export const REMOVED = '#ff6b5e';

/**
 * @param {Context} context with a path
 * @param {number} density device pixels per CSS pixel
 * @param {{ colour?: string, width?: number, dash?: number[] }} [how] `width` in CSS pixels
 */
export function strokeMark(context, density, { colour = LIGHT, width = 1.25, dash = [] } = {}) {
  context.setLineDash([]);
  context.lineJoin = 'round';
  context.strokeStyle = DARK;
  context.lineWidth = (width + 2) * density;
  context.stroke();
  context.setLineDash(dash.map((length) => length * density));
  context.strokeStyle = colour;
  context.lineWidth = width * density;
  context.stroke();
  context.setLineDash([]);
}

/**
 * The outline of a brush: where it has any effect, and where its full one.
 * @param {Context} context
 * @param {{ x: number, y: number }} at
 * @param {{ radius: number, hardness: number }} brush
 * @param {number} density
 */
export function ring(context, { x, y }, { radius, hardness }, density) {
  context.beginPath();
  context.arc(x, y, Math.max(radius, 1.5 * density), 0, 2 * Math.PI);
  strokeMark(context, density);
  if (hardness > 0.98 || radius * hardness < 4 * density) return;
  context.beginPath();
  context.arc(x, y, radius * hardness, 0, 2 * Math.PI);
  context.setLineDash([2 * density, 3 * density]);
  context.strokeStyle = 'rgb(255 255 255 / 55%)';
  context.lineWidth = density;
  context.stroke();
  context.setLineDash([]);
}

/**
 * A band along points, as a brush of that width would leave it.
 * @param {Context} context
 * @param {readonly { x: number, y: number }[]} points
 * @param {number} width
 * @param {string} colour
 */
export function band(context, points, width, colour) {
  if (points.length === 0) return;
  context.beginPath();
  context.moveTo(points[0].x, points[0].y);
  // A line of no length has its round ends.
  for (const { x, y } of points.length > 1 ? points.slice(1) : points) context.lineTo(x, y);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}

/**
 * @param {Uint32Array} outline pairs of x and y of closed polygons, each one's first point given again at its end
 * @returns {Path2D} in pixels of the photo, to be filled by the even-odd rule
 */
export function pathOf(outline) {
  const path = new Path2D();
  let first = -1;
  for (let i = 0; i < outline.length; i += 2) {
    const [x, y] = [outline[i], outline[i + 1]];
    if (first < 0) {
      path.moveTo(x, y);
      first = i;
    } else if (x === outline[first] && y === outline[first + 1]) {
      path.closePath();
      first = -1;
    } else {
      path.lineTo(x, y);
    }
  }
  return path;
}

/**
 * @param {Context} context
 * @param {import('./viewport.js').View} view
 * @param {Path2D} path in pixels of the photo
 * @param {number} density device pixels per CSS pixel
 * @param {{ colour: string, fill?: string, width?: number, dash?: number[] }} how
 */
export function markPath(context, { scale, left, top }, path, density, { colour, fill, width = 1.5, dash = [] }) {
  context.save();
  context.setTransform(scale, 0, 0, scale, left, top);
  const unit = density / scale;
  if (fill) {
    context.fillStyle = fill;
    context.fill(path, 'evenodd');
  }
  context.lineJoin = 'round';
  context.strokeStyle = DARK;
  context.lineWidth = (width + 1.5) * unit;
  context.stroke(path);
  context.setLineDash(dash.map((length) => length * unit));
  context.strokeStyle = colour;
  context.lineWidth = width * unit;
  context.stroke(path);
  context.restore();
}

/** @typedef {import('./viewport.js').Point} Point */

/** CSS pixels: of a dot's radius, and of a cross's arms. */
const DOT = 4;
const ARM = 12;

/** @param {Context} context @param {import('./viewport.js').View} view @param {Point} at in the photo @param {number} density @param {string} colour */
export function dotAt(context, view, at, density, colour) {
  const { x, y } = toStage(view, at);
  context.beginPath();
  context.arc(x, y, DOT * density, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  strokeMark(context, density);
}

/** @param {Context} context @param {import('./viewport.js').View} view @param {Point} at in the photo @param {number} density */
export function crossAt(context, view, at, density) {
  const { x, y } = toStage(view, at);
  const arm = ARM * density;
  context.beginPath();
  context.moveTo(x - arm, y);
  context.lineTo(x + arm, y);
  context.moveTo(x, y - arm);
  context.lineTo(x, y + arm);
  strokeMark(context, density);
}

/**
 * @param {Context} context
 * @param {import('./viewport.js').View} view
 * @param {{ from: Point, to: Point }} corners in the photo
 * @param {number} density
 * @param {string} colour
 */
export function frameOf(context, view, { from, to }, density, colour) {
  const [a, b] = [toStage(view, from), toStage(view, to)];
  context.beginPath();
  context.rect(a.x, a.y, b.x - a.x, b.y - a.y);
  strokeMark(context, density, { colour, width: 1.5, dash: [6, 4] });
}
