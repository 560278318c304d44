/**
 * A graph as text, the form of specs/ir/graph.md; `readGraph` reads it back to an equal graph.
 * Attributes are sorted by name, so that equal graphs print alike however they were built.
 */
import type { Dim } from './dim.ts';
import {
  isDim,
  isGraph,
  type Attributes,
  type AttributeValue,
  type Graph,
  type GraphParameter,
  type Instruction,
  type Origin,
  type TensorType,
  type Value,
} from './types.ts';

export function printGraph(graph: Graph): string {
  return `${printNested(graph, '')}\n`;
}

export function printInstruction(instruction: Instruction): string {
  return printLines(instruction, '').join('\n');
}

function printNested(graph: Graph, indent: string): string {
  const parameters = graph.parameters.map(printParameter).join(', ');
  const results = graph.results.map(({ name, value }) => `${printName(name)}: %${value.id}`);
  const lines = graph.instructions.flatMap((instruction) => printLines(instruction, `${indent}  `));
  return [
    `graph ${printName(graph.name)}(${parameters}) -> (${results.join(', ')}) {`,
    ...lines,
    `${indent}}`,
  ].join('\n');
}

function printParameter({ name, role, value }: GraphParameter): string {
  return `%${value.id} ${printName(name)}: ${printType(value.type)} ${role}`;
}

/** One line, then one entry for each graph among the attributes. */
function printLines(instruction: Instruction, indent: string): string[] {
  const { op, operands, attributes, results, origin } = instruction;
  const left = results.map(printTyped).join(', ');
  const right = `${op}(${operands.map((value) => `%${value.id}`).join(', ')})`;
  const plain = printAttributes(attributes);
  const from = origin === undefined ? '' : `  # ${printOrigin(origin)}`;
  const bodies = sorted(attributes).flatMap(([name, value]) =>
    isGraph(value) ? [`${indent}  ${printName(name)}=${printNested(value, `${indent}  `)}`] : [],
  );
  return [`${indent}${left}${left === '' ? '' : ' '}= ${right}${plain}${from}`, ...bodies];
}

function printTyped(value: Value): string {
  return `%${value.id}: ${printType(value.type)}`;
}

export function printType({ dtype, shape }: TensorType): string {
  return `${dtype}[${shape.map(printDimension).join(', ')}]`;
}

function printAttributes(attributes: Attributes): string {
  const parts = sorted(attributes).flatMap(([name, value]) =>
    isGraph(value) ? [] : [`${printName(name)}=${printValue(value)}`],
  );
  return parts.length === 0 ? '' : ` {${parts.join(', ')}}`;
}

function sorted(attributes: Attributes): [string, AttributeValue][] {
  return Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Numbers and strings bare, a dimension as `<T>`, dimensions as `<[B, T]>`. */
function printValue(value: Exclude<AttributeValue, Graph>): string {
  if (typeof value === 'number') return printNumber(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return String(value);
  if (isDim(value)) return `<${printDimension(value)}>`;
  const items = value.map((item) => (typeof item === 'number' ? printNumber(item) : item));
  const text = items.map((item) => (typeof item === 'string' ? item : printDimension(item)));
  const dims = items.some((item) => typeof item !== 'string');
  return dims ? `<[${text.join(', ')}]>` : `[${text.join(', ')}]`;
}

function printNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** As printDim, with symbols quoted where they must be. */
function printDimension({ constant, terms }: Dim): string {
  const parts = terms.map(({ symbol, coefficient }) => {
    const size = Math.abs(coefficient);
    const factor = size === 1 ? '' : `${size}*`;
    return { negative: coefficient < 0, text: `${factor}${printName(symbol)}` };
  });
  if (constant !== 0 || parts.length === 0) {
    parts.push({ negative: constant < 0, text: String(Math.abs(constant)) });
  }
  return parts
    .map(({ negative, text }, i) => `${negative ? '-' : i > 0 ? '+' : ''}${text}`)
    .join('');
}

/** A name that needs no quotes: letters, digits and `_ . / ' ~ @`, no digit first. */
export const plainName = /[\p{L}_][\p{L}\p{M}\p{N}_./'~@]*/uy;

export function printName(name: string): string {
  plainName.lastIndex = 0;
  const found = plainName.exec(name);
  return found?.[0] === name ? name : JSON.stringify(name);
}

/** `names.gate:3:10 lstm.l0`; source and layer quoted where they hold spaces or quotes. */
function printOrigin({ source, line, column, layer }: Origin): string {
  const place = `${quoteSpaced(source)}:${line}:${column}`;
  return layer === undefined ? place : `${place} ${quoteSpaced(layer)}`;
}

function quoteSpaced(text: string): string {
  return /^[^\s"]+$/u.test(text) ? text : JSON.stringify(text);
}
