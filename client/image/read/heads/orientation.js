/**
 * How the picture is to be turned, where its head holds EXIF: what reads that is loaded for such a file.
 *
 * @typedef {import('../bytes.js').Bytes} Bytes
 * @typedef {import('../bytes.js').Span} Span
 */
import { onDemand } from '../../../shared/on-demand.js';

const exifReader = onDemand(() => import('../exif.js'), 'exif.js');

/**
 * @param {Bytes} bytes
 * @param {Span | null | undefined} exif
 * @returns {ReturnType<typeof import('../exif.js').readOrientation>} as it says
 * @throws {import('../../../shared/errors.js').MatteboxError} `network` where what reads EXIF cannot be had
 */
export const orientationIn = async (bytes, exif) => (exif ? (await exifReader()).readOrientation(bytes, exif) : { orientation: 1, mends: [] });
