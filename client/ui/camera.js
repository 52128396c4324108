import { t } from '../messages/work.js';
import { drawing, element } from './element.js';

/**
 * A second way in, beside the chooser of files: the camera of a phone.
 * @param {HTMLInputElement} chooser
 * @param {(files: File[]) => void} onPhotos
 */
export function offerCamera(chooser, onPhotos) {
  const input = element('input', { id: 'camera', class: 'chooser-input', type: 'file', accept: 'image/*', capture: 'environment' });
  input.addEventListener('change', () => {
    const photos = [...(input.files ?? [])];
    input.value = '';
    if (photos.length > 0) onPhotos(photos);
  });
  const icon = drawing('svg', { class: 'icon', 'aria-hidden': 'true', focusable: 'false' }, drawing('use', { href: '#icon-camera' }));
  const label = element('label', { class: 'button quiet', for: 'camera' }, icon, t('page.camera'));
  (chooser.closest('.chooser') ?? chooser).after(element('span', { class: 'camera' }, input, label));
}
