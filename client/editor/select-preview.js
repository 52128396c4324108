/**
 * What a press would take, before it is pressed. Of all places that the pointer was at, the last one is asked about once the one before is answered.
 *
 * @typedef {import('./region.js').Seen} Region
 * @typedef {import('../shared/protocol-segment.js').SegmentPrompt} SegmentPrompt
 */
import { counted } from '../document/edits.js';
import { markPath } from './marks.js';
import { isSamePrompt } from './prompt.js';
import { borderOf, trimmed } from './region.js';
import { toStage } from './viewport.js';

/** Lines of a border that are drawn: of more, a frame would be late, and nobody would see a border. */
const MOST_LINES = 20_000;
/** How opaque the tint is, of 255. */
const TINT = 96;

export class SelectPreview {
  #segmented;
  #hooks;
  /** @type {SegmentPrompt | null} */
  #wanted = null;
  /** @type {{ prompt: SegmentPrompt, region: Region | null, border: Path2D | null } | null} */
  #known = null;
  /** @type {{ of: Region, colour: string, canvas: OffscreenCanvas } | null} */
  #tint = null;

  /**
   * @param {import('./segmented.js').Segmented} segmented
   * @param {{ slip: () => number, redraw: () => void, fail: (error: unknown) => void }} hooks `slip` pixels of the photo by which a place may be beside another
   */
  constructor(segmented, hooks) {
    this.#segmented = segmented;
    this.#hooks = hooks;
  }

  /** @param {SegmentPrompt | null} prompt what a press would be; null for nothing */
  async want(prompt) {
    const [before, slip] = [this.#wanted, this.#hooks.slip()];
    if (prompt && before && isSamePrompt(prompt, before, slip)) return;
    this.#wanted = prompt;
    if (!prompt) this.#known = null;
    this.#hooks.redraw();
    if (!prompt) return;
    try {
      const answer = await this.#segmented.hover(prompt);
      if (!answer || this.#wanted === null) return;
      const region = trimmed(answer);
      this.#known = { prompt, region, border: region && pathOf(borderOf(region)) };
      this.#hooks.redraw();
    } catch (error) {
      if (this.#wanted === prompt) this.#hooks.fail(error);
    }
  }

  /** @param {SegmentPrompt} prompt @returns {{ region: Region | null } | null} what is shown, where it is the answer to this */
  knownOf(prompt) {
    return this.#known && isSamePrompt(prompt, this.#known.prompt, this.#hooks.slip()) ? this.#known : null;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import('./viewport.js').View} view
   * @param {number} density
   * @param {string} colour
   */
  draw(context, view, density, colour) {
    if (!this.#known?.region) return;
    const { region, border } = this.#known;
    if (this.#tint?.of !== region || this.#tint.colour !== colour) this.#tint = { of: region, colour, canvas: tinted(region, colour) };
    const { x, y } = toStage(view, region.seen);
    context.imageSmoothingEnabled = true;
    context.drawImage(this.#tint.canvas, x, y, region.seen.width * view.scale, region.seen.height * view.scale);
    if (border) markPath(context, view, border, density, { colour, width: 2 });
  }
}

/** @param {Float32Array} lines @returns {Path2D | null} null where there are too many */
function pathOf(lines) {
  if (lines.length > MOST_LINES * 4) return null;
  const path = new Path2D();
  for (let i = 0; i < lines.length; i += 4) {
    path.moveTo(lines[i], lines[i + 1]);
    path.lineTo(lines[i + 2], lines[i + 3]);
  }
  return path;
}

/** @param {Region} region @param {string} colour @returns {OffscreenCanvas} a pixel for each place, as opaque as it is likely */
function tinted({ matte: { values, columns, rows } }, colour) {
  const canvas = new OffscreenCanvas(columns, rows);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const picture = context.createImageData(columns, rows);
  for (let i = 0; i < values.length; i++) picture.data[i * 4 + 3] = TINT * counted(values[i] / 65535);
  context.putImageData(picture, 0, 0);
  context.globalCompositeOperation = 'source-in';
  context.fillStyle = colour;
  context.fillRect(0, 0, columns, rows);
  return canvas;
}
