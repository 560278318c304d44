/**
 * What the model has said, sentence by sentence. One question is under way at a time, and it is
 * about sentences that are wanted now: what was typed over meanwhile is not asked about any more,
 * and what comes too late is dropped.
 */

/** @typedef {import('./pieces.js').Mark} Mark */
/** @typedef {import('./model.js').Answer} Answer */
/** @typedef {import('./threads.js').Opened} Opened */

/** As many sentences are kept at least, typed over or not, since much is typed twice. */
const kept = 1000;

export class Answers {
  /** @type {Map<string, readonly Mark[]>} */
  #known = new Map();
  /** @type {readonly string[]} */
  #wanted = [];
  #busy = false;
  /** @type {Opened} */
  #opened;
  /** @type {(answer: Answer, count: number) => void} */
  #onAnswer;
  /** @type {(error: unknown) => void} */
  #onError;

  /**
   * @param {Opened} opened
   * @param {(answer: Answer, count: number) => void} onAnswer something that was wanted is known
   * @param {(error: unknown) => void} onError
   */
  constructor(opened, onAnswer, onError) {
    this.#opened = opened;
    this.#onAnswer = onAnswer;
    this.#onError = onError;
  }

  /**
   * Undefined as long as there is no answer.
   * @param {string} text
   * @returns {readonly Mark[] | undefined}
   */
  of(text) {
    return this.#known.get(text);
  }

  /**
   * These, in this order, and nothing else any more.
   * @param {readonly string[]} texts
   */
  want(texts) {
    this.#forget(new Set(texts));
    this.#wanted = [...new Set(texts)].filter((text) => !this.#known.has(text));
    if (!this.#busy) void this.#work();
  }

  async #work() {
    this.#busy = true;
    try {
      while (this.#wanted.length > 0) {
        const asked = this.#wanted.slice(0, this.#opened.atOnce);
        const answer = await this.#opened.ask(asked);
        const wanted = new Set(this.#wanted);
        asked.forEach((text, i) => {
          if (wanted.has(text)) this.#known.set(text, answer.marks[i] ?? []);
        });
        this.#wanted = this.#wanted.filter((text) => !this.#known.has(text));
        this.#onAnswer(answer, asked.length);
      }
    } catch (error) {
      this.#wanted = [];
      this.#onError(error);
    } finally {
      this.#busy = false;
    }
  }

  /**
   * The oldest that are not in the text.
   * @param {ReadonlySet<string>} texts
   */
  #forget(texts) {
    for (const text of this.#known.keys()) {
      if (this.#known.size <= kept) return;
      if (!texts.has(text)) this.#known.delete(text);
    }
  }
}
