/**
 * Kernels, functions and statements as text, the form of specs/ir/kernel.md. `readKernel` reads a
 * kernel back to an equal one; a kernel that is not well formed prints too, as best it can, since
 * messages about it carry its text.
 */
import type {
  Kernel,
  KernelArray,
  KernelFunction,
  ScalarType,
  Statement,
} from '../../runtime/artifact/kernel.ts';
import { typeOf } from './build.ts';
import { printName } from './names.ts';
import { fourOf, printElement, printExpression } from './print-expression.ts';
import { visitStatements } from './walk.ts';

export function printKernel(kernel: Kernel): string {
  return `${printKernelLines(kernel).join('\n')}\n`;
}

export function printKernelLines(kernel: Kernel): string[] {
  const { name, buffers, sizes, workgroup, shared, registers, body } = kernel;
  const lines = [
    ...buffers.map((b) => `buffer ${printName(b.name)}: ${b.element} ${b.access}`),
    ...sizes.map((size) => `size ${printName(size)}`),
    ...shared.map((array) => `shared ${printArray(array)}`),
    ...registers.map((array) => `registers ${printArray(array)}`),
    ...[...calledTypes(kernel)].map(([called, type]) => `calls ${printName(called)}: ${type}`),
    ...printLines(body),
  ];
  return block(`kernel ${printName(name)} workgroup(${workgroup.join(', ')})`, lines);
}

export function printFunction(fn: KernelFunction): string {
  return `${printFunctionLines(fn).join('\n')}\n`;
}

export function printFunctionLines({ name, parameters, lets, result }: KernelFunction): string[] {
  const inputs = parameters.map((p) => `${printName(p.name)}: ${p.type}`).join(', ');
  return block(`function ${printName(name)}(${inputs}): ${typeOf(result)}`, [
    ...lets.map(
      (s) => `let ${printName(s.name)}: ${typeOf(s.value)} = ${printExpression(s.value)}`,
    ),
    `return ${printExpression(result)}`,
  ]);
}

export function printStatements(statements: readonly Statement[]): string {
  return printLines(statements).join('\n');
}

/** The types that functions give stand at the head of a kernel, so that it can be read alone. */
function calledTypes(kernel: Kernel): ReadonlyMap<string, ScalarType> {
  const types = new Map<string, ScalarType>();
  visitStatements(kernel.body, {
    expression: (e) => {
      if (e.kind === 'call') types.set(e.function, e.type === 'f32x4' ? 'f32' : e.type);
    },
  });
  return types;
}

function printArray({ name, element, length }: KernelArray): string {
  return `${printName(name)}: ${element}[${length}]`;
}

/** A head and its lines, indented; `head {}` where there are none. */
export function block(head: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [`${head} {}`];
  return [`${head} {`, ...lines.map((line) => (line === '' ? '' : `  ${line}`)), '}'];
}

function printLines(statements: readonly Statement[]): string[] {
  return statements.flatMap(printStatement);
}

function printStatement(s: Statement): string[] {
  switch (s.kind) {
    case 'let':
    case 'var':
      return [`${s.kind} ${printName(s.name)}: ${typeOf(s.value)} = ${printExpression(s.value)}`];
    case 'assign':
      return [`${printName(s.name)} = ${printExpression(s.value)}`];
    case 'store': {
      const element = printElement(s.memory, s.index, fourOf(typeOf(s.value), s.unaligned));
      return [`${element} = ${printExpression(s.value)}`];
    }
    case 'for':
      return block(printHead(s), printLines(s.body));
    case 'while':
      return block(`while ${printExpression(s.condition)}`, printLines(s.body));
    case 'if':
      return printIf(s);
    case 'barrier':
      return ['barrier'];
    case 'comment':
      return [`// ${printComment(s.text)}`];
  }
  s satisfies never;
}

function printHead({ variable, from, to, step }: Extract<Statement, { kind: 'for' }>): string {
  const range = `${printExpression(from)} to ${printExpression(to)}`;
  const one = step.kind === 'number' && step.type === 'i32' && step.value === 1;
  const by = one ? '' : ` step ${printExpression(step)}`;
  return `for ${printName(variable)} = ${range}${by}`;
}

/** What is nothing but another `if` goes on as `else if`. */
function printIf({ condition, then, otherwise }: Extract<Statement, { kind: 'if' }>): string[] {
  const lines = block(`if ${printExpression(condition)}`, printLines(then));
  if (otherwise.length === 0) return lines;
  const [only] = otherwise;
  const rest =
    otherwise.length === 1 && only?.kind === 'if'
      ? printIf(only)
      : block('', printLines(otherwise));
  const [head = '', ...tail] = rest;
  return [...lines.slice(0, -1), `${lines.at(-1) ?? ''} else ${head.trimStart()}`, ...tail];
}

/** As it is where that is one line, without spaces at its ends and no string. */
function printComment(text: string): string {
  return /^[^\s"](?:[^\r\n\u2028\u2029]*\S)?$/u.test(text) ? text : JSON.stringify(text);
}
