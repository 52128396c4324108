/**
 * A link to a file that is dragged takes the file with it: onto the desktop (Chromium), or into another page.
 * @param {HTMLElement} link
 * @param {() => { blob: Blob, name: string, url: string } | null} file
 */
export function armDragOut(link, file) {
  link.addEventListener('dragstart', ({ dataTransfer }) => {
    const dragged = file();
    if (!dragged || !dataTransfer) return;
    const { blob, name, url } = dragged;
    dataTransfer.effectAllowed = 'copy';
    dataTransfer.setData('DownloadURL', `${blob.type}:${name}:${url}`);
    dataTransfer.items.add(new File([blob], name, { type: blob.type }));
  });
}
