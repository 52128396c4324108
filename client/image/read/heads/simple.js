/**
 * Formats whose head is a few fields: BMP (the DIB headers of Windows) and ICO.
 *
 * @typedef {import('../bytes.js').Bytes} Bytes
 * @typedef {import('./head.js').Head} Head
 */
import { damaged } from '../bytes.js';
import { perMetre } from '../density.js';
import { headOf } from './head.js';

/**
 * @param {Bytes} bytes
 * @returns {Promise<Head>}
 * @throws {import('../../../shared/errors.js').MatteboxError} `corrupt-image`
 */
export async function readBmp(bytes) {
  const view = await bytes.need(14, 12, 'BMP');
  // The oldest header is 12 bytes long. In the others a negative height means that the first row is the top one.
  const isOld = view.getUint32(0, true) === 12;
  if (isOld) return sized(view.getUint16(4, true), view.getUint16(6, true));
  const fields = await bytes.view(14, 32);
  const density = fields.byteLength < 32 ? null : perMetre(fields.getInt32(24, true), fields.getInt32(28, true));
  return { ...sized(view.getInt32(4, true), Math.abs(view.getInt32(8, true))), density };
}

/**
 * Several pictures: browsers choose, and each is small.
 * @returns {Promise<Head>}
 */
export async function readIco() {
  return headOf({});
}

/**
 * @param {number} width
 * @param {number} height
 */
function sized(width, height) {
  if (width <= 0 || height <= 0) throw damaged('BMP', `a size of ${width} × ${height}`);
  return headOf({ width, height });
}
