/**
 * Files into a folder that a person chooses (File System Access). What lies there already is never written over unasked, and a file is
 * there whole or not at all: browsers write beside it and put it in its place at the end.
 *
 * @typedef {import('./download-all.js').Ready} Ready
 * @typedef {{ showDirectoryPicker: (options: { id: string, mode: 'readwrite' }) => Promise<FileSystemDirectoryHandle> }} Picker
 *
 * @typedef {object} Saving
 * @property {string[]} expected paths by which the files will come, as far as they are known
 * @property {() => AsyncIterable<Ready>} files
 * @property {AbortSignal} signal
 * @property {(words: string) => void} onSay
 */
import { uniqueName } from '../finish/file-names.js';
import { t } from '../messages/later.js';
import { askToReplace } from './ask-to-replace.js';

/**
 * @param {Promise<FileSystemDirectoryHandle>} choosing
 * @param {Saving} saving
 * @returns {Promise<boolean>} false where nothing was to be saved after all
 * @throws {unknown} where the folder cannot be written
 */
export async function saveToFolder(choosing, { expected, files, signal, onSay }) {
  const root = await choosing.catch((/** @type {unknown} */ thrown) => {
    // Closed without a choice, or not permitted: a person said so.
    if (thrown instanceof DOMException && ['AbortError', 'NotAllowedError'].includes(thrown.name)) return null;
    throw thrown;
  });
  if (!root) return false;
  const there = [];
  for (const path of new Set(expected)) if (await isThere(root, path)) there.push(path);
  const answer = there.length > 0 ? await askToReplace(there) : 'beside';
  if (answer === null) return false;
  const mayReplace = new Set(answer === 'replace' ? there : []);
  let count = 0;
  for await (const { path, blob } of files()) {
    await write(root, mayReplace.has(path) ? path : await freePath(root, path), blob, signal);
    count += 1;
  }
  onSay(t('folder.saved', { count }));
  return true;
}

/** @param {string} path @returns {[folders: string[], name: string]} */
function split(path) {
  const parts = path.split('/');
  return [parts.slice(0, -1), parts[parts.length - 1]];
}

/** @param {FileSystemDirectoryHandle} root @param {string} path @returns {Promise<boolean>} */
async function isThere(root, path) {
  const [folders, name] = split(path);
  try {
    let folder = root;
    for (const one of folders) folder = await folder.getDirectoryHandle(one);
    await folder.getFileHandle(name);
    return true;
  } catch (thrown) {
    // A folder of that name is no file, and in the way all the same.
    return thrown instanceof DOMException && thrown.name === 'TypeMismatchError';
  }
}

/** @param {FileSystemDirectoryHandle} root @param {string} path @returns {Promise<string>} by which nothing is there */
async function freePath(root, path) {
  /** @type {Set<string>} */
  const taken = new Set();
  for (;;) {
    const free = uniqueName(path, taken);
    if (!(await isThere(root, free))) return free;
  }
}

/** @param {FileSystemDirectoryHandle} root @param {string} path @param {Blob} blob @param {AbortSignal} signal */
async function write(root, path, blob, signal) {
  const [folders, name] = split(path);
  let folder = root;
  for (const one of folders) folder = await folder.getDirectoryHandle(one, { create: true });
  const isNew = !(await isThere(folder, name));
  const file = await folder.getFileHandle(name, { create: true });
  try {
    await blob.stream().pipeTo(await file.createWritable(), { signal });
  } catch (thrown) {
    // An empty file of that name is none.
    if (isNew) await folder.removeEntry(name).catch(() => {});
    throw thrown;
  }
}
