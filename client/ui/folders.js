/**
 * The photos in dropped folders. What cannot be read does not keep the rest away, and folders that never end do: a link may lead
 * back to where it stands.
 */
import { isPhotoName, isSystemFile, isSystemFolder } from './photo-names.js';

/** @typedef {{ most: number, deepest: number }} Bounds files and folders looked at, and folders one in another */
/**
 * @typedef {object} Found
 * @property {File[]} files by name
 * @property {Map<File, string>} folders in which they are: "album/below"
 * @property {string[]} unread names of the files and folders that could not be read
 * @property {string[]} leftOut names of the files that are no photos that can be opened here
 * @property {boolean} isCut there is more than was looked at
 */

/** @type {Bounds} */
export const BOUNDS = Object.freeze({ most: 20_000, deepest: 16 });

/**
 * @param {FileSystemDirectoryEntry[]} folders
 * @param {Bounds} [bounds]
 * @returns {Promise<Found>} never rejects
 */
export async function photosIn(folders, { most, deepest } = BOUNDS) {
  /** @type {Found} */
  const found = { files: [], folders: new Map(), unread: [], leftOut: [], isCut: false };
  // Grows while it is walked: what lies near comes before what lies deep.
  const ahead = folders.map((folder) => ({ folder, depth: 1 }));
  let seen = 0;
  for (const { folder, depth } of ahead) {
    for await (const batch of entriesOf(folder, found.unread)) {
      const entries = batch.slice(0, most - seen);
      seen += entries.length;
      await Promise.all(entries.filter(({ isFile }) => isFile).map((entry) => take(/** @type {FileSystemFileEntry} */ (entry), found)));
      for (const entry of entries.filter(({ isDirectory, name }) => isDirectory && !isSystemFolder(name))) {
        if (depth < deepest) ahead.push({ folder: /** @type {FileSystemDirectoryEntry} */ (entry), depth: depth + 1 });
        else found.unread.push(entry.name);
      }
      found.isCut = entries.length < batch.length;
      if (found.isCut) return sorted(found);
    }
  }
  return sorted(found);
}

/**
 * A reader hands out a limited number of entries per call (100 in Chromium), none when it is done.
 * @param {FileSystemDirectoryEntry} folder
 * @param {string[]} unread its name is added when it cannot be read to its end
 */
async function* entriesOf(folder, unread) {
  try {
    const reader = folder.createReader();
    for (;;) {
      const batch = await /** @type {Promise<FileSystemEntry[]>} */ (new Promise((resolve, reject) => { reader.readEntries(resolve, reject); }));
      if (batch.length === 0) return;
      yield batch;
    }
  } catch {
    unread.push(folder.name);
  }
}

/**
 * @param {FileSystemFileEntry} entry
 * @param {Found} found
 */
async function take(entry, { files, folders, unread, leftOut }) {
  const { name, fullPath } = entry;
  if (isSystemFile(name)) return;
  const isPhoto = isPhotoName(name);
  if (isPhoto === false) {
    leftOut.push(name);
    return;
  }
  try {
    const file = await /** @type {Promise<File>} */ (new Promise((resolve, reject) => { entry.file(resolve, reject); }));
    if (isPhoto || file.type.startsWith('image/')) {
      files.push(file);
      folders.set(file, fullPath.split('/').slice(1, -1).join('/'));
    } else {
      leftOut.push(name);
    }
  } catch {
    unread.push(name);
  }
}

/** @param {Found} found */
function sorted({ files, unread, leftOut, ...found }) {
  const { compare } = new Intl.Collator('en', { numeric: true });
  return { ...found, files: files.sort((a, b) => compare(a.name, b.name)), unread: unread.sort(compare), leftOut: leftOut.sort(compare) };
}
