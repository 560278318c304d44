/** What printers of short texts share: names by number, and no space that means nothing. */

/** a, b, … z, aa, ab, … of the letters given. */
export function numbered(position: number, letters: string): string {
  const last = letters.charAt(position % letters.length);
  const rest = Math.floor(position / letters.length);
  return rest === 0 ? last : numbered(rest - 1, letters) + last;
}

export const smallLetters = 'abcdefghijklmnopqrstuvwxyz';

/**
 * A line without text in quotes and comments, in which a space that is not between two words or two
 * equal signs means nothing.
 */
export function withoutSpaces(line: string): string {
  return line.replace(/(.) (?=(.))/g, (both: string, before: string, after: string) => {
    const isNeeded = isWord(before) ? isWord(after) : before === after && '+-'.includes(before);
    return isNeeded ? both : before;
  });
}

/** Whether it belongs to a name, a word or a number. */
function isWord(letter: string): boolean {
  return /[\w.]/.test(letter);
}
