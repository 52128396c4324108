/**
 * Small whole files, made by tests/fixtures/files.py.
 */
import { bytesOf, golden } from './golden.js';

const { heads, tiffs, colours } = golden('files');

const decoded = (entry) => ({ ...entry, bytes: bytesOf(entry.file), title: [entry.type, entry.what].filter(Boolean).join(', ') });

/** @type {{ type: string, what: string, title: string, bytes: Uint8Array<ArrayBuffer>, width: number, height: number, profile: string | null, rights: { copyright: string | null, artist: string | null } }[]} */
export const FILES = heads.map(decoded);
export const TIFFS = tiffs.map((entry) => ({ ...decoded(entry), type: 'TIFF', rgba: bytesOf(entry.rgba) }));
export const COLOURS = colours.map((entry) => ({ ...entry, profile: bytesOf(entry.profile), rgba: bytesOf(entry.rgba), seen: bytesOf(entry.seen) }));

/** @param {string} type @param {string} [what] */
export const fileOf = (type, what = 'plain') => FILES.find((file) => file.type === type && file.what === what).bytes;

/** @param {...(Uint8Array | number[] | string)} parts */
export function blobOf(...parts) {
  return new Blob(parts.map((part) => (typeof part === 'string' ? Uint8Array.from(part, (character) => character.charCodeAt(0)) : Uint8Array.from(part))));
}

/** A computer's limits: 8 GiB. */
export const LIMITS = { limit: 64_000_000, hard: 268_000_000 };
