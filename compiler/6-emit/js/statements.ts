/** Statements of kernels without f32x4 as lines of JavaScript. */
import type { Expression, Statement } from '../../../runtime/artifact/kernel.ts';
import { typeOf } from '../../kernel/build.ts';
import type { Context } from './context.ts';
import { elementText, looseText, valueText } from './expressions.ts';
import { level } from './levels.ts';
import { block, longestLine, packed } from './lines.ts';

type Of<Kind extends Statement['kind']> = Extract<Statement, { readonly kind: Kind }>;
type Simple = Of<'let' | 'var' | 'assign' | 'store'>;

/** Of a block: what it defines is not seen outside. */
export function statementLines(statements: readonly Statement[], context: Context): string[] {
  return context.names.inBlock(() => linesOf(statements, context));
}

function linesOf(statements: readonly Statement[], context: Context): string[] {
  const lines: string[] = [];
  let simple: Simple[] = [];
  const flush = (): void => {
    lines.push(...packed(simpleTexts(simple, context)));
    simple = [];
  };
  for (const s of statements) {
    switch (s.kind) {
      case 'let':
      case 'var':
      case 'assign':
      case 'store':
        simple.push(s);
        break;
      case 'for':
      case 'while':
      case 'if':
        flush();
        lines.push(...blockLines(s, context));
        break;
      case 'barrier':
      case 'comment':
        // An invocation alone in its workgroup waits for nobody.
        break;
      default:
        s satisfies never;
    }
  }
  flush();
  return lines;
}

/** Neighbours of one kind are declared together. */
export function simpleTexts(statements: readonly Simple[], context: Context): string[] {
  const texts: string[] = [];
  let declared: string | undefined;
  let kind: Simple['kind'] | undefined;
  const flush = (): void => {
    if (declared !== undefined) texts.push(`${declared};`);
    declared = undefined;
  };
  for (const s of statements) {
    const text = simpleText(s, context);
    if (s.kind === 'assign' || s.kind === 'store') {
      flush();
      texts.push(`${text};`);
      continue;
    }
    if (
      declared !== undefined &&
      s.kind === kind &&
      declared.length + text.length < longestLine - 2
    ) {
      declared += `, ${text}`;
      continue;
    }
    flush();
    declared = `${s.kind === 'let' ? 'const' : 'let'} ${text}`;
    kind = s.kind;
  }
  flush();
  return texts;
}

function simpleText(s: Simple, context: Context): string {
  if (s.kind === 'store') {
    // Bools lie in memory as 0 or 1.
    const isBool = typeOf(s.value) === 'bool';
    const value = isBool
      ? `+${valueText(s.value, context, level.unary)}`
      : looseText(s.value, context);
    return `${elementText(s.memory, s.index, context)} = ${value}`;
  }
  const value = valueText(s.value, context);
  return `${context.names.of(s.name)} = ${value}`;
}

function blockLines(s: Of<'for' | 'while' | 'if'>, context: Context): string[] {
  switch (s.kind) {
    case 'for':
      return context.names.inBlock(() => {
        const head = forHead(s, context);
        return block(`for (${head})`, statementLines(s.body, context));
      });
    case 'while':
      return block(`while (${valueText(s.condition, context)})`, statementLines(s.body, context));
    case 'if':
      return ifLines(s, context);
  }
  s satisfies never;
}

function forHead({ variable, from, to, step }: Of<'for'>, context: Context): string {
  const i = context.names.of(variable);
  const begin = [`${i} = ${valueText(from, context)}`];
  const held = (e: Expression): string => {
    const text = valueText(e, context, level.shift);
    if (e.kind === 'number' || e.kind === 'size' || e.kind === 'local') return text;
    const name = context.names.fresh();
    begin.push(`${name} = ${valueText(e, context)}`);
    return name;
  };
  const end = held(to);
  const isOne = step.kind === 'number' && step.value === 1;
  const next = isOne ? `${i}++` : `${i} += ${held(step)}`;
  return `let ${begin.join(', ')}; ${i} < ${end}; ${next}`;
}

/** What is nothing but another `if` goes on as `else if`. */
function ifLines({ condition, then, otherwise }: Of<'if'>, context: Context): string[] {
  const head = `if (${valueText(condition, context)})`;
  const lines = block(head, statementLines(then, context));
  if (otherwise.length === 0) return lines;
  const [only] = otherwise;
  const [first = '', ...rest] =
    otherwise.length === 1 && only?.kind === 'if'
      ? ifLines(only, context)
      : block('', statementLines(otherwise, context));
  const last = lines.at(-1) ?? '';
  return [...lines.slice(0, -1), `${last} else ${first.trimStart()}`, ...rest];
}
