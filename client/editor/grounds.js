/**
 * What a cutout can be laid on to judge its edges by.
 *
 * @typedef {typeof GROUNDS[number]} GroundName
 * @typedef {CanvasRenderingContext2D} Context
 * @typedef {{ x: number, y: number, width: number, height: number }} Area of the stage, in device pixels
 */
export const GROUNDS = Object.freeze(/** @type {const} */ (['checks', 'white', 'black', 'loud', 'chosen']));

const COLOURS = Object.freeze({ white: '#fff', black: '#000', loud: '#f0f' });
const CHECKS = ['#f4f4f2', '#d6d6d2'];
/** CSS pixels of a square of the checkerboard. */
const SQUARE = 10;

/**
 * @param {Context} context
 * @param {GroundName} name
 * @param {Area} area that the photo takes
 * @param {number} density device pixels per CSS pixel
 * @param {{ colour: string | null, image: CanvasImageSource | null }} chosen by the person, for the finished file
 */
export function layGround(context, name, { x, y, width, height }, density, chosen) {
  if (name === 'chosen' && chosen.image) {
    context.drawImage(chosen.image, x, y, width, height);
    return;
  }
  const colour = name === 'chosen' ? chosen.colour : name === 'checks' ? null : COLOURS[name];
  context.save();
  context.translate(x, y);
  context.fillStyle = colour ?? checks(context, density);
  context.fillRect(0, 0, width, height);
  context.restore();
}

/** @type {{ pattern: CanvasPattern, density: number, context: Context } | null} */
let made = null;

/** @param {Context} context @param {number} density */
function checks(context, density) {
  if (made?.context === context && made.density === density) return made.pattern;
  const side = Math.max(2, Math.round(SQUARE * density));
  const tile = new OffscreenCanvas(2 * side, 2 * side);
  const drawing = /** @type {OffscreenCanvasRenderingContext2D} */ (tile.getContext('2d'));
  drawing.fillStyle = CHECKS[0];
  drawing.fillRect(0, 0, 2 * side, 2 * side);
  drawing.fillStyle = CHECKS[1];
  drawing.fillRect(side, 0, side, side);
  drawing.fillRect(0, side, side, side);
  const pattern = /** @type {CanvasPattern} */ (context.createPattern(tile, 'repeat'));
  made = { pattern, density, context };
  return pattern;
}
