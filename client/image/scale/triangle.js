/**
 * The filter that Pillow and torchvision call bilinear: it widens when shrinking, as theirs does (torchvision: `antialias=True`).
 * @type {import('./lanczos.js').Filter}
 */
export const TRIANGLE = { support: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) };
