/**
 * Put something in place of a global until the test ends. Some globals of Node are getters: they are redefined.
 * @param {import('node:test').TestContext} t
 * @param {Record<string, unknown>} values by name; undefined hides the global
 */
export function standIn(t, values) {
  for (const [name, value] of Object.entries(values)) {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    t.after(() => {
      if (before) Object.defineProperty(globalThis, name, before);
      else delete globalThis[name];
    });
  }
}
