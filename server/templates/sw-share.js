/**
 * The service worker's part that takes in photos from the system's share menu. The manifest names an address that only this worker answers: they are
 * put where the page finds them (client/page/inbox.js), and never reach the server. Any site can post to it, which is as much as opening the page with
 * photos of its own.
 */
const site = new URL(/** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self)).registration.scope);

self.addEventListener('fetch', (event) => {
  const { request } = /** @type {FetchEvent} */ (event);
  const isShare = request.method === 'POST' && request.mode === 'navigate' && request.url === new URL('share', site).href;
  if (!isShare) return;
  const found = (/** @type {string} */ path) => Response.redirect(new URL(path, site), 303);
  /** @type {FetchEvent} */ (event).respondWith(takeIn(request).then((count) => found(count > 0 ? './' : './#nothing-shared'), () => found('./#share-failed')));
});

/** @param {Request} asked @returns {Promise<number>} how many photos there were */
async function takeIn(asked) {
  const parts = (await asked.formData()).getAll('photos');
  const photos = parts.filter((one) => one instanceof File && one.size > 0);
  const inbox = await caches.open(`mattebox-inbox ${site.pathname}`);
  for (const photo of /** @type {File[]} */ (photos)) {
    const headers = { 'content-type': photo.type, 'x-name': encodeURIComponent(photo.name), 'x-shared-at': `${Date.now()}` };
    await inbox.put(new URL(`inbox/${crypto.randomUUID()}`, site), new Response(photo, { headers }));
  }
  return photos.length;
}
