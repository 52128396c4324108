/**
 * The subject over what is behind it: result = foreground * a + behind * (1 - a), in 8-bit sRGB as every image editor does.
 *
 * @typedef {import('../read/decode.js').Pixels} Pixels
 * @typedef {import('./background.js').Painter} Painter
 * @typedef {import('./shadow.js').Shade} Shade
 */

/**
 * @param {Pixels} pixels become opaque
 * @param {Uint16Array} matte
 * @param {Painter} paint
 * @param {Shade | null} shade
 */
export function onBackground({ data, width, height }, matte, paint, shade) {
  const line = new Uint8ClampedArray(width * 3);
  const dark = shade && new Float32Array(width);
  for (let y = 0, at = 0; y < height; y++) {
    paint(y, line);
    if (shade && dark) {
      shade.fill(y, dark);
      darken(line, dark, shade.colour);
    }
    for (let i = 0, to = at * 4; i < line.length; i += 3, at++, to += 4) {
      const m = matte[at];
      data[to + 3] = 255;
      if (m === 65535) continue;
      if (m === 0) {
        data[to] = line[i];
        data[to + 1] = line[i + 1];
        data[to + 2] = line[i + 2];
      } else {
        data[to] = mix(data[to], line[i], m);
        data[to + 1] = mix(data[to + 1], line[i + 1], m);
        data[to + 2] = mix(data[to + 2], line[i + 2], m);
      }
    }
  }
}

/**
 * @param {number} over
 * @param {number} under
 * @param {number} m 0..65535
 * @returns {number} rounded; n / 65535 is (n + n / 65536) / 65536 to the bit for all that can occur (Blinn 1995, "Three Wrongs Make a Right")
 */
function mix(over, under, m) {
  const sum = over * m + under * (65535 - m) + 32768;
  return (sum + (sum >>> 16)) >>> 16;
}

/**
 * @param {Uint8ClampedArray} line RGB
 * @param {Float32Array} dark alpha of the shadow
 * @param {[number, number, number]} colour
 */
function darken(line, dark, [red, green, blue]) {
  for (let x = 0, i = 0; x < dark.length; x++, i += 3) {
    const a = dark[x];
    if (a < 0.001) continue;
    line[i] = (line[i] + (red - line[i]) * a + 0.5) | 0;
    line[i + 1] = (line[i + 1] + (green - line[i + 1]) * a + 0.5) | 0;
    line[i + 2] = (line[i + 2] + (blue - line[i + 2]) * a + 0.5) | 0;
  }
}

/**
 * Over transparency the shadow is part of the alpha, and the colour is the mean of the two, each by what it covers (Porter and Duff 1984).
 * @param {Pixels} pixels
 * @param {Uint16Array} matte
 * @param {Shade} shade
 */
export function onShadow({ data, width, height }, matte, { colour, fill }) {
  const dark = new Float32Array(width);
  const [red, green, blue] = colour;
  for (let y = 0, at = 0; y < height; y++) {
    fill(y, dark);
    for (let x = 0; x < width; x++, at++) {
      const m = matte[at];
      const to = at * 4;
      const a = m / 65535;
      const under = dark[x] * (1 - a);
      // What no eye can see keeps its colour, rather than take the shadow's.
      if (under * 255 < 0.5) {
        data[to + 3] = ((m + 128) / 257) | 0;
        continue;
      }
      const alpha = a + under;
      data[to + 3] = alpha * 255;
      const share = under / alpha;
      data[to] += (red - data[to]) * share;
      data[to + 1] += (green - data[to + 1]) * share;
      data[to + 2] += (blue - data[to + 2]) * share;
    }
  }
}
