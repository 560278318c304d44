/** The bundle, in whichever thread this is imported, and what it says of sentences. */
import { marksOf } from './pieces.js';

/** @typedef {import('./pieces.js').Mark} Mark */
/** @typedef {'webgpu' | 'wasm' | 'javascript'} Backend */

/**
 * @typedef {object} Answer
 * @property {Mark[][]} marks of each text
 * @property {Backend} backend what has computed it
 * @property {number} milliseconds for all of them together
 */

/** @typedef {(texts: readonly string[]) => Promise<Answer>} Ask */

/**
 * As the types of the bundle have it, which is not there before it is built.
 * @typedef {object} Model
 * @property {Backend} backend
 * @property {(examples: readonly { text: string }[]) => Promise<{
 *   names: { tokens: readonly string[], labels: readonly string[] } }[]>} run
 */

/**
 * @typedef {object} BundleModule
 * @property {(options?: { backend?: Backend }) => Promise<Model>} load
 */

/**
 * Rejects where the bundle, or the backend that is asked for, is not to be had.
 * @param {Backend | undefined} backend the first that there is, if left out
 * @returns {Promise<{ backend: Backend, ask: Ask }>}
 */
export async function openModel(backend) {
  const address = new URL('./model/index.js', import.meta.url).href;
  /** @type {unknown} */
  const module = await import(address);
  const { load } = /** @type {BundleModule} */ (module);
  const model = await load(backend === undefined ? {} : { backend });
  return {
    backend: model.backend,
    async ask(texts) {
      const begin = performance.now();
      const answers = await model.run(texts.map((text) => ({ text })));
      const marks = answers.map(({ names }) => marksOf(names.tokens, names.labels));
      // Where a GPU is lost, another backend goes on.
      return { marks, backend: model.backend, milliseconds: performance.now() - begin };
    },
  };
}
