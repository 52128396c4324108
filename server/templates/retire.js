/**
 * The kill switch, served as /sw.js when the operator has switched offline use off.
 *
 * A browser that has a service worker from this URL asks for it again at each visit and gets this one, which removes
 * what it had kept of the page and then itself. It waits for nobody: a release that must be withdrawn may be one whose
 * page does not start. Open pages go on with the network; models (other cache names) stay.
 */
const SITE = new URL(self.registration.scope).pathname;

self.addEventListener('install', () => self.skipWaiting());

self.addEventListener('activate', (event) => event.waitUntil(retire()));

async function retire() {
  const shells = (await caches.keys()).filter((name) => name.startsWith('mattebox-shell-') && name.endsWith(` ${SITE}`));
  await Promise.all(shells.map((name) => caches.delete(name)));
  await self.registration.unregister();
}
