import assert from 'node:assert/strict';
import zlib from 'node:zlib';

const SIGNATURE = '89504e470d0a1a0a';
/** Samples per pixel of the colour types (PNG specification, 11.2.1): grey, RGB, grey with alpha, RGBA. */
const CHANNELS = { 0: 1, 2: 3, 4: 2, 6: 4 };

/** @param {Buffer} file */
function* chunks(file) {
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    const checked = file.subarray(at + 4, at + 8 + length);
    assert.equal(file.readUInt32BE(at + 8 + length), zlib.crc32(checked), `CRC of ${type}`);
    yield { type, data: checked.subarray(4) };
    at += 12 + length;
  }
}

/** The Paeth predictor (9.4). */
function paeth(a, b, c) {
  const [pa, pb, pc] = [b - c, a - c, a + b - 2 * c].map(Math.abs);
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}

/**
 * An independent reader of PNGs without interlacing that forgives nothing.
 * @param {Uint8Array} bytes
 * @param {8 | 16} [bits] per sample
 * @returns {{ width: number, height: number, channels: number, data: Uint8Array, samples: number[] | Uint8Array, chunks: { type: string, data: Buffer }[] }}
 *   `data` is bytes, `samples` numbers
 */
export function readPng(bytes, bits = 8) {
  const file = Buffer.from(bytes);
  assert.equal(file.toString('hex', 0, 8), SIGNATURE);
  const all = [...chunks(file)];
  assert.deepEqual([all[0].type, all.at(-1).type], ['IHDR', 'IEND']);
  const [width, height] = [all[0].data.readUInt32BE(0), all[0].data.readUInt32BE(4)];
  const [depth, colour, ...methods] = all[0].data.subarray(8);
  assert.deepEqual([depth, methods], [bits, [0, 0, 0]], 'depth, compression, filter and interlace methods');
  const channels = CHANNELS[colour];
  const raw = zlib.inflateSync(Buffer.concat(all.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data)));
  const size = (channels * bits) / 8;
  const stride = width * size;
  assert.equal(raw.length, (stride + 1) * height);

  const data = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)];
    assert.ok(filter <= 4, `filter ${filter}`);
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const a = x >= size ? data[at - size] : 0;
      const b = y > 0 ? data[at - stride] : 0;
      const c = x >= size && y > 0 ? data[at - stride - size] : 0;
      data[at] = raw[y * (stride + 1) + 1 + x] + [0, a, b, (a + b) >> 1, paeth(a, b, c)][filter];
    }
  }
  const samples = bits === 8 ? data : Array.from({ length: data.length / 2 }, (_, i) => data[2 * i] * 256 + data[2 * i + 1]);
  return { width, height, channels, data, samples, chunks: all };
}
