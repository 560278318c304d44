/**
 * Comments of a text, which no character in them can end: what breaks a line in WGSL (§3.3) makes a
 * line of its own, and what WGSL refuses or an editor obeys (controls, halves of characters, turns
 * of the direction of reading) is shown as a replacement character.
 */

const lineBreaks = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/u;
const unseen = /[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

export function commentLines(text: string): string[] {
  return text.split(lineBreaks).map((line) => `// ${line.replace(unseen, '\ufffd')}`.trimEnd());
}

/** A name as a comment of one line, cut where it is long. */
export function titleLine(name: string): string {
  const [first = '', ...rest] = name.split(lineBreaks);
  const whole = rest.length === 0 && first.length <= longest;
  const [line = ''] = commentLines(whole ? first : `${first.slice(0, longest)}…`);
  return line;
}

const longest = 200;
