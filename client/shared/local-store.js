/**
 * What this site remembers on this device from one visit to the next, in localStorage: small values, never anything of a photo.
 * Every read asks anew, so that tabs learn from one another.
 *
 * @typedef {{ getItem: (key: string) => string | null, setItem: (key: string, value: string) => void, removeItem: (key: string) => void }} StringStorage
 * @typedef {() => StringStorage | null | undefined} OpenStorage asking for it throws where site data is blocked
 */

/** One remembered value. */
export class LocalEntry {
  #key;
  #earlierKey;
  #open;

  /**
   * @param {string} name of the value, told from all others
   * @param {OpenStorage} [open]
   */
  constructor(name, open = () => /** @type {{ localStorage?: StringStorage }} */ (globalThis).localStorage) {
    this.#key = `mattebox.${name}`;
    // Versions up to 0.1 wrote some values under this one, and the chosen model as bare text.
    this.#earlierKey = `mattebox-${name}`;
    this.#open = open;
  }

  /** @returns {any} whatever lies there, by whomever; null where that is nothing, or storage is absent or blocked */
  read() {
    try {
      const storage = this.#open();
      const text = storage?.getItem(this.#key) ?? storage?.getItem(this.#earlierKey) ?? null;
      return text === null ? null : parsed(text);
    } catch {
      return null;
    }
  }

  /** @param {unknown} value plain JSON @returns {boolean} whether the next visit will know it: storage may be absent, blocked or full */
  write(value) {
    return this.#change((storage) => storage.setItem(this.#key, JSON.stringify(value)));
  }

  /** @returns {boolean} whether nothing is remembered any more */
  remove() {
    return this.#change((storage) => storage.removeItem(this.#key));
  }

  /** @param {(storage: StringStorage) => void} change */
  #change(change) {
    try {
      const storage = this.#open();
      if (!storage) return false;
      change(storage);
      storage.removeItem(this.#earlierKey);
      return true;
    } catch {
      return false;
    }
  }
}

/** @param {string} text @returns {unknown} the text itself where it is no JSON */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
