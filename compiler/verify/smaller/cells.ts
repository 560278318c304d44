/**
 * Simpler cells and layers of the spec's own: one branch of a condition, no layout of foreign
 * weights, a state less, an equation's value as one of its parts, a product of fewer operands.
 */
import type {
  CellDefinition,
  CellStatement,
  Equation,
  Expression,
  SourceFile,
} from '../../ast/types.ts';
import { childrenOf } from '../../ast/walk.ts';
import { namesOf } from './tidy.ts';
import {
  allExpressions,
  fileVariants,
  mapStatement,
  withDefinition,
  withinStatements,
  withStatements,
} from './tree.ts';

export function withoutLayouts(file: SourceFile): Generator<SourceFile> {
  return fileVariants(file, (s) => (s.kind === 'layout' ? [[]] : []));
}

export function oneBranch(file: SourceFile): Generator<SourceFile> {
  return fileVariants(file, (s) => (s.kind === 'if' ? [s.then, s.otherwise] : []));
}

/** A state's value before the step is then 0, and after it what its equation says. */
export function* fewerStates(file: SourceFile): Generator<SourceFile> {
  for (const cell of cellsOf(file)) {
    for (const state of cell.statements) {
      if (state.kind !== 'state') continue;
      yield withDefinition(file, cell, withoutState(cell, state.name.text));
    }
  }
}

/** Values are replaced by their parts, what is emitted by another value. */
export function* simplerValues(file: SourceFile): Generator<SourceFile> {
  for (const cell of cellsOf(file)) {
    for (const value of earlierValues(cell)) {
      const statements = cell.statements.map((s) => (s.kind === 'emit' ? { ...s, value } : s));
      yield withDefinition(file, cell, { ...cell, statements });
    }
  }
  yield* fileVariants(file, withinStatements(simplerParts), (d) => d.kind === 'cell');
}

/** A value that is used once, or has no parts, written where it is used. */
export function* inlinedEquations(file: SourceFile): Generator<SourceFile> {
  for (const cell of cellsOf(file)) {
    for (const equation of cell.statements) {
      if (equation.kind !== 'equation' || equation.timed) continue;
      const name = equation.target.text;
      const uses = cell.statements.filter((s) => namesOf(allExpressions([s])).has(name));
      if (uses.length !== 1 && childrenOf(equation.value).length > 0) continue;
      const change = (e: Expression): Expression =>
        e.kind === 'reference' && e.name === name ? equation.value : e;
      const statements = cell.statements.map((s) => mapStatement(s, change));
      yield withDefinition(file, cell, withStatements(cell, statements));
    }
  }
}

/** Parameters of cells as what they are by default; fails where a call gives another. */
export function* cellDefaults(file: SourceFile): Generator<SourceFile> {
  for (const cell of cellsOf(file)) {
    for (const { name, value } of cell.parameters) {
      if (value === undefined) continue;
      const change = (e: Expression): Expression =>
        e.kind === 'reference' && e.name === name.text ? value : e;
      const statements = cell.statements.map((s) => mapStatement(s, change));
      const parameters = cell.parameters.filter((p) => p.name !== name);
      yield withDefinition(file, cell, { ...withStatements(cell, statements), parameters });
    }
  }
}

function* simplerParts(e: Expression): Generator<Expression> {
  if (e.kind === 'product' && e.operands.length > 1) {
    for (const [i] of e.operands.entries()) {
      yield { ...e, operands: e.operands.toSpliced(i, 1) };
    }
  }
  yield* childrenOf(e);
  if (e.kind === 'timed' && e.offset < 0) yield { kind: 'number', value: 0, span: e.span };
}

function withoutState(cell: CellDefinition, name: string): CellDefinition {
  const stepped = cell.statements.some((s) => isStep(s, name));
  const change = (e: Expression): Expression => {
    if (e.kind !== 'timed' || e.name.text !== name) return e;
    return e.offset < 0 || !stepped
      ? { kind: 'number', value: 0, span: e.span }
      : { kind: 'reference', name, span: e.span };
  };
  const statements = cell.statements.flatMap((s): readonly CellStatement[] => {
    if (s.kind === 'state' && s.name.text === name) return [];
    return [isStep(s, name) ? { ...s, timed: false } : s];
  });
  return withStatements(
    cell,
    statements.map((s) => mapStatement(s, change)),
  );
}

function isStep(s: CellStatement, name: string): s is Equation {
  return s.kind === 'equation' && s.timed && s.target.text === name;
}

/** What equations say before the one whose value is emitted; all where it is no single value. */
function earlierValues(cell: CellDefinition): readonly Expression[] {
  const equations = cell.statements.filter((s) => s.kind === 'equation');
  const emitted = cell.statements.flatMap((s) => (s.kind === 'emit' ? [s.value] : []));
  const last = equations.findIndex(({ target }) =>
    emitted.some(
      (e) =>
        (e.kind === 'reference' && e.name === target.text) ||
        (e.kind === 'timed' && e.name.text === target.text),
    ),
  );
  return equations
    .slice(0, last < 0 ? equations.length : last)
    .map(({ target, timed, span }) =>
      timed
        ? { kind: 'timed', name: target, offset: 0, span }
        : { kind: 'reference', name: target.text, span },
    );
}

function cellsOf(file: SourceFile): readonly CellDefinition[] {
  return file.definitions.filter((d) => d.kind === 'cell');
}
