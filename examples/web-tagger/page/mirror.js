/**
 * The same text once more, under the field that is typed in: there are the marks. Text goes in as
 * text, never as HTML, and what has not changed is left as it is.
 */

/** @typedef {import('./pieces.js').Mark} Mark */

/**
 * @typedef {object} Painted
 * @property {string} text
 * @property {readonly Mark[]} marks
 */

export class Mirror {
  /** @type {HTMLElement} */
  #element;
  /** @type {readonly Painted[]} */
  #pieces = [];

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
    // A last line without anything in it would have no height.
    element.replaceChildren('\u200B');
  }

  /** @param {readonly Painted[]} pieces */
  paint(pieces) {
    const old = this.#pieces;
    const shorter = Math.min(old.length, pieces.length);
    let head = 0;
    while (head < shorter && isSame(old[head], pieces[head])) head++;
    let tail = 0;
    while (tail < shorter - head && isSame(old.at(-1 - tail), pieces.at(-1 - tail))) tail++;
    const { children } = this.#element;
    for (let i = old.length - tail - 1; i >= head; i--) children[i]?.remove();
    const fresh = pieces.slice(head, pieces.length - tail).map(nodeOf);
    const next = children[head] ?? this.#element.lastChild;
    for (const node of fresh) this.#element.insertBefore(node, next);
    this.#pieces = pieces;
  }
}

/**
 * @param {Painted | undefined} one
 * @param {Painted | undefined} other
 * @returns {boolean}
 */
function isSame(one, other) {
  if (one === undefined || other === undefined || one.text !== other.text) return false;
  if (one.marks.length !== other.marks.length) return false;
  return one.marks.every(({ start, end }, i) => {
    return start === other.marks[i]?.start && end === other.marks[i].end;
  });
}

/**
 * @param {Painted} piece
 * @returns {HTMLElement}
 */
function nodeOf({ text, marks }) {
  const node = document.createElement('span');
  let at = 0;
  for (const { start, end } of marks) {
    const mark = document.createElement('mark');
    mark.textContent = text.slice(start, end);
    node.append(text.slice(at, start), mark);
    at = end;
  }
  node.append(text.slice(at));
  return node;
}
