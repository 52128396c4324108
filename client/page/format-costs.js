/** What writing a type of file would still download. Unknown costs are not told. */
export class FormatCosts {
  /** Bytes. */
  all = { webp: 0, avif: 0 };
  #engine;
  #onChange;

  /** @param {Pick<typeof import('../api.js'), 'catalog' | 'stored'>} engine @param {() => void} onChange */
  constructor(engine, onChange) {
    this.#engine = engine;
    this.#onChange = onChange;
  }

  /** @param {string} type of a file that has been made: what writes it is here */
  paid(type) {
    if ((type === 'image/webp' && this.all.webp > 0) || (type === 'image/avif' && this.all.avif > 0)) void this.lookUp();
  }

  async lookUp() {
    try {
      const [{ codecs }, { files }] = await Promise.all([this.#engine.catalog(), this.#engine.stored()]);
      const cost = (/** @type {{ sha256: string, download: number }} */ file) => (files.some(({ sha256, whole }) => whole && sha256 === file.sha256) ? 0 : file.download);
      this.all = { webp: cost(codecs.webp), avif: cost(codecs.avif) };
      this.#onChange();
    } catch {
      // The photo that needs it meets the same failure, and shows it.
    }
  }
}
