/** What the page says of models: choosing, asking, downloading, storing. */

import { formatAgo, formatBytes, formatDuration, formatExactBytes, formatRate, formatRemaining } from './format.js';

/**
 * @typedef {object} Part a file that a model needs on this device
 * @property {string} role `model`, `runtime` or `codec`
 * @property {string} name of the file
 * @property {number} bytes of the file
 * @property {number} download bytes on the wire when nothing of it is here
 * @property {number} [have] bytes of it that are here already
 * @property {boolean} stored whether it is here, whole
 */
/** @typedef {{ download: number, parts: Part[], ready: boolean, model: { id: string, title: string, licence: string } }} Offer */
/** @typedef {{ code: string, needed?: number, available?: number | null }} StorageTrouble why a file is in memory only */

/** What people know comes first. @type {Record<string, string>} */
const PARTS = { model: 'model', runtime: 'engine', codec: 'PNG writer' };

/** What reads or writes a kind of file, by the name of its own (server/asset_tree.py). @type {Record<string, string>} */
const CODECS = {
  'squoosh_png_bg.wasm': 'PNG writer',
  'webp_enc_simd.wasm': 'WebP writer',
  'avif_enc.wasm': 'AVIF writer',
  'libheif.wasm': 'HEIC reader',
  'jxl_dec.wasm': 'JPEG XL reader',
  'magick.wasm': 'TIFF reader',
  'lcms.wasm': 'Colour converter',
};

/** Parts of one model. @type {Record<string, string>} */
const FILES = { graph: 'graph', 'external-data': 'weights', 'text-encoder': 'text encoder', unet: 'U-Net', vae: 'VAE' };

/** @type {Record<string, string>} */
const TIERS = { instant: 'Instant', fast: 'Fast', best: 'Best' };

/** @param {Offer} offer */
const missing = (offer) => offer.parts.filter(({ stored }) => !stored);

/** @param {Offer} offer @param {(bytes: number) => string} format @returns {string[]} one per role */
function partsOf(offer, format) {
  const parts = missing(offer);
  const roles = Object.keys(PARTS).filter((role) => parts.some((part) => part.role === role));
  return roles.map((role) => {
    const bytes = parts.filter((part) => part.role === role).reduce((sum, { download }) => sum + download, 0);
    return `${PARTS[role]} ${format(bytes)}`;
  });
}

/**
 * What an interrupted download has left here. A file that is here whole is no part of this model's download.
 * @param {Offer} offer
 * @returns {number} bytes
 */
export function alreadyHere(offer) {
  return missing(offer).reduce((sum, { have = 0 }) => sum + have, 0);
}

/** Number and number in one unit: "12.4 of 88.2 MB". @param {number} here @param {number} total */
function share(here, total) {
  const [a, b] = [formatBytes(here), formatBytes(total)];
  const unit = b.replace(/^[\d.]+/u, '');
  return `${a.endsWith(unit) ? a.slice(0, -unit.length) : a} of ${b}`;
}

/** Of a file, from which on a compressed download is not worth a word. */
const NEARLY_ALL = 0.98;

/** @param {number} download bytes on the wire */
const again = (download) => (download === 0 ? 'Nothing uses it any more.' : `When it is needed again, ${formatBytes(download)} are downloaded.`);

const ONCE = 'It will be stored here, so this happens once.';
const EACH_TIME = 'This browser cannot store it, so this happens at each visit.';

export const modelText = Object.freeze({
  offer: {
    checking: 'Checking what is stored on this device…',
    unknown: 'The size of the download is not known yet.',
    /** @param {Offer} offer @param {boolean} kept whether the browser can store it */
    line: (offer, kept) => {
      if (offer.ready) return 'Ready. Nothing more to download.';
      if (offer.download === 0) return 'Nothing to download: stored on this device.';
      const here = alreadyHere(offer);
      if (here > 0) return `${formatBytes(offer.download)} still to download, ${kept ? 'once' : 'at each visit'}: ${share(here, here + offer.download)} is here already.`;
      const parts = partsOf(offer, formatBytes);
      return `${formatBytes(offer.download)} download, ${kept ? 'once' : 'at each visit'}${parts.length > 1 ? `: ${parts.join(', ')}` : ''}`;
    },
    /** @param {Offer} offer */
    exact: (offer) => partsOf(offer, formatExactBytes).join('\n'),
  },
  chooser: {
    /** @param {string} tier */
    tier: (tier) => TIERS[tier] ?? tier,
    /** @param {Offer | null} offer */
    cost: (offer) => {
      if (!offer) return 'Size not known yet';
      if (offer.ready) return 'Ready, nothing to download';
      if (offer.download === 0) return 'Stored on this device';
      const here = alreadyHere(offer);
      return here > 0 ? `${share(here, here + offer.download)} already here` : `${formatBytes(offer.download)} to download`;
    },
    /** @param {Offer | null} offer */
    exact: (offer) => (offer && offer.download > 0 ? `${formatExactBytes(offer.download)} to download` : ''),
    /** @param {number | null} ms */
    speed: (ms) => (ms === null ? '' : `About ${formatDuration(ms)} per photo here`),
    /** @param {string} licence */
    licence: (licence) => `Licence: ${licence}`,
    /** @param {{ name: string, bytes: number }[]} contents @param {number} sum bytes: what is shared counts once */
    contents: (contents, sum) => [...contents.map(({ name, bytes }) => `${FILES[name] ?? name}: ${formatBytes(bytes)}`), `together: ${formatBytes(sum)}`],
    /** @param {string} title @param {Offer | null} offer @param {boolean} isAsked */
    chosen: (title, offer, isAsked) => `${title} is chosen. ${modelText.chooser.cost(offer)}.${isAsked ? ' You are asked first, below the models.' : ''}`,
    /** @param {string} title */
    redo: (title) => `Redo with ${title}`,
  },
  consent: {
    /** @param {Offer} offer @param {boolean} hasPhotos */
    ask: (offer, hasPhotos) => `Download ${formatBytes(offer.download)}${hasPhotos ? ' first' : ''}?`,
    /** @param {Offer} offer @param {boolean} kept */
    why: (offer, kept) => {
      const here = alreadyHere(offer);
      const parts = partsOf(offer, formatBytes);
      const needs = parts.length > 1 ? `Cutting out with ${offer.model.title} needs: ${parts.join(', ')}.` : `${offer.model.title} is not on this device yet.`;
      const begun = here > 0 ? `An earlier download has brought ${share(here, here + offer.download)}.` : '';
      return [needs, begun, kept ? ONCE : EACH_TIME].filter(Boolean).join(' ');
    },
    /** @param {Offer} offer */
    accept: (offer) => `Download ${formatBytes(offer.download)}`,
    declined: 'Nothing was downloaded.',
    /** @param {boolean} hasPhotos */
    waiting: (hasPhotos) => (hasPhotos ? 'Your photos wait here until you decide.' : 'You can change your mind at any time.'),
    /** @param {string} title */
    other: (title) => `Use ${title} instead`,
  },
  download: {
    /** @param {'loading' | 'paused' | 'failed'} phase @param {string} title */
    title: (phase, title) => {
      const titles = { loading: `Downloading ${title}`, paused: `${title}: download paused`, failed: `${title}: download stopped` };
      return titles[phase];
    },
    /**
     * @param {{ loaded: number, total: number }} state
     * @param {{ rate: number | null, remainingMs: number | null, isStalled: boolean } | null} pace null when nothing moves
     */
    numbers: ({ loaded, total }, pace) => {
      if (total === 0) return 'Starting…';
      const words = [share(loaded, total)];
      if (pace?.isStalled) words.push('waiting for the server');
      else if (pace && pace.rate !== null && pace.remainingMs !== null) words.push(formatRate(pace.rate), formatRemaining(pace.remainingMs));
      return words.join(' · ');
    },
    /** @param {'loading' | 'paused' | 'failed'} phase @param {boolean} hasPhotos @param {boolean} kept */
    note: (phase, hasPhotos, kept) => {
      if (phase === 'paused') return kept ? 'What has arrived and passed its check stays on this device.' : 'Resume whenever you like.';
      if (phase === 'failed') return '';
      return hasPhotos ? 'Your photos wait here and go on by themselves.' : 'You can add photos meanwhile.';
    },
    /** @param {string} title */
    done: (title) => `${title} is downloaded.`,
  },
  stored: {
    /**
     * What browsers count is the whole site's: the page itself, settings and measurements as well, which no row shows.
     * @param {number} listed bytes of the rows @param {number | null} usage @param {number | null} quota
     */
    usage: (listed, usage, quota) => {
      const rest = (usage ?? 0) - listed;
      const said = [
        listed > 0 ? `The files below take up ${formatBytes(listed)}.` : '',
        rest > 0 ? `${listed > 0 ? 'Another ' : ''}${formatBytes(rest)} hold what the page itself keeps, such as its own files, settings and measurements.` : '',
        quota === null ? '' : `This browser allows up to ${formatBytes(quota)} in all.`,
      ];
      return said.filter(Boolean).join(' ');
    },
    /** @param {boolean | null} persisted @param {boolean} wasAsked */
    promise: (persisted, wasAsked) => {
      if (persisted === true) return 'The browser has promised to keep it until you delete it.';
      if (persisted === null) return 'This browser may delete it when space runs low.';
      if (wasAsked) return 'The browser did not promise it this time. Browsers decide by how often a page is used, so ask again later.';
      return 'The browser may delete it when space runs low, unless it promises to keep it.';
    },
    empty: 'No model and no engine is stored here yet. They are stored when they are first used.',
    cannot: 'This browser cannot store anything for this page: each visit downloads again.',
    checking: 'Looking…',
    /** @type {Record<string, string>} */
    kinds: { model: 'model', old: 'no longer used' },
    /** What files are called that are not a model's. @type {Record<string, string>} */
    names: { runtime: 'Engine' },
    codecs: CODECS,
    unnamed: 'Unknown file',
    /** @param {{ have: number, bytes: number, isWhole: boolean }} row */
    size: ({ have, bytes, isWhole }) => (isWhole ? formatBytes(bytes) : `${share(have, bytes)}, unfinished`),
    /** @param {{ have: number, bytes: number, isWhole: boolean }} row */
    exact: ({ have, bytes, isWhole }) => formatExactBytes(isWhole ? bytes : have),
    /** @param {number | null} usedAt @param {number} storedAt @param {number} now ms */
    when: (usedAt, storedAt, now) => {
      if (usedAt !== null) return `used ${formatAgo(usedAt, now)}`;
      return storedAt > 0 ? `stored ${formatAgo(storedAt, now)}, not used yet` : '';
    },
    /** @param {number} n */
    files: (n) => (n > 1 ? `${n} files` : ''),
    /** @param {string} title */
    remove: (title) => `Delete ${title}`,
    /** The download was smaller than what it became here. @param {{ bytes: number, download: number }} row */
    wire: ({ bytes, download }) => (download === 0 || download >= bytes * NEARLY_ALL ? '' : `downloaded as ${formatBytes(download)}`),
    /** @param {{ title: string, have: number, download: number }} row */
    ask: ({ title, have, download }) => `Delete ${title} and free ${formatBytes(have)}? ${again(download)}`,
    /** @param {number} bytes @param {number} download */
    askAll: (bytes, download) => `Delete everything in this list and free ${formatBytes(bytes)}? ${again(download)}`,
  },
  memory: {
    /** @param {StorageTrouble} trouble */
    title: ({ code, needed, available }) => {
      if (code !== 'storage-full') return 'Kept in memory only: this browser’s storage failed.';
      const numbers = needed === undefined || typeof available !== 'number' ? '' : ` (needs ${formatBytes(needed)}, ${formatBytes(available)} free)`;
      return `Kept in memory only: this browser’s storage is full${numbers}.`;
    },
    body: 'Cutouts work as always, but the next visit downloads it again.',
    show: 'See what is stored',
  },
});
