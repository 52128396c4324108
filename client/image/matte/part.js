/**
 * A rectangle of a photo and its matte on a coarser grid, and what was found there back at full size.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 * @typedef {import('./resolve.js').Part} Part
 * @typedef {{ x: number, y: number, width: number, height: number }} Box in whole pixels of the photo
 */
import { lerp, places } from './grid.js';
import { guidedCoefficients } from './guided.js';
import { RIM } from './laplacian.js';

/** Variance of colour (0..1) below which a window of cells counts as flat. */
const EPSILON = 1e-5;

/**
 * @param {Pixels} pixels
 * @param {Uint16Array} matte of the box, 0..65535
 * @param {Uint16Array} mask of the box: what is above 0 is inside
 * @param {Box} box
 * @param {number} step pixels along a cell's side
 * @returns {Part} means of each cell; beyond the box, those of the nearest
 */
export function partOf({ data, width: columns }, matte, mask, box, step) {
  const across = Math.ceil(box.width / step);
  const down = Math.ceil(box.height / step);
  const width = across + 2 * RIM;
  const height = down + 2 * RIM;
  const planes = Array.from({ length: 4 }, () => new Float32Array(width * height));
  const [red, green, blue, alpha] = planes;
  const inside = new Uint8Array(width * height);
  for (let row = 0; row < down; row++) {
    for (let column = 0, cell = (row + RIM) * width + RIM; column < across; column++, cell++) {
      const right = Math.min((column + 1) * step, box.width);
      const bottom = Math.min((row + 1) * step, box.height);
      let [r, g, b, a, count] = [0, 0, 0, 0, 0];
      for (let y = row * step; y < bottom; y++) {
        let from = ((box.y + y) * columns + box.x + column * step) * 4;
        for (let x = column * step; x < right; x++, from += 4, count++) {
          r += data[from];
          g += data[from + 1];
          b += data[from + 2];
          a += matte[y * box.width + x];
          if (mask[y * box.width + x]) inside[cell] = 1;
        }
      }
      const scale = 1 / (255 * count);
      red[cell] = r * scale;
      green[cell] = g * scale;
      blue[cell] = b * scale;
      alpha[cell] = a / (65535 * count);
    }
  }
  for (const plane of planes) fillRim(plane, width, height);
  return { width, height, planes: [red, green, blue], matte: alpha, inside };
}

/** @param {Float32Array} plane @param {number} width @param {number} height */
function fillRim(plane, width, height) {
  for (let y = RIM; y < height - RIM; y++) {
    plane.fill(plane[y * width + RIM], y * width, y * width + RIM);
    plane.fill(plane[(y + 1) * width - RIM - 1], (y + 1) * width - RIM, (y + 1) * width);
  }
  for (let i = 0; i < RIM; i++) {
    plane.copyWithin(i * width, RIM * width, (RIM + 1) * width);
    plane.copyWithin((height - 1 - i) * width, (height - RIM - 1) * width, (height - RIM) * width);
  }
}

/**
 * @param {Part} part
 * @param {Float32Array} alpha of its cells, 0..1; its rim is filled
 * @param {Pixels} pixels
 * @param {Box} box
 * @param {number} step
 * @returns {(y: number, x: number, line: Float32Array) => void} fills the alpha of a row of the box from x on, not limited to 0..1
 */
export function rowsOf(part, alpha, pixels, box, step) {
  const { width, height, planes: [red, green, blue] } = part;
  if (step === 1) {
    return (y, x, line) => line.set(alpha.subarray((y + RIM) * width + RIM + x, (y + RIM) * width + RIM + x + line.length));
  }
  fillRim(alpha, width, height);
  // As with the fast guided filter, what is interpolated are the functions of colour, not what they come to.
  const found = guidedCoefficients([red, green, blue], alpha, { width, height }, 1, EPSILON);
  const across = places(box.width, width - 2 * RIM, step);
  const down = places(box.height, height - 2 * RIM, step);
  const between = new Float32Array(width * 4);
  const whole = new Float32Array(box.width);
  return (y, x, line) => {
    const top = (cellOf(down, y, step, height) + RIM) * width;
    const below = Math.min(top + width, (height - RIM - 1) * width);
    for (let c = 0; c < 4; c++) for (let i = 0; i < width; i++) between[c * width + i] = lerp(found[c][top + i], found[c][below + i], down.share[y]);
    evaluate(between, width, across, pixels, ((box.y + y) * pixels.width + box.x) * 4, whole);
    line.set(whole.subarray(x, x + line.length));
  };
}

/**
 * @param {import('./grid.js').Places} lines
 * @param {number} at
 * @param {number} step
 * @param {number} count with the rim
 */
function cellOf({ share }, at, step, count) {
  const place = Math.min(Math.max((at + 0.5) / step - 0.5, 0), count - 2 * RIM - 1);
  return Math.round(place - share[at]);
}

/**
 * @param {Float32Array} functions of a row: `width` of each coefficient
 * @param {number} width
 * @param {import('./grid.js').Places} across
 * @param {Pixels} pixels
 * @param {number} from where the row begins in them
 * @param {Float32Array} line
 */
function evaluate(functions, width, { first, share }, { data }, from, line) {
  for (let cell = 0; cell < first.length - 1; cell++) {
    const left = cell + RIM;
    const right = Math.min(left + 1, width - RIM - 1);
    for (let x = first[cell]; x < first[cell + 1]; x++) {
      const t = share[x];
      const at = from + x * 4;
      const r = lerp(functions[left], functions[right], t);
      const g = lerp(functions[width + left], functions[width + right], t);
      const b = lerp(functions[2 * width + left], functions[2 * width + right], t);
      const constant = lerp(functions[3 * width + left], functions[3 * width + right], t);
      line[x] = (r * data[at] + g * data[at + 1] + b * data[at + 2]) / 255 + constant;
    }
  }
}
