import coffee from './sample-coffee.js';

/** @returns {File} a photo to try. It comes as a module: a page that opens no connections loads nothing else. */
export const samplePhoto = () => new File([Uint8Array.from(atob(coffee), (character) => character.charCodeAt(0))], 'coffee.jpg', { type: 'image/jpeg' });
