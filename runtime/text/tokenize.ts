/**
 * Text to tokens and back. Characters are code points; words are runs of letters, marks and digits
 * (with the apostrophes and hyphens inside them), numbers keep their points and commas, and every
 * other visible character is a token alone: `a salad.` is `a`, `salad`, `.`.
 */

export type TokenKind = 'characters' | 'words';

/** Tokens in the order of the text; white space separates words and is no word. */
export function tokenize(text: string, kind: TokenKind): string[] {
  return kind === 'characters' ? Array.from(text) : text.split(/\s+/u).flatMap(splitChunk);
}

/** Text as a person would write it: `salad` and `.` become `salad.`. */
export function joinTokens(tokens: readonly string[], kind: TokenKind): string {
  if (kind === 'characters') return tokens.join('');
  let text = '';
  let quoteOpen = false;
  let glue = true;
  for (const token of tokens) {
    const closing = token === '"' && quoteOpen;
    text += glue || closing || closesUp.test(token) ? token : ` ${token}`;
    glue = opensUp.test(token) || (token === '"' && !quoteOpen);
    if (token === '"') quoteOpen = !quoteOpen;
  }
  return text;
}

/** `<UNK>` and its like stay whole, so that a text that already has them keeps their meaning. */
const piece = /<[\p{L}\p{N}_]+>|[\p{L}\p{M}\p{N}_]+|\S/gu;
const letters = /^[\p{L}\p{M}\p{N}_]/u;
const endsInDigit = /\p{N}$/u;
const beginsWithDigit = /^\p{N}/u;

const closesUp = /^[.,!?;:%)\]}»”…]$/u;
const opensUp = /^[([{«“]$/u;

/** Splits what stands between two white spaces; a loop, since a word may be megabytes long. */
function splitChunk(chunk: string): string[] {
  const pieces = chunk.match(piece) ?? [];
  const tokens: string[] = [];
  for (let i = 0; i < pieces.length; i++) {
    const parts = [pieces[i] ?? ''];
    while (letters.test(parts[0] ?? '') && joins(pieces, i + 1)) {
      parts.push(pieces[i + 1] ?? '', pieces[i + 2] ?? '');
      i += 2;
    }
    tokens.push(parts.join(''));
  }
  return tokens;
}

/** Whether the piece at `at` holds the words on its two sides together. */
function joins(pieces: readonly string[], at: number): boolean {
  const [before = '', mark, after = ''] = pieces.slice(at - 1, at + 2);
  if (mark === "'" || mark === '’' || mark === '-') return letters.test(after);
  return (mark === '.' || mark === ',') && endsInDigit.test(before) && beginsWithDigit.test(after);
}
