/**
 * How wide text stands on a terminal. In: a line of a spec. Out: what is printed for it (tabs as
 * spaces, control and direction signs made visible, the far ends of a long line left out) and the
 * column at which each offset of the line appears. Widths after Unicode's East Asian Width.
 */

export interface DisplayedLine {
  readonly text: string;
  /** Column, from 0, of an offset into the line; the end of the line is an offset too. */
  column(offset: number): number;
}

/** Shows at least `from`..`to`, or its beginning where that is too long. */
export function displayLine(line: string, from: number, to: number): DisplayedLine {
  if (line.length > LONGEST) {
    // Only the surroundings are looked at: the line may be a file of many megabytes.
    const start = Math.max(0, from - LONGEST / 4);
    const part = line.slice(start, start + LONGEST);
    const shown = displayLine(part, from - start, Math.min(to - start, part.length));
    return { text: shown.text, column: (offset) => shown.column(offset - start) };
  }
  const cells = cellsOf(line);
  const columnOf = (offset: number): number =>
    cells.find((cell) => cell.offset >= offset)?.column ?? widthOfCells(cells);
  const total = widthOfCells(cells);
  if (total <= MAX_WIDTH) {
    return { text: cells.map((cell) => cell.text).join(''), column: columnOf };
  }
  const marked = Math.min(columnOf(to), columnOf(from) + MAX_WIDTH / 2);
  const left = Math.max(0, Math.min(columnOf(from) - CONTEXT, total - MAX_WIDTH));
  const right = Math.min(total, Math.max(left + MAX_WIDTH, marked));
  const kept = cells.filter((cell) => cell.column >= left && cell.column + cell.width <= right);
  const start = kept[0]?.column ?? left;
  const before = start > 0 ? '…' : '';
  const after = right < total ? '…' : '';
  const end = widthOfCells(kept);
  return {
    text: `${before}${kept.map((cell) => cell.text).join('')}${after}`,
    column: (offset) => Math.max(0, Math.min(columnOf(offset), end) - start) + before.length,
  };
}

export function widthOf(text: string): number {
  return widthOfCells(cellsOf(text));
}

const MAX_WIDTH = 100;
/** In UTF-16 units; a multiple of four. */
const LONGEST = 4096;
/** Columns that stay visible before the marked text of a long line. */
const CONTEXT = 30;
const TAB = 4;

interface Cell {
  readonly text: string;
  readonly offset: number;
  readonly column: number;
  readonly width: number;
}

function cellsOf(line: string): Cell[] {
  const cells: Cell[] = [];
  let offset = 0;
  let column = 0;
  for (const character of line) {
    const width = character === '\t' ? TAB - (column % TAB) : widthOfCharacter(character);
    const text = character === '\t' ? ' '.repeat(width) : visible(character);
    cells.push({ text, offset, column, width });
    offset += character.length;
    column += width;
  }
  return cells;
}

/** Column just past the last cell. */
function widthOfCells(cells: readonly Cell[]): number {
  const last = cells[cells.length - 1];
  return last === undefined ? 0 : last.column + last.width;
}

/** Control signs and those that turn the direction of writing could hide what a line says. */
const HIDDEN = /[\p{Cc}\p{Cs}\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

function visible(character: string): string {
  return HIDDEN.test(character) ? '\ufffd' : character;
}

function widthOfCharacter(character: string): number {
  if (HIDDEN.test(character)) return 1;
  if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

const WIDE = new RegExp(
  [
    String.raw`[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf]`,
    String.raw`[\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]`,
    String.raw`[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}`,
  ].join('|'),
  'u',
);
