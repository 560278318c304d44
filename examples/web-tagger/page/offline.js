/**
 * Keeps the page for when there is no network, and says when a newer one has come. A page goes on
 * with the version that it began with until somebody asks for the new one.
 */

/**
 * @param {HTMLElement} state where it is told whether the page works offline
 * @param {HTMLElement} news shown when a newer version waits
 * @param {HTMLElement} button that takes it
 */
export function keepOffline(state, news, button) {
  if (!('serviceWorker' in navigator)) {
    state.textContent = 'not in this browser';
    return;
  }
  const { serviceWorker } = navigator;
  const hadOne = serviceWorker.controller !== null;
  button.addEventListener('click', () => void takeOver());
  serviceWorker.addEventListener('controllerchange', () => {
    if (hadOne) location.reload();
  });
  void serviceWorker.ready.then(() => {
    state.textContent = 'ready';
  });
  void register(state, news);
}

/**
 * @param {HTMLElement} state
 * @param {HTMLElement} news
 */
async function register(state, news) {
  try {
    const address = new URL('./service-worker.js', import.meta.url);
    // Asked of the server each time, with what it imports: a cache would hide a new version.
    const how = /** @type {const} */ ({ updateViaCache: 'none' });
    const registration = await navigator.serviceWorker.register(address, how);
    const tell = () => {
      news.hidden = registration.waiting === null || navigator.serviceWorker.controller === null;
    };
    tell();
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', tell);
    });
  } catch {
    // Without a network the one that is there goes on; a server may also have none.
    if (navigator.serviceWorker.controller === null) state.textContent = 'not here';
  }
}

async function takeOver() {
  const registration = await navigator.serviceWorker.getRegistration();
  registration?.waiting?.postMessage('take over');
}
