/**
 * Where a download's verified segments go.
 *
 * @typedef {import('../shared/protocol.js').Deliverable} Deliverable
 * @typedef {import('../storage/store.js').Store} Store
 * @typedef {import('./download.js').Sink} Sink
 */

/**
 * @param {Store} store
 * @param {Deliverable} file
 * @returns {Sink}
 */
export function storeSink(store, file) {
  return {
    isStored: true,
    present: () => store.present(file),
    put: (index, bytes) => store.writeSegment(file, index, bytes),
  };
}

/**
 * @param {Store} store
 * @param {Deliverable} file
 * @param {number} segmentBytes
 * @returns {Sink & { buffer: ArrayBuffer, trouble: unknown }} for a file that is used at once: `buffer` spares reading it back and checking it again.
 *   `trouble` is what keeps it out of the store, null while nothing does
 */
export function storeAndMemorySink(store, file, segmentBytes) {
  const memory = memorySink(file, segmentBytes, store);
  const sink = {
    ...memory,
    isStored: true,
    /** @type {unknown} */
    trouble: null,
    /** @param {number} index @param {Uint8Array<ArrayBuffer>} bytes */
    async put(index, bytes) {
      await memory.put(index, bytes);
      if (!sink.trouble) await store.writeSegment(file, index, bytes).catch((thrown) => { sink.trouble = thrown; });
    },
  };
  return sink;
}

/**
 * @param {Deliverable} file
 * @param {number} segmentBytes
 * @param {Store | null} [stored] segments that are stored already are taken from there
 * @returns {Sink & { buffer: ArrayBuffer }} `buffer` holds the file once the download is done
 */
export function memorySink(file, segmentBytes, stored) {
  const whole = new Uint8Array(file.bytes);
  return {
    isStored: false,
    buffer: whole.buffer,
    async present() {
      return Promise.all(
        file.segments.map(async (_, index) => {
          // A damaged segment is as good as none.
          const segment = await stored?.readSegment(file, index).catch(() => null);
          if (segment) whole.set(segment, index * segmentBytes);
          return Boolean(segment);
        }),
      );
    },
    async put(index, bytes) {
      whole.set(bytes, index * segmentBytes);
    },
  };
}
