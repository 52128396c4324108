/**
 * Straight alpha from premultiplied, before anything is converted. Where nothing is to be seen, the colours stay.
 * @param {Uint8Array | Uint8ClampedArray | Uint16Array} values changed: `colours` samples, and alpha after them
 * @param {number} count pixels
 * @param {number} stride samples from pixel to pixel
 * @param {number} colours
 * @param {number} most value of a sample
 */
export function straighten(values, count, stride, colours, most) {
  for (let at = 0; at < count * stride; at += stride) {
    const alpha = values[at + colours];
    if (alpha === 0 || alpha === most) continue;
    for (let channel = at; channel < at + colours; channel++) values[channel] = Math.min(most, Math.round((values[channel] * most) / alpha));
  }
}
