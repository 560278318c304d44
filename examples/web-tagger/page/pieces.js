/**
 * Text and marks, as pure functions: a text to pieces that are asked about one by one, the labels
 * of a piece's characters to marks, and marks from before a change to after it. Places are counted
 * in UTF-16 units, as JavaScript and text fields do.
 */

/**
 * From `start` up to `end`.
 * @typedef {object} Mark
 * @property {number} start
 * @property {number} end
 */

/** Longer sentences are cut at a space, so that none keeps the others waiting. */
const longest = 300;

/** An end of a sentence, or of a line, with the white space after it. */
const ends = /\n+|[.!?…]["'”’)\]]*\s+|[。！？]+\s*/gu;

/** No end after an initial or a short word with a capital: `J. Smith`, `Mr. Smith`. */
const abbreviation = /(?:^|[^\p{L}])\p{Lu}\p{L}{0,3}$/u;

/**
 * Sentences, each with the white space after it: joined they are the text once more. Where one
 * sentence changes, the others stay what they are.
 * @param {string} text
 * @returns {string[]}
 */
export function piecesOf(text) {
  /** @type {string[]} */
  const pieces = [];
  let start = 0;
  for (const { 0: end, index } of text.matchAll(ends)) {
    const before = text.slice(Math.max(start, index - 6), index);
    const isShort = end.startsWith('.') && !end.includes('\n') && abbreviation.test(before);
    if (isShort) continue;
    pieces.push(...cut(text.slice(start, index + end.length)));
    start = index + end.length;
  }
  if (start < text.length) pieces.push(...cut(text.slice(start)));
  return pieces;
}

/**
 * @param {string} piece
 * @returns {string[]}
 */
function cut(piece) {
  /** @type {string[]} */
  const parts = [];
  let rest = piece;
  while (rest.length > longest) {
    const space = rest.slice(0, longest).search(/\s\S*$/u);
    let at = space > longest / 2 ? space + 1 : longest;
    // Not within a character of two units.
    if (/[\uD800-\uDBFF]/.test(rest.charAt(at - 1))) at -= 1;
    parts.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...parts, rest];
}

/**
 * What of a piece the model is asked about: without the white space around it, which is no part of
 * a sentence. Empty where nothing is left.
 * @param {string} piece
 * @returns {string}
 */
export function askedOf(piece) {
  return piece.trim();
}

/** Letters with what belongs to them, and what stands between. */
const segments = /[\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+/gu;
const isWord = /^[\p{L}\p{M}\p{N}]/u;

/**
 * Names by the majority of their characters: a word is in one whole or not at all, and words are
 * one name where what stands between them is labelled so too.
 * @param {readonly string[]} tokens the characters
 * @param {readonly string[]} labels of each
 * @param {string} [inside] the label of characters of names
 * @returns {Mark[]}
 */
export function marksOf(tokens, labels, inside = 'N') {
  const units = tokens.flatMap((token, i) => {
    const label = labels[i] === inside;
    return Array.from({ length: token.length }, () => label);
  });
  /** @type {Mark[]} */
  const marks = [];
  let at = 0;
  let joined = false;
  for (const [segment] of tokens.join('').matchAll(segments)) {
    const end = at + segment.length;
    const votes = units.slice(at, end).filter(Boolean).length;
    if (isWord.test(segment)) {
      const wanted = 2 * votes > segment.length;
      const last = marks.at(-1);
      if (wanted && joined && last !== undefined) last.end = end;
      else if (wanted) marks.push({ start: at, end });
      joined = wanted;
    } else {
      // Half are enough: the point of an initial, and the space after it.
      joined = joined && 2 * votes >= segment.length;
    }
    at = end;
  }
  return marks;
}

/**
 * Marks of the text before a change in the text after it, as good as can be told without asking:
 * what stands before and after the change keeps them.
 * @param {readonly Mark[]} marks
 * @param {string} before
 * @param {string} after
 * @returns {Mark[]}
 */
export function movedMarks(marks, before, after) {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const shift = after.length - before.length;
  const rest = before.length - tail;
  return marks.flatMap(({ start, end }) => {
    const from = start < head ? start : Math.max(start, rest) + shift;
    const to = end <= head ? end : end > rest ? end + shift : head;
    return to > from ? [{ start: from, end: to }] : [];
  });
}
