/**
 * The flattened picture of a Photoshop file, which stands behind its layers: channel after channel, some rows at a time.
 *
 * @typedef {import('./bytes.js').Bytes} Bytes
 * @typedef {import('./decode.js').Pixels} Pixels
 * @typedef {import('./heads/psd.js').PsdLayout} PsdLayout
 */
import { truncated } from './bytes.js';
import { converterOf } from './colour.js';
import { MODES, readLayout } from './heads/psd.js';
import { channelRows } from './psd-channels.js';
import { fillSamples, withoutWhite } from './psd-samples.js';

const TYPE = 'Photoshop';
/** Bytes of a channel that are in hand at a time. */
const BAND = 1 << 20;
/** Colours of a mode, and how their samples are to be understood. */
const KINDS = /** @type {Record<number, { channels: number, colours: import('./colour.js').Samples['colours'] }>} */ ({
  [MODES.bitmap]: { channels: 1, colours: 'grey' },
  [MODES.grey]: { channels: 1, colours: 'grey' },
  [MODES.indexed]: { channels: 1, colours: 'rgb' },
  [MODES.rgb]: { channels: 3, colours: 'rgb' },
  [MODES.cmyk]: { channels: 4, colours: 'cmyk' },
  // Photoshop's own advice: to treat it as grey.
  [MODES.duotone]: { channels: 1, colours: 'grey' },
  [MODES.lab]: { channels: 3, colours: 'lab' },
});

/**
 * @param {Bytes} bytes whose head `readPsd` has found sound
 * @param {Uint8Array | null} profile ICC, to sRGB; null leaves the colours as they are
 * @returns {Promise<{ pixels: Pixels, isConverted: boolean }>} straight alpha
 * @throws {import('../../shared/errors.js').MatteboxError} `corrupt-image`
 */
export async function decodePsd(bytes, profile) {
  const { layout } = await readLayout(bytes);
  const { width, height, depth, mode } = layout;
  const { channels, colours } = KINDS[mode];
  if (layout.channels < channels) throw truncated(TYPE);
  const stride = channels + (layout.isClear && layout.channels > channels ? 1 : 0);
  const bits = depth > 8 ? 16 : 8;
  const rowBytes = Math.ceil((width * depth) / 8);
  const rowsOf = await channelRows(bytes, layout, stride, rowBytes);
  const data = new Uint8ClampedArray(width * height * 4);
  const isIndexed = mode === MODES.indexed;
  const converter = isIndexed ? null : await converterOf(profile, { colours, bits, stride });
  const paint = converter ? colourPainter(data, converter.convert, { stride, mode, bits }) : palettePainter(data, layout, stride, await bytes.copy(layout.palette));
  const band = Math.max(1, Math.floor(BAND / rowBytes));
  for (let y = 0; y < height; y += band) {
    const rows = Math.min(band, height - y);
    const samples = bits === 16 ? new Uint16Array(rows * width * stride) : new Uint8Array(rows * width * stride);
    for (let channel = 0; channel < stride; channel++) {
      fillSamples(samples, await rowsOf(channel, y, rows), layout, { channel, stride, rows, rowBytes, isAlpha: channel === channels });
    }
    paint(samples, y * width * 4);
  }
  return { pixels: { data, width, height }, isConverted: converter?.isConverted() ?? true };
}

/**
 * @param {Uint8ClampedArray} data
 * @param {import('./colour.js').Convert} convert
 * @param {{ stride: number, mode: number, bits: number }} samples
 * @returns {(samples: Uint8Array | Uint16Array, to: number) => void}
 */
function colourPainter(data, convert, { stride, mode, bits }) {
  const { channels } = KINDS[mode];
  const most = bits === 16 ? 65535 : 255;
  return (samples, to) => {
    if (stride > channels) withoutWhite(samples, stride, mode, most);
    if (mode === MODES.cmyk) invert(samples, stride, most);
    convert(samples, 0, data, to, samples.length / stride);
    for (let at = channels, i = to + 3; at - channels < samples.length; at += stride, i += 4) {
      data[i] = stride > channels ? (samples[at] * 255) / most : 255;
    }
  };
}

/**
 * @param {Uint8ClampedArray} data
 * @param {PsdLayout} layout
 * @param {number} stride
 * @param {Uint8Array} palette
 * @returns {(samples: Uint8Array | Uint16Array, to: number) => void}
 */
function palettePainter(data, { clearIndex }, stride, palette) {
  if (palette.length < 3 * 256) throw truncated(TYPE);
  return (samples, to) => {
    for (let at = 0, i = to; at < samples.length; at += stride, i += 4) {
      const index = samples[at];
      for (let c = 0; c < 3; c++) data[i + c] = palette[c * 256 + index];
      data[i + 3] = index === clearIndex ? 0 : stride > 1 ? samples[at + 1] : 255;
    }
  };
}

/**
 * Full ink is stored as nothing.
 * @param {Uint8Array | Uint16Array} samples changed
 * @param {number} stride
 * @param {number} most
 */
function invert(samples, stride, most) {
  for (let at = 0; at < samples.length; at += stride) for (let c = at; c < at + 4; c++) samples[c] = most - samples[c];
}
