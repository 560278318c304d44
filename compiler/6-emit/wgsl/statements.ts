/** Statements of a kernel as lines of WGSL, indented by two spaces a block. */
import type { Statement } from '../../../runtime/artifact/kernel.ts';
import { commentLines } from './comments.ts';
import type { Context } from './context.ts';
import { expressionText } from './expressions.ts';
import { level } from './levels.ts';
import { storeText } from './memory.ts';

type For = Extract<Statement, { kind: 'for' }>;
type If = Extract<Statement, { kind: 'if' }>;

export function statementLines(statements: readonly Statement[], context: Context): string[] {
  return context.names.inBlock(() => statements.flatMap((s) => linesOf(s, context)));
}

export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function linesOf(s: Statement, context: Context): string[] {
  const { names } = context;
  switch (s.kind) {
    case 'let':
    case 'var':
      return [`${s.kind} ${names.of('local', s.name)} = ${expressionText(s.value, context)};`];
    case 'assign':
      return [`${names.of('local', s.name)} = ${expressionText(s.value, context)};`];
    case 'store':
      return [`${storeText(s, context, (e, asked) => expressionText(e, context, asked))};`];
    case 'for':
      return names.inBlock(() => block(`for (${forHead(s, context)})`, s.body, context));
    case 'while':
      return block(`while (${expressionText(s.condition, context)})`, s.body, context);
    case 'if':
      return ifLines(s, context);
    case 'barrier':
      return context.writesBuffers
        ? ['workgroupBarrier();', 'storageBarrier();']
        : ['workgroupBarrier();'];
    case 'comment':
      return commentLines(s.text);
  }
  s satisfies never;
}

function block(head: string, body: readonly Statement[], context: Context): string[] {
  return [`${head} {`, ...indented(statementLines(body, context)), '}'];
}

function forHead({ variable, from, to, step }: For, context: Context): string {
  const i = context.names.of('local', variable);
  const one = step.kind === 'number' && step.value === 1;
  const next = one ? `${i}++` : `${i} += ${expressionText(step, context)}`;
  const [first, end] = [from, to].map((e) => expressionText(e, context, level.sum));
  return `var ${i} = ${first}; ${i} < ${end}; ${next}`;
}

/** What is nothing but another `if` goes on as `else if`, which also nests less deep. */
function ifLines({ condition, then, otherwise }: If, context: Context): string[] {
  const lines = block(`if (${expressionText(condition, context)})`, then, context);
  if (otherwise.length === 0) return lines;
  const [only] = otherwise;
  const [head = '', ...rest] =
    otherwise.length === 1 && only?.kind === 'if'
      ? ifLines(only, context)
      : block('', otherwise, context);
  return [...lines.slice(0, -1), `} else ${head.trimStart()}`, ...rest];
}
