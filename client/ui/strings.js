/**
 * Every text that a script puts on the page, but for models (strings-models.js), CPU and GPU (strings-routing.js), the finish
 * (strings-finish.js), and the diagnostics (strings-diagnostics.js). What never changes stands in index.html, and what an error says stands in errors.js.
 */

import { formatBytes, formatDuration, formatSize } from './format.js';
import { finishText } from './strings-finish.js';

/**
 * @typedef {object} Report what the page shows of the engine's report
 * @property {{ id: string }} model
 * @property {string | null} backend
 * @property {string} reason
 * @property {{ asked: number, got: number }} threads
 * @property {import('./strings-routing.js').Verdict | null} [verdict]
 * @property {import('./strings-routing.js').AdapterName | null} [adapter]
 * @property {boolean} [secure]
 * @property {Record<string, number>} ms
 * @property {{ width: number, height: number } | null} size
 * @property {import('./strings-models.js').StorageTrouble | null} storage
 * @property {import('./strings-notes.js').Note[]} [notes]
 */

/** @param {number} n @param {string} one @param {string} many */
const plural = (n, one, many) => `${n} ${n === 1 ? one : many}`;

/** More of them would be a list to read, not a sentence. */
const MOST_NAMES = 3;
const LONGEST_NAME = 40;

/** @param {string[]} names of files; empty ones are not known @returns {string} ": a.jpg, b.jpg and 2 more" */
function listed(names) {
  // What cannot be seen could turn the rest of the sentence around.
  const known = names.map((name) => name.replace(/[\p{Cc}\p{Cf}]/gu, '')).filter(Boolean);
  const shown = known.slice(0, MOST_NAMES).map((name) => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name));
  const all = [...shown, ...(names.length > shown.length && shown.length > 0 ? [`${names.length - shown.length} more`] : [])];
  if (all.length === 0) return '';
  return `: ${all.length === 1 ? all[0] : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`}`;
}

/** What is lost, why, and what to do. @type {Record<string, { title: string, body: string }>} */
const LOSSES = {
  'insecure-context': {
    title: 'Slower than it could be: this page came over plain http.',
    body: 'Browsers then allow one thread, no GPU and no storage, so the download comes again at each visit. Your photos stay on this device all the same. Whoever runs this site can lift all of it by serving it over https.',
  },
  'not-isolated': {
    title: 'One thread only: this page is not cross-origin isolated.',
    body: 'Cutouts take longer. Usually a proxy drops the Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy headers, or the page is shown inside another one. Whoever runs this site can let both headers through.',
  },
  'no-cache-storage': {
    title: 'Nothing can be stored in this browser.',
    body: 'The model is downloaded again at each visit. A private window or blocked site data does this; allow site data for this address, or open it in a normal window.',
  },
  'one-core': {
    title: 'One thread only: this device offers a single processor core.',
    body: 'Cutouts take longer here; nothing else is missing.',
  },
};

/** The photo's own time: a first run's download says nothing about the next one. @param {Report} report */
export function photoTime({ ms }) {
  const own = ['decode', 'pre', 'run', 'post', 'compose', 'encode'].map((stage) => ms[stage] ?? 0).reduce((a, b) => a + b, 0);
  return formatDuration(own || ms.total || 0);
}

export const text = Object.freeze({
  job: {
    /** @type {Record<string, string>} */
    states: { queued: 'Waiting', loading: 'Starting', decoding: 'Reading the photo', running: 'Cutting out', encoding: 'Writing the file', finishing: 'Finishing', failed: 'Failed', cancelled: 'Cancelled' },
    preparing: 'Preparing the model',
    /** @param {number} loaded @param {number} total */
    downloading: (loaded, total) => `Downloading: ${formatBytes(loaded)} of ${formatBytes(total)}`,
    /** @param {number} ms */
    expected: (ms) => `Cutting out, about ${formatDuration(ms)}`,
    /**
     * @param {{ cutout: Blob, size: { width: number, height: number } | null, report: Report }} result
     * @param {string} model its title, empty where there is only one
     */
    done: ({ cutout, size, report }, model) => [`${size ? `${formatSize(size)} ` : ''}${finishText.format(cutout.type)}`, formatBytes(cutout.size), photoTime(report), model.replaceAll(' ', '\u00a0')].filter(Boolean).join(' · '),
    /** @param {string} name */
    progress: (name) => `Progress of ${name}`,
    /** @param {string} name */
    original: (name) => `Original: ${name}`,
    /** @param {boolean} isMatte */
    result: (isMatte) => (isMatte ? 'Matte' : 'Cutout'),
    /** @param {string} name @param {boolean} isMatte */
    cutout: (name, isMatte) => `${isMatte ? 'Matte' : 'Cutout'}: ${name}`,
    /** @param {string} name */
    compare: (name) => `Compare original and cutout of ${name}`,
    /** @param {number} percent */
    compareValue: (percent) => `${percent} % original, ${100 - percent} % cutout`,
    /** @param {string} action @param {string} name */
    action: (action, name) => `${action} ${name}`,
  },
  list: {
    /** @param {number} done @param {number} total */
    summary: (done, total) => (done === total ? plural(total, 'photo', 'photos') : `${done} of ${plural(total, 'photo', 'photos')} done`),
    /** @param {number} n */
    downloadAll: (n) => `Download all (${n})`,
    /** @param {number} n */
    retryAll: (n) => `Retry failed (${n})`,
  },
  /** What came of what was chosen, dropped or pasted. */
  arrival: {
    lacking: {
      'no-pictures': { title: 'That was not a picture file.', body: 'Save the picture first and drop the file, or copy it and paste it here.' },
      'empty-folder': { title: 'No pictures were found in that folder.', body: 'Drop a folder that holds photos, such as JPEG, PNG, WebP or HEIC files.' },
      address: { title: 'Only the address of a picture was copied, not the picture itself.', body: 'This page opens no connections, so it cannot fetch the picture. Save the picture and choose the file here, or copy the picture itself: in a browser, right-click it and choose “Copy image”.' },
      text: { title: 'What was copied is text, not a picture.', body: 'Copy a picture and paste it here, or choose a file.' },
      'empty-clipboard': { title: 'No picture was copied.', body: 'Copy a picture and paste it here, or choose a file.' },
    },
    /** @param {string[]} names of files and folders */
    unread: (names) => ({
      title: `${plural(names.length, 'item', 'items')} could not be read${listed(names)}.`,
      body: names.length === 1 ? 'It may have been moved or removed, or this browser may not read it. Choose it by itself to try again.' : 'They may have been moved or removed, or this browser may not read them. Choose them by themselves to try again.',
    }),
    /** @param {string[]} names */
    leftOut: (names) => ({
      title: `${plural(names.length, 'file was', 'files were')} left out${listed(names)}.`,
      body: names.length === 1 ? 'It is not a photo that can be opened here.' : 'They are not photos that can be opened here.',
    }),
    isCut: { title: 'Not all of the folder was looked at.', body: 'It holds more than 20,000 files. Drop the folders in it one by one.' },
  },
  announce: {
    /** @param {number} n */
    added: (n) => `${plural(n, 'photo', 'photos')} added.`,
    /** @param {string[]} names @param {number} left */
    finished: (names, left) => `${names.length === 1 ? `Cutout of ${names[0]} is` : `${names.length} cutouts are`} ready.${left > 0 ? ` ${left} to go.` : ''}`,
    warm: 'Ready.',
  },
  notices: {
    retry: 'Try again',
    dismiss: 'Close',
    /** @param {{ name: string, value: string, allowed: string }} problem */
    badParameter: ({ name, value, allowed }) => ({
      title: `The address asks for ${name}=${value || '(nothing)'}, which cannot be used.`,
      body: `Allowed for “${name}”: ${allowed}. The automatic choice is used instead.`,
    }),
    /** @param {string} value @param {string} allowed @param {string} used title of the model that is chosen now */
    unknownModel: (value, allowed, used) => ({
      title: `The address asks for model=${value}, which is not here.`,
      body: `Allowed for “model”: ${allowed}. ${used} is used instead.`,
    }),
    /** @param {number} n photos whose files are older than what is chosen */
    unsaved: (n) => ({
      title: n === 1 ? '1 photo was not downloaded.' : `${n} photos were not downloaded.`,
      body: n === 1 ? 'It could not be finished as chosen. Its card says why, and offers the earlier file.' : 'They could not be finished as chosen. Their cards say why, and offer the earlier files.',
    }),
    /** @param {number} n photos that there is no room to hold */
    files: (n) => ({
      title: n === 1 ? 'Leave 1 photo’s file where it is.' : `Leave the files of ${n} photos where they are.`,
      body: 'There is no room to hold them all here, so they are read again when they are worked on. Until you have downloaded them, do not move, change or remove them.',
    }),
    noDiagnostics: { title: 'The diagnostics could not be loaded.', body: 'Check the network and try again.' },
    /** Photos that another app handed over. */
    inbox: {
      'nothing-shared': { title: 'Nothing of what was shared is a picture.', body: 'Share photos, such as JPEG, PNG, WebP or HEIC files, or choose them here.' },
      'share-failed': { title: 'The shared photos could not be kept on this device.', body: 'It may be short of space. Choose them here instead.' },
      unreadable: { title: 'A file could not be opened.', body: 'It may have been moved, or this app may not read it. Choose it here instead.' },
    },
    /** @param {string} loss */
    loss: (loss) => LOSSES[loss],
  },
  footer: {
    private: 'Your photos were not sent anywhere.',
    ready: 'Ready: the model is loaded, so the first photo is quick.',
    /** @param {string} version @param {{ title: string, licence: string }} model */
    about: (version, model) => `Mattebox ${version} · model ${model.title} (${model.licence})`,
  },
  /** @param {number} done @param {number} total */
  title: (done, total) => (total > 0 && done < total ? `(${done}/${total}) Mattebox` : 'Mattebox'),
});
