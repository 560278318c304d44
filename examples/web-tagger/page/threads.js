/**
 * The model in a worker or on the main thread, behind one function. On the main thread a pause for
 * the page goes before each question.
 */
import { openModel } from './model.js';

/** @typedef {import('./model.js').Answer} Answer */
/** @typedef {import('./model.js').Ask} Ask */
/** @typedef {import('./model.js').Backend} Backend */
/** @typedef {import('./worker.js').Reply} Reply */
/** @typedef {import('./worker.js').Failure} Failure */

/** @typedef {'worker' | 'main'} Thread */

/**
 * Of a place where the model is open.
 * @typedef {object} Opened
 * @property {Backend} backend
 * @property {Ask} ask
 * @property {number} atOnce how many texts to ask about in one go
 */

/**
 * @param {Thread} thread
 * @param {Backend | undefined} backend
 * @returns {Promise<Opened>}
 */
export async function openOn(thread, backend) {
  return thread === 'main' ? openHere(backend) : openWorker(backend);
}

/**
 * @param {Backend | undefined} backend
 * @returns {Promise<Opened>}
 */
async function openHere(backend) {
  const { ask, ...opened } = await openModel(backend);
  return {
    ...opened,
    atOnce: 1,
    ask: async (texts) => {
      await pause();
      return ask(texts);
    },
  };
}

/** Until the page has done what waits: keys that were hit, a picture that is due. */
function pause() {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * @param {Backend | undefined} backend
 * @returns {Promise<Opened>}
 */
async function openWorker(backend) {
  const request = requestsTo(
    new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }),
  );
  const { backend: opened } = await request({ backend });
  return {
    backend: opened,
    atOnce: 8,
    // What it replies to texts.
    ask: async (texts) => /** @type {Answer} */ (await request({ texts })),
  };
}

/**
 * @typedef {object} Waiting
 * @property {(result: Reply['result']) => void} resolve
 * @property {(error: Error) => void} reject
 */

/**
 * One reply to each message, in whichever order they come.
 * @param {Worker} worker
 * @returns {(message: object) => Promise<Reply['result']>}
 */
function requestsTo(worker) {
  /** @type {Map<number, Waiting>} */
  const waiting = new Map();
  let count = 0;
  /** @param {MessageEvent<Reply | Failure>} event */
  worker.onmessage = ({ data }) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if ('error' in data) asked?.reject(new Error(data.error));
    else asked?.resolve(data.result);
  };
  worker.onerror = ({ message }) => {
    for (const { reject } of waiting.values()) {
      reject(new Error(message || 'its worker does not start'));
    }
    waiting.clear();
  };
  return (message) =>
    new Promise((resolve, reject) => {
      const id = count++;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ ...message, id });
    });
}
