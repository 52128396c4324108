/**
 * The colour of the foreground alone, where it and the background share a pixel. The colours of both come from a coarser grid
 * (fusion.js), which is what makes it fast: they are blurred anyway. The last step is each pixel's own.
 *
 * @typedef {import('./decode.js').Pixels} Pixels
 */
import { fuse, meansOf } from './fusion.js';
import { between, gridOf, places } from './grid.js';

/** Cells of the grid at most. */
const CELLS = 1 << 18;

/**
 * Replace the colours of pixels that are not wholly foreground by those of the foreground, in place. Alpha is left alone. Where the
 * matte is 0 the foreground's colour goes on, so that nothing of the background shows after resizing, or where alpha is dropped.
 * A matte without any foreground changes nothing.
 * @param {Pixels} pixels
 * @param {Uint16Array} matte one value per pixel, 0..65535
 */
export function estimateForeground(pixels, matte) {
  const { data, width, height } = pixels;
  const grid = gridOf(width, height, CELLS);
  const colours = fuse(meansOf(pixels, matte, grid), grid);
  if (!colours) return;
  const planes = [...colours.front, ...colours.back];
  const lines = planes.map(() => new Float32Array(grid.width + 1));
  const across = places(width, grid.width, grid.step);
  const down = places(height, grid.height, grid.step);
  for (let y = 0; y < height; y++) {
    planes.forEach((plane, i) => between(plane, grid.width, down.cell[y], down.part[y], grid.height, lines[i]));
    estimateRow(data, matte, y * width, across, lines);
  }
}

/**
 * @param {Uint8ClampedArray} data RGBA
 * @param {Uint16Array} matte
 * @param {number} start of the row, in pixels
 * @param {{ cell: Int32Array, part: Float32Array }} across
 * @param {Float32Array[]} lines red, green and blue of the foreground, and of the background
 */
function estimateRow(data, matte, start, { cell, part }, [fr, fg, fb, br, bg, bb]) {
  for (let x = 0, i = start; x < cell.length; x++, i++) {
    const level = matte[i];
    if (level === 65535) continue;
    const c = cell[x];
    const t = part[x];
    const red = fr[c] + t * (fr[c + 1] - fr[c]);
    const green = fg[c] + t * (fg[c + 1] - fg[c]);
    const blue = fb[c] + t * (fb[c + 1] - fb[c]);
    const at = i * 4;
    if (level === 0) {
      data[at] = red;
      data[at + 1] = green;
      data[at + 2] = blue;
    } else {
      const a = level / 65535;
      const rest = 1 - a;
      data[at] = red + a * (data[at] - a * red - rest * (br[c] + t * (br[c + 1] - br[c])));
      data[at + 1] = green + a * (data[at + 1] - a * green - rest * (bg[c] + t * (bg[c + 1] - bg[c])));
      data[at + 2] = blue + a * (data[at + 2] - a * blue - rest * (bb[c] + t * (bb[c + 1] - bb[c])));
    }
  }
}
