/**
 * Ways through expressions and statements, so that who looks for something or changes something
 * need not know every kind. What is changed is new; what is not stays the same object.
 */
import type { Expression, Statement } from '../../runtime/artifact/kernel.ts';

/** Operands, in the order in which they are written. */
export function partsOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'number':
    case 'size':
    case 'step':
    case 'place':
    case 'local':
      return [];
    case 'load':
      return [e.index];
    case 'unary':
    case 'lane':
      return [e.x];
    case 'binary':
      return [e.x, e.y];
    case 'select':
      return [e.condition, e.yes, e.no];
    case 'call':
      return e.arguments;
    case 'pack':
      return e.parts;
  }
  e satisfies never;
}

/** The expression, then all that it is made of. */
export function visitExpression(e: Expression, visit: (e: Expression) => void): void {
  visit(e);
  for (const part of partsOf(e)) visitExpression(part, visit);
}

export function someExpression(e: Expression, test: (e: Expression) => boolean): boolean {
  return test(e) || partsOf(e).some((part) => someExpression(part, test));
}

/** From the leaves up: `change` sees each expression with its operands already changed. */
export function mapExpression(e: Expression, change: (e: Expression) => Expression): Expression {
  const parts = partsOf(e);
  const changed = parts.map((part) => mapExpression(part, change));
  return change(changed.every((part, i) => part === parts[i]) ? e : withParts(e, changed));
}

function withParts(e: Expression, parts: readonly Expression[]): Expression {
  const [first = e, second = e, third = e] = parts;
  switch (e.kind) {
    case 'number':
    case 'size':
    case 'step':
    case 'place':
    case 'local':
      return e;
    case 'load':
      return { ...e, index: first };
    case 'unary':
    case 'lane':
      return { ...e, x: first };
    case 'binary':
      return { ...e, x: first, y: second };
    case 'select':
      return { ...e, condition: first, yes: second, no: third };
    case 'call':
      return { ...e, arguments: parts };
    case 'pack':
      return { ...e, parts };
  }
  e satisfies never;
}

/** Expressions for locals, by name; whoever calls it sees to it that their types agree. */
export function substitute(e: Expression, locals: ReadonlyMap<string, Expression>): Expression {
  return mapExpression(e, (part) =>
    part.kind === 'local' ? (locals.get(part.name) ?? part) : part,
  );
}

/** Of the statement itself, without those of the statements in it. */
export function expressionsOf(s: Statement): readonly Expression[] {
  switch (s.kind) {
    case 'let':
    case 'var':
    case 'assign':
      return [s.value];
    case 'store':
      return [s.index, s.value];
    case 'for':
      return [s.from, s.to, s.step];
    case 'while':
    case 'if':
      return [s.condition];
    case 'barrier':
    case 'comment':
      return [];
  }
  s satisfies never;
}

export function blocksOf(s: Statement): readonly (readonly Statement[])[] {
  switch (s.kind) {
    case 'for':
    case 'while':
      return [s.body];
    case 'if':
      return [s.then, s.otherwise];
    case 'let':
    case 'var':
    case 'assign':
    case 'store':
    case 'barrier':
    case 'comment':
      return [];
  }
  s satisfies never;
}

export interface Visitor {
  readonly statement?: (s: Statement) => void;
  readonly expression?: (e: Expression) => void;
}

/** Each statement in the order of the text: the statement, its expressions, what stands in it. */
export function visitStatements(statements: readonly Statement[], visitor: Visitor): void {
  for (const s of statements) {
    visitor.statement?.(s);
    if (visitor.expression !== undefined) {
      for (const e of expressionsOf(s)) visitExpression(e, visitor.expression);
    }
    for (const block of blocksOf(s)) visitStatements(block, visitor);
  }
}

/** Every expression of the statements changed as `mapExpression` does. */
export function mapStatements(
  statements: readonly Statement[],
  change: (e: Expression) => Expression,
): readonly Statement[] {
  const map = (e: Expression): Expression => mapExpression(e, change);
  return statements.map((s): Statement => {
    switch (s.kind) {
      case 'let':
      case 'var':
      case 'assign':
        return { ...s, value: map(s.value) };
      case 'store':
        return { ...s, index: map(s.index), value: map(s.value) };
      case 'for': {
        const body = mapStatements(s.body, change);
        return { ...s, from: map(s.from), to: map(s.to), step: map(s.step), body };
      }
      case 'while':
        return { ...s, condition: map(s.condition), body: mapStatements(s.body, change) };
      case 'if': {
        const then = mapStatements(s.then, change);
        const otherwise = mapStatements(s.otherwise, change);
        return { ...s, condition: map(s.condition), then, otherwise };
      }
      case 'barrier':
      case 'comment':
        return s;
    }
    s satisfies never;
  });
}
