/**
 * The same sentence about somebody else: first names are drawn from the lists, other names from
 * those that the corpus has. What stands around a name is what a model has to learn, and letters of
 * many names; not a few thousand people by heart.
 */
import type { TaggedWord } from './brown.ts';
import { bare, firstNames, isInitial, type NameSpan } from './people.ts';

/** From 0 up to `below`; the same draws each time. */
export type Draw = (below: number) => number;

/** Mulberry32: a state of 32 bits, well mixed, which will do for choosing names. */
export function drawsFrom(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** `others`: names that are no first names. The spans stay where they are. */
export function renamed(
  sentence: readonly TaggedWord[],
  names: readonly NameSpan[],
  others: readonly string[],
  draw: Draw,
): TaggedWord[] {
  const words = [...sentence];
  for (const { start, end } of names) {
    for (let i = start; i < end; i++) {
      const word = words[i];
      if (word === undefined || draw(4) === 0) continue;
      const name = bare(word);
      if (isInitial(name) || /^(Jr|Sr)\.$/.test(name)) continue;
      const list = firstNames.has(name) && (i === start || i < end - 1) ? firstNameList : others;
      const other = list[draw(list.length)] ?? name;
      words[i] = { ...word, word: other + word.word.slice(name.length) };
    }
  }
  return words;
}

const firstNameList = [...firstNames];
