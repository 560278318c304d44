/** Writes specs/ir/ops.md, the table of all ops, from the op records. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { allOps } from '../../compiler/ops/all.ts';
import type { Op } from '../../compiler/ops/op.ts';

const header = ['op', 'operands', 'attributes', 'result', 'vjp', 'stacks'];

mkdirSync('specs/ir', { recursive: true });
writeFileSync('specs/ir/ops.md', page());

function page(): string {
  const rows = [header, ...allOps.map(rowOf)].map((row) => row.map(escape));
  const widths = header.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  const [first = '', ...rest] = rows.map((row) =>
    line(row.map((t, i) => t.padEnd(widths[i] ?? 0))),
  );
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return `${[
    '# The ops of the graph IR',
    '',
    'Generated from the op records in `compiler/ops/` by `npm run generate`; do not edit.',
    '',
    'Elementwise ops take operands of one shape and give that shape. "vjp" says whether the op has a',
    'derivative (that of `scan` is a pass of its own), "stacks" whether it can leave a `scan` to run',
    'for all time steps at once. Conventions and the text form: [graph.md](graph.md).',
    '',
    first,
    rule,
    ...rest,
  ].join('\n')}\n`;
}

/** The parts of `OPERANDS; ATTRIBUTES: MEANING`. */
function rowOf(op: Op): string[] {
  const [, operands = '', attributes = '', meaning = ''] =
    /^(.*?)(?:; (.*?))?: (.*)$/.exec(op.doc) ?? [];
  if (meaning === '') throw new Error(`the doc of ${op.name} has another form`);
  const has = (rule: unknown): string => (rule === undefined ? '' : 'yes');
  return [`\`${op.name}\``, operands, attributes, meaning, has(op.vjp), has(op.stack)];
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
