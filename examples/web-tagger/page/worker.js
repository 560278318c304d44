/** The model in a thread of its own: opened by the first message, then asked by each. */
import { openModel } from './model.js';

/** @typedef {import('./model.js').Answer} Answer */
/** @typedef {import('./model.js').Ask} Ask */
/** @typedef {import('./model.js').Backend} Backend */

/** @typedef {{ id: number } & ({ backend: Backend | undefined } | { texts: string[] })} Request */
/** @typedef {{ id: number, result: Answer | { backend: Backend } }} Reply */
/** @typedef {{ id: number, error: string }} Failure */

/** @type {Ask | undefined} */
let ask;

/** @param {MessageEvent<Request>} event */
self.onmessage = async ({ data }) => {
  const { id } = data;
  try {
    /** @type {Reply} */
    const reply = {
      id,
      result: 'texts' in data ? await answer(data.texts) : await open(data.backend),
    };
    self.postMessage(reply);
  } catch (error) {
    /** @type {Failure} */
    const failure = { id, error: error instanceof Error ? error.message : String(error) };
    self.postMessage(failure);
  }
};

/** @param {Backend | undefined} backend */
async function open(backend) {
  const opened = await openModel(backend);
  ask = opened.ask;
  return { backend: opened.backend };
}

/**
 * @param {readonly string[]} texts
 * @returns {Promise<Answer>}
 */
async function answer(texts) {
  if (ask === undefined) throw new Error('the model is not open yet');
  return ask(texts);
}
