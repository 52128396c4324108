/** What the page says of working without a network, and of updates. */

import { formatBytes } from './format.js';

export const offlineText = Object.freeze({
  /** @param {string} title of the chosen model */
  badgeProof: (title) => `This page, ${title} and all it needs to run are stored on this device.`,
  missing: {
    /** @param {string} title */
    title: (title) => `No connection, and ${title} is not on this device.`,
    /** @param {number} bytes @param {boolean} hasPhotos */
    body: (bytes, hasPhotos) => `It needs ${formatBytes(bytes)} once: connect to get it.${hasPhotos ? ' Your photos wait here and go on by themselves.' : ''}`,
    /** @param {string} title of a model that is here */
    other: (title) => `Use ${title} instead`,
  },
  signedOut: {
    title: 'You are signed out.',
    /** @param {string} model @param {number} bytes @param {boolean} hasPhotos */
    body: (model, bytes, hasPhotos) => `${model} is not all on this device: ${formatBytes(bytes)} are still to be downloaded, and the site gives nothing until you have signed in.${hasPhotos ? ' Signing in opens another tab, so your photos stay here. Come back to this one afterwards: they go on by themselves.' : ''}`,
    signIn: 'Sign in',
  },
  update: {
    title: 'Update ready.',
    /**
     * @param {boolean} isBusy photos are being worked on
     * @param {boolean} hasPhotos
     * @param {number} bytes that the chosen model will have to download again
     */
    body: (isBusy, hasPhotos, bytes) => [
      isBusy ? 'A new version is on this device. It can start when your photos are done, or at your next visit.' : 'A new version is on this device. It starts at your next visit, or now.',
      !isBusy && hasPhotos ? 'The page is loaded anew for it: save your cutouts first.' : '',
      bytes > 0 ? `Its parts have changed: ${formatBytes(bytes)} will be downloaded once more, so stay connected for that.` : '',
    ].filter(Boolean).join(' '),
    now: 'Update now',
  },
});
