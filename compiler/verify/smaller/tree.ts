/**
 * Trees with one part replaced. Each function yields whole trees, one for every way in which one
 * part of the given tree may be exchanged, outer parts before what is in them; nothing is changed
 * in place. Spans are those of the parts' origins.
 */
import { childrenOf } from '../../ast/walk.ts';
import type {
  Argument,
  CellDefinition,
  CellStatement,
  Definition,
  Expression,
  ModelStatement,
  SourceFile,
} from '../../ast/types.ts';

export type Statement = ModelStatement | CellStatement;

/** What may stand in an expression's place. */
export type Variants = (expression: Expression) => Iterable<Expression>;

/** What may stand in a statement's place: any number of statements. */
export type StatementVariants = (statement: Statement) => Iterable<readonly Statement[]>;

export function* expressionVariants(e: Expression, own: Variants): Generator<Expression> {
  yield* own(e);
  const children = childrenOf(e);
  for (const [i, child] of children.entries()) {
    for (const other of expressionVariants(child, own)) {
      yield withChildren(e, children.with(i, other));
    }
  }
}

/** The expressions of a statement, those of the statements in it left out. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'input': {
      const { size, shape } = statement.type;
      return [...(size === undefined ? [] : [size]), ...shape];
    }
    case 'state':
      return statement.shape ?? [];
    case 'weight': {
      const { shape = [], initializer } = statement;
      return [...shape, ...(initializer === undefined ? [] : [initializer])];
    }
    case 'binding':
    case 'loss':
    case 'equation':
    case 'emit':
      return [statement.value];
    case 'train': {
      const { optimizer, settings } = statement;
      return [...(optimizer === undefined ? [] : [optimizer]), ...settings.map((s) => s.value)];
    }
    case 'if':
      return [statement.test];
    case 'layout':
      return statement.settings.map((s) => s.value);
    default:
      return statement satisfies never;
  }
}

/** All expressions of a definition, those within conditions too. */
export function allExpressions(statements: readonly Statement[]): readonly Expression[] {
  return statements.flatMap((s) => [
    ...expressionsOf(s),
    ...(s.kind === 'if' ? allExpressions([...s.then, ...s.otherwise]) : []),
  ]);
}

/** The statement with other expressions, as many as `expressionsOf` gives. */
export function withExpressions(s: Statement, parts: readonly Expression[]): Statement {
  const [first] = parts;
  if (first === undefined) return s;
  switch (s.kind) {
    case 'input': {
      const sized = s.type.size !== undefined;
      const shape = sized ? parts.slice(1) : parts;
      return { ...s, type: { ...s.type, ...(sized ? { size: first } : {}), shape } };
    }
    case 'state':
      return { ...s, shape: parts };
    case 'weight': {
      const count = s.shape?.length ?? 0;
      const initializer = parts[count];
      return {
        ...s,
        ...(s.shape === undefined ? {} : { shape: parts.slice(0, count) }),
        ...(initializer === undefined ? {} : { initializer }),
      };
    }
    case 'binding':
    case 'loss':
    case 'equation':
    case 'emit':
      return { ...s, value: first };
    case 'train': {
      const settings = withValues(s.settings, s.optimizer === undefined ? parts : parts.slice(1));
      return { ...s, ...(s.optimizer === undefined ? {} : { optimizer: first }), settings };
    }
    case 'if':
      return { ...s, test: first };
    case 'layout':
      return { ...s, settings: withValues(s.settings, parts) };
    default:
      return s satisfies never;
  }
}

/** One expression of one statement replaced, in conditions too. */
export function withinStatements(own: Variants): StatementVariants {
  return function* (statement) {
    const parts = expressionsOf(statement);
    for (const [i, part] of parts.entries()) {
      for (const other of expressionVariants(part, own)) {
        yield [withExpressions(statement, parts.with(i, other))];
      }
    }
  };
}

/** One statement of one definition replaced. */
export function* fileVariants(
  file: SourceFile,
  own: StatementVariants,
  applies: (definition: Definition) => boolean = () => true,
): Generator<SourceFile> {
  for (const definition of file.definitions) {
    if (!applies(definition)) continue;
    for (const statements of listVariants(definition.statements, own)) {
      yield withDefinition(file, definition, withStatements(definition, statements));
    }
  }
}

function* listVariants(
  statements: readonly Statement[],
  own: StatementVariants,
): Generator<readonly Statement[]> {
  for (const [i, statement] of statements.entries()) {
    for (const others of own(statement)) yield statements.toSpliced(i, 1, ...others);
    if (statement.kind !== 'if') continue;
    for (const then of listVariants(statement.then, own)) {
      yield statements.with(i, { ...statement, then: then.filter(isOfCell) });
    }
    for (const otherwise of listVariants(statement.otherwise, own)) {
      yield statements.with(i, { ...statement, otherwise: otherwise.filter(isOfCell) });
    }
  }
}

export function withDefinition(file: SourceFile, old: Definition, by: Definition): SourceFile {
  return { ...file, definitions: file.definitions.map((d) => (d === old ? by : d)) };
}

export function withStatements(
  of: CellDefinition,
  statements: readonly Statement[],
): CellDefinition;
export function withStatements(of: Definition, statements: readonly Statement[]): Definition;
export function withStatements(of: Definition, statements: readonly Statement[]): Definition {
  return of.kind === 'model'
    ? { ...of, statements: statements.filter(isOfModel) }
    : { ...of, statements: statements.filter(isOfCell) };
}

/** The statement with every expression in it replaced as `change` says, innermost first. */
export function mapStatement(s: Statement, change: (e: Expression) => Expression): Statement {
  const mapped = withExpressions(
    s,
    expressionsOf(s).map((e) => mapExpression(e, change)),
  );
  if (mapped.kind !== 'if') return mapped;
  const inside = (list: readonly CellStatement[]): readonly CellStatement[] =>
    list.map((one) => mapStatement(one, change)).filter(isOfCell);
  return { ...mapped, then: inside(mapped.then), otherwise: inside(mapped.otherwise) };
}

export function mapExpression(e: Expression, change: (e: Expression) => Expression): Expression {
  return change(
    withChildren(
      e,
      childrenOf(e).map((child) => mapExpression(child, change)),
    ),
  );
}

/** Pipelines in pipelines are one; one stage alone is none. */
export function pipelineOf(stages: readonly Expression[], like: Expression): Expression {
  const flat = stages.flatMap((s) => (s.kind === 'pipeline' ? s.stages : [s]));
  const [only] = flat;
  if (flat.length === 1 && only !== undefined) return only;
  return { kind: 'pipeline', stages: flat, span: like.span };
}

/** The same with other parts, as many as `childrenOf` gives. */
function withChildren(e: Expression, parts: readonly Expression[]): Expression {
  const [first, second] = parts;
  if (first === undefined) return e;
  switch (e.kind) {
    case 'number':
    case 'string':
    case 'reference':
    case 'timed':
    case 'broken':
      return e;
    case 'unary':
      return { ...e, operand: first };
    case 'binary':
      return { ...e, left: first, right: second ?? e.right };
    case 'call':
      return { ...e, arguments: withValues(e.arguments, parts) };
    case 'product':
      return { ...e, operands: parts };
    case 'list':
      return { ...e, items: parts };
    case 'pipeline':
      return pipelineOf(parts, e);
    default:
      return e satisfies never;
  }
}

function withValues(list: readonly Argument[], values: readonly Expression[]): Argument[] {
  return list.map((argument, i) => ({ ...argument, value: values[i] ?? argument.value }));
}

function isOfModel(s: Statement): s is ModelStatement {
  return ['input', 'weight', 'binding', 'loss', 'train'].includes(s.kind);
}

function isOfCell(s: Statement): s is CellStatement {
  return !['binding', 'loss', 'train'].includes(s.kind);
}
