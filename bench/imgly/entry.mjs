// Bundled by esbuild for the page that bench/rival.py serves.
export { removeBackground } from '@imgly/background-removal';
