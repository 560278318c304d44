/** Columns of text, aligned by what a terminal shows. */
import { widthOf } from '../diagnostics/display-width.ts';

/** `right` says which columns hold numbers. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const widths = head.map((title, i) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[i] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => {
        const room = ' '.repeat(Math.max(0, (widths[i] ?? 0) - widthOf(cell)));
        return right.includes(i) ? room + cell : cell + room;
      })
      .join('   ')
      .trimEnd();
  const rule = widths.map((w) => '─'.repeat(w));
  return [head, rule, ...rows].map(line).join('\n');
}
