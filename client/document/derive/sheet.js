/**
 * Finished photos on a sheet of paper, as a file.
 */
import { decode } from '../../image/read/decode.js';
import { encode } from '../../image/write/encode.js';
import { drawSheet } from '../../image/compose/sheet.js';

/** Photos are compressed a second time: at this quality it cannot be seen. */
const QUALITY = 96;

/**
 * @param {(Blob | ImageBitmap)[]} files finished photos
 * @param {import('../../shared/protocol-output.js').SheetPlan} sheet
 * @returns {Promise<Blob>} JPEG that names its density
 * @throws {import('../../shared/errors.js').MatteboxError} `bad-option` for a photo of another size, `encode-failed`, and those of a photo that cannot be opened
 */
export async function sheetFile(files, sheet) {
  const photos = [];
  for (const file of files) photos.push(await decode(file));
  const { density } = sheet;
  return encode(drawSheet(sheet, photos), { type: 'image/jpeg', quality: QUALITY }, { profile: null, copyright: null, artist: null, density: { x: density, y: density } });
}
