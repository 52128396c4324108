/**
 * Lets Node import what the server lays under client/vendor/ (server/asset_tree.py): files of npm packages. To be
 * imported before the module that needs one, which is then imported dynamically.
 */
import { register } from 'node:module';
import { readFileSync } from 'node:fs';

const MODULES = new URL('../../node_modules/', import.meta.url);
/** Folder under vendor/ and where its files come from. */
const FOLDERS = {
  'jsquash-webp': '@jsquash/webp/codec/enc',
  'jsquash-avif': '@jsquash/avif/codec/enc',
  'jsquash-avif-dec': '@jsquash/avif/codec/dec',
  'jsquash-jxl': '@jsquash/jxl/codec/dec',
  'magick-wasm': '@imagemagick/magick-wasm/dist',
  'lcms-wasm': 'lcms-wasm/dist',
  fzstd: 'fzstd/esm',
  'noble-hashes': '@noble/hashes',
  'onnxruntime-web': 'onnxruntime-web/dist',
  tokenizers: '@huggingface/tokenizers/dist',
};

const hook = `export async function resolve(specifier, context, next) {
  const [, folder, file] = /\\/vendor\\/([^/]+)\\/([^/]+)$/.exec(specifier) ?? [];
  const source = (${JSON.stringify(FOLDERS)})[folder];
  return next(source ? ${JSON.stringify(MODULES.href)} + source + '/' + file : specifier, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);

/**
 * @param {string} path below client/vendor/
 * @returns {Buffer}
 */
export function vendorFile(path) {
  const [folder, ...file] = path.split('/');
  return readFileSync(new URL(`${FOLDERS[folder]}/${file.join('/')}`, MODULES));
}
