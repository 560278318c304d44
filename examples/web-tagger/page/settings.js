/** What the address says: `?backend=wasm&thread=main`. Another choice is another address. */

/** @typedef {import('./model.js').Backend} Backend */
/** @typedef {import('./threads.js').Thread} Thread */

/** @returns {{ backend: Backend | undefined, thread: Thread }} */
export function settings() {
  const asked = new URLSearchParams(location.search);
  const form = /** @type {HTMLFormElement} */ (document.getElementById('settings'));
  for (const select of form.querySelectorAll('select')) {
    const wanted = asked.get(select.name) ?? '';
    const isKnown = [...select.options].some(({ value }) => value === wanted);
    select.value = isKnown ? wanted : '';
  }
  form.addEventListener('change', () => {
    const chosen = [...form.querySelectorAll('select')].filter(({ value }) => value !== '');
    const pairs = chosen.map(({ name, value }) => [name, value]);
    location.search = new URLSearchParams(pairs).toString();
  });
  const backends = /** @type {const} */ (['webgpu', 'wasm', 'javascript']);
  return {
    backend: backends.find((name) => name === asked.get('backend')),
    thread: asked.get('thread') === 'main' ? 'main' : 'worker',
  };
}
