/** Lines of a text: what is short shares a line, blocks are indented by two spaces. */
import { withoutSpaces } from '../../kernel/short-text.ts';

export const longestLine = 100;

/** Statements that end in a semicolon, as many on a line as go there. */
export function packed(statements: readonly string[]): string[] {
  const lines: string[] = [];
  let line = '';
  for (const statement of statements) {
    if (line !== '' && line.length + 1 + statement.length > longestLine) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? statement : `${line} ${statement}`;
  }
  return line === '' ? lines : [...lines, line];
}

export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

export function block(head: string, body: readonly string[]): string[] {
  return body.length === 0 ? [`${head} {}`] : [`${head} {`, ...indented(body), '}'];
}

/**
 * The same module in fewer letters, a line for each thing that it declares. There is no text in
 * quotes and no comment in it.
 */
export function compacted(lines: readonly string[]): string {
  let text = '';
  for (const line of lines) {
    const isOutermost = /^[a-z]/.test(line);
    text += (isOutermost && text !== '' ? '\n' : '') + withoutSpaces(line.trim());
  }
  return `${text.replace(/;\}/g, '}')}\n`;
}
