/**
 * Ways through expressions and statements, so that who looks for something or changes something
 * need not know every kind. What is changed is new; what is not stays the same object.
 */
import type { Expression, Statement } from '../../runtime/artifact/kernel.ts';
import { mapSame } from '../base/same-items.ts';

/** Operands, in the order in which they are written. */
export function partsOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'number':
    case 'size':
    case 'step':
    case 'place':
    case 'local':
      return none;
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

const none: readonly Expression[] = [];

/**
 * The expression, then all that it is made of. Written out, as the next ones are: every expression
 * of a program comes by here several times, and lists of its parts would be most of the work.
 */
export function visitExpression(e: Expression, visit: (e: Expression) => void): void {
  visit(e);
  switch (e.kind) {
    case 'number':
    case 'size':
    case 'step':
    case 'place':
    case 'local':
      return;
    case 'load':
      return visitExpression(e.index, visit);
    case 'unary':
    case 'lane':
      return visitExpression(e.x, visit);
    case 'binary':
      visitExpression(e.x, visit);
      return visitExpression(e.y, visit);
    case 'select':
    case 'call':
    case 'pack':
      for (const part of partsOf(e)) visitExpression(part, visit);
      return;
  }
  e satisfies never;
}

export function someExpression(e: Expression, test: (e: Expression) => boolean): boolean {
  return test(e) || partsOf(e).some((part) => someExpression(part, test));
}

/** From the leaves up: `change` sees each expression with its operands already changed. */
export function mapExpression(e: Expression, change: (e: Expression) => Expression): Expression {
  switch (e.kind) {
    case 'number':
    case 'size':
    case 'step':
    case 'place':
    case 'local':
      return change(e);
    case 'load': {
      const index = mapExpression(e.index, change);
      return change(index === e.index ? e : { ...e, index });
    }
    case 'unary':
    case 'lane': {
      const x = mapExpression(e.x, change);
      return change(x === e.x ? e : { ...e, x });
    }
    case 'binary': {
      const x = mapExpression(e.x, change);
      const y = mapExpression(e.y, change);
      return change(x === e.x && y === e.y ? e : { ...e, x, y });
    }
    case 'select': {
      const condition = mapExpression(e.condition, change);
      const yes = mapExpression(e.yes, change);
      const no = mapExpression(e.no, change);
      const same = condition === e.condition && yes === e.yes && no === e.no;
      return change(same ? e : { ...e, condition, yes, no });
    }
    case 'call': {
      const parts = mapSame(e.arguments, (part) => mapExpression(part, change));
      return change(parts === e.arguments ? e : { ...e, arguments: parts });
    }
    case 'pack': {
      const parts = mapSame(e.parts, (part) => mapExpression(part, change));
      return change(parts === e.parts ? e : { ...e, parts });
    }
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
      return none;
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
      return noBlocks;
  }
  s satisfies never;
}

const noBlocks: readonly (readonly Statement[])[] = [];

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
  return mapSame(statements, (s) => mapStatement(s, change));
}

function mapStatement(s: Statement, change: (e: Expression) => Expression): Statement {
  const map = (e: Expression): Expression => mapExpression(e, change);
  switch (s.kind) {
    case 'let':
    case 'var':
    case 'assign': {
      const value = map(s.value);
      return value === s.value ? s : { ...s, value };
    }
    case 'store': {
      const [index, value] = [map(s.index), map(s.value)];
      return index === s.index && value === s.value ? s : { ...s, index, value };
    }
    case 'for': {
      const body = mapStatements(s.body, change);
      const [from, to, step] = [map(s.from), map(s.to), map(s.step)];
      const same = from === s.from && to === s.to && step === s.step && body === s.body;
      return same ? s : { ...s, from, to, step, body };
    }
    case 'while': {
      const [condition, body] = [map(s.condition), mapStatements(s.body, change)];
      return condition === s.condition && body === s.body ? s : { ...s, condition, body };
    }
    case 'if': {
      const then = mapStatements(s.then, change);
      const otherwise = mapStatements(s.otherwise, change);
      const condition = map(s.condition);
      const same = condition === s.condition && then === s.then && otherwise === s.otherwise;
      return same ? s : { ...s, condition, then, otherwise };
    }
    case 'barrier':
    case 'comment':
      return s;
  }
  s satisfies never;
}

/** The statement with each block within it as `block` gives it; others as they are. */
export function withBlocks(
  s: Statement,
  block: (statements: readonly Statement[]) => readonly Statement[],
): Statement {
  switch (s.kind) {
    case 'for':
    case 'while':
      return { ...s, body: block(s.body) };
    case 'if':
      return { ...s, then: block(s.then), otherwise: block(s.otherwise) };
    case 'let':
    case 'var':
    case 'assign':
    case 'store':
    case 'barrier':
    case 'comment':
      return s;
  }
  s satisfies never;
}
