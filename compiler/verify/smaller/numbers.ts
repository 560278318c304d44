/**
 * Smaller numbers: widths, depths and vocabularies as 1, 2, or half of what they were; first all at
 * once, then all that are equal, then each; and widths that a model leaves open, bound to a small
 * number.
 */
import type { Definition, Expression, NumberLiteral, SourceFile } from '../../ast/types.ts';
import { childrenOf } from '../../ast/walk.ts';
import { namesOf } from './tidy.ts';
import {
  allExpressions,
  fileVariants,
  mapStatement,
  withinStatements,
  withStatements,
  type Statement,
} from './tree.ts';

export function* smallerNumbers(file: SourceFile): Generator<SourceFile> {
  const found = new Set(file.definitions.flatMap((d) => d.statements.flatMap(numbersOf)));
  const values = [...found].sort((a, b) => b - a);
  for (const size of [1, 2]) yield mapNumbers(file, (n) => (n > size ? size : n));
  for (const value of values) {
    for (const size of smallerThan(value)) yield mapNumbers(file, (n) => (n === value ? size : n));
  }
  const each = withinStatements((e) =>
    isSize(e) ? smallerThan(e.value).map((value) => ({ ...e, value })) : [],
  );
  yield* fileVariants(file, (s) => (s.kind === 'train' ? [] : each(s)));
}

/** `float[T, D]` as `float[T, 1]`, and D everywhere else. */
export function* boundWidths(file: SourceFile): Generator<SourceFile> {
  for (const name of openWidths(file)) {
    for (const value of [1, 2]) {
      const change = (e: Expression): Expression =>
        e.kind === 'reference' && e.name === name ? { kind: 'number', value, span: e.span } : e;
      yield mapModels(file, (s) => mapStatement(s, change));
    }
  }
}

/** Ids as numbers, where what reads them first makes vectors of them. */
export function* floatsForIds(file: SourceFile): Generator<SourceFile> {
  const inputs = file.definitions.flatMap((d) => (d.kind === 'model' ? d.statements : []));
  for (const input of inputs) {
    if (input.kind !== 'input' || input.type.element.text === 'float') continue;
    const width: NumberLiteral = { kind: 'number', value: 1, span: input.span };
    const element = { ...input.type.element, text: 'float' };
    const shape = [...input.type.shape, width];
    const type = { element, shape, span: input.type.span };
    const change = (e: Expression): Expression => withoutEmbedding(e, input.name.text);
    yield mapModels(file, (s) => (s === input ? { ...input, type } : mapStatement(s, change)));
  }
}

function withoutEmbedding(e: Expression, input: string): Expression {
  if (e.kind !== 'pipeline') return e;
  const [source, first, ...rest] = e.stages;
  if (source === undefined || first === undefined || !namesOf([source]).has(input)) return e;
  const embeds =
    (first.kind === 'call' && first.callee.text === 'embed') ||
    (first.kind === 'reference' && first.name === 'oneHot');
  if (!embeds) return e;
  return rest.length === 0 ? source : { ...e, stages: [source, ...rest] };
}

/** Symbols in the types of inputs that are no times, which begin with T. */
function openWidths(file: SourceFile): readonly string[] {
  const types = file.definitions.flatMap((d) =>
    d.kind === 'model' ? allExpressions(d.statements.filter((s) => s.kind === 'input')) : [],
  );
  return [...namesOf(types)].filter((name) => !name.startsWith('T'));
}

function mapNumbers(file: SourceFile, change: (value: number) => number): SourceFile {
  const changed = (e: Expression): Expression => (isSize(e) ? { ...e, value: change(e.value) } : e);
  return mapAll(file, (s) => (s.kind === 'train' ? s : mapStatement(s, changed)));
}

function mapModels(file: SourceFile, change: (s: Statement) => Statement): SourceFile {
  return mapAll(file, change, (d) => d.kind === 'model');
}

function mapAll(
  file: SourceFile,
  change: (s: Statement) => Statement,
  applies: (d: Definition) => boolean = () => true,
): SourceFile {
  return {
    ...file,
    definitions: file.definitions.map((d) =>
      applies(d) ? withStatements(d, d.statements.map(change)) : d,
    ),
  };
}

function numbersOf(s: Statement): number[] {
  const inside = (e: Expression): number[] =>
    isSize(e) ? [e.value] : childrenOf(e).flatMap(inside);
  return s.kind === 'train' ? [] : allExpressions([s]).flatMap(inside);
}

/** A whole number above 1. */
function isSize(e: Expression): e is NumberLiteral {
  return e.kind === 'number' && Number.isInteger(e.value) && e.value > 1;
}

function smallerThan(value: number): readonly number[] {
  return [...new Set([1, 2, Math.floor(value / 2)])].filter((n) => n >= 1 && n < value);
}
