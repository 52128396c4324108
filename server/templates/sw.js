/**
 * The kill switch. No page registers a service worker in this release.
 *
 * A browser that still has one from this URL asks for it again and gets this worker, which removes
 * the shell it left behind and then itself. Open pages are left as they are; their next navigation
 * goes to the network. Model files (other cache names) are not touched.
 */

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil(retire()));

async function retire() {
  const names = await caches.keys();
  const shells = names.filter((name) => name.startsWith("mattebox-shell-"));
  await Promise.all(shells.map((name) => caches.delete(name)));
  await self.registration.unregister();
}
