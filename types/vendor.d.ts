// The server lays these npm files under client/vendor/ (server/asset_tree.py); on disk they are only in node_modules/.

declare module '*/vendor/onnxruntime-web/ort.wasm.min.mjs' {
  export * from 'onnxruntime-web/wasm';
}

// All builds have the same interface.
declare module '*/vendor/onnxruntime-web/ort.jspi.min.mjs' {
  export * from 'onnxruntime-web/wasm';
}

declare module '*/vendor/onnxruntime-web/ort.webgpu.min.mjs' {
  export * from 'onnxruntime-web/wasm';
}

declare module '*/vendor/fzstd/index.mjs' {
  export { decompress } from 'fzstd';
}

declare module '*/vendor/noble-hashes/sha2.js' {
  export { sha256 } from '@noble/hashes/sha2.js';
}

// The package's own types need a bundler's resolution; this is what is used of it.
declare module '*/vendor/tokenizers/tokenizers.min.mjs' {
  export class Tokenizer {
    constructor(described: object, config: object);
    encode(text: string): { ids: number[] };
  }
}

declare module '*/vendor/idb/index.js' {
  export * from 'idb';
}

declare module '*/vendor/client-zip/index.js' {
  export * from 'client-zip';
}

/** Emscripten's factory. It is given the binary, so it looks for none. */
declare module '*/vendor/jsquash-webp/webp_enc_simd.js' {
  export { default } from '@jsquash/webp/codec/enc/webp_enc_simd.js';
}

declare module '*/vendor/jsquash-avif-dec/avif_dec.js' {
  export { default } from '@jsquash/avif/codec/dec/avif_dec.js';
}

declare module '*/vendor/jsquash-avif/avif_enc.js' {
  export { default } from '@jsquash/avif/codec/enc/avif_enc.js';
}

declare module '*/vendor/magick-wasm/index.js' {
  export * from '@imagemagick/magick-wasm';
}

declare module '*/vendor/jsquash-jxl/jxl_dec.js' {
  export { default } from '@jsquash/jxl/codec/dec/jxl_dec.js';
}

// No module: what it gives is taken from `globalThis.module` (client/image/heif.js).
declare module '*/vendor/libheif/libheif.js' {}

// An instance of libheif, with its own idea of an interface (client/image/heif-444.js).
declare module '*/vendor/heic-to/libheif.js' {
  const factory: (options?: object) => any;
  export default factory;
}

// Emscripten's factory; the package has no types.
declare module '*/vendor/lcms-wasm/lcms.min.js' {
  const factory: (overrides: object) => Promise<unknown>;
  export default factory;
}
