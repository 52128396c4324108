/** A browser reads what it saves from memory or disk, and does not tell when it has. */
const SAVED_AFTER_MS = 60_000;

/** @param {Blob} blob @param {string} name of the file that it becomes */
export function save(blob, name) {
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), SAVED_AFTER_MS);
}
