/**
 * Statements: from the concrete tree to the Ast. Each definition knows its own statements; one
 * that belongs elsewhere is reported (P2006) and left out, so what remains is well placed.
 */
import type { CstNode } from 'chevrotain';
import type {
  Argument,
  CellDefinition,
  CellStatement,
  Condition,
  Expression,
  ModelStatement,
  Name,
  TrainDeclaration,
} from '../ast/types.ts';
import type { Span } from '../base/source.ts';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { buildArguments, buildExpression, buildName, timeOffset } from './build-expression.ts';
import { buildDeclaration } from './build-declaration.ts';
import type { Cst } from './cst.ts';

export type Statement = ModelStatement | CellStatement;
export type Flavour = 'model' | CellDefinition['flavour'];

export function buildModelStatements(cst: Cst, nodes: readonly CstNode[]): ModelStatement[] {
  return buildStatements(cst, nodes, 'model').filter(isModelStatement);
}

export function buildCellStatements(
  cst: Cst,
  nodes: readonly CstNode[],
  flavour: CellDefinition['flavour'],
): CellStatement[] {
  return buildStatements(cst, nodes, flavour).filter(isCellStatement);
}

/** `nodes` are `statement` nodes of the grammar. */
export function buildStatements(
  cst: Cst,
  nodes: readonly CstNode[],
  flavour: Flavour,
): Statement[] {
  return nodes.flatMap((node) => {
    const body = cst.node(node, 'body');
    return body === undefined ? [] : buildBody(cst, body, flavour);
  });
}

export function isModelStatement(statement: Statement): statement is ModelStatement {
  return ['input', 'weight', 'binding', 'loss', 'train'].includes(statement.kind);
}

export function isCellStatement(statement: Statement): statement is CellStatement {
  return !['binding', 'loss', 'train'].includes(statement.kind);
}

/** The words that open a statement of that kind of definition, for the hint of P2006. */
export function reportMisplaced(
  diagnostics: Diagnostics,
  word: string,
  flavour: Flavour,
  span: Span,
): void {
  const home = ['output', 'loss', 'train'].includes(word) ? 'a model' : 'a cell or layer';
  diagnostics.error('P2006', `\`${word}\` belongs in ${home}, not in a ${flavour}`, span, {
    hint:
      flavour === 'model'
        ? 'a model has input, weight, output, loss, train and `name = …`'
        : `a ${flavour} has input, state, weight, emit, if, layout and \`name = …\``,
  });
}

/** What stands to the left of `=`: `c` or `c<t>`. */
export interface Target {
  readonly name: Name;
  readonly index?: { readonly offset: number; readonly span: Span } | undefined;
}

/** In a model an equation is a binding; there names carry no time index. */
export function makeEquation(
  diagnostics: Diagnostics,
  target: Target,
  value: Expression,
  flavour: Flavour,
  span: Span,
): Statement {
  const { name, index } = target;
  if (flavour === 'model') {
    if (index !== undefined) {
      diagnostics.error('P2009', 'a name in a model has no time index', index.span, {
        hint: `write \`${name.text} = …\``,
      });
    }
    return { kind: 'binding', output: false, name, value, span };
  }
  if (index !== undefined && index.offset !== 0) {
    diagnostics.error('P2009', 'an equation defines time step t, no other', index.span, {
      hint: `write \`${name.text}<t> = …\``,
    });
  }
  return { kind: 'equation', target: name, timed: index !== undefined, value, span };
}

export function makeTrain(
  diagnostics: Diagnostics,
  written: readonly Argument[],
  span: Span,
): TrainDeclaration {
  const [first, ...rest] = written;
  const optimizer = first?.name === undefined ? first?.value : undefined;
  const settings = optimizer === undefined ? written : rest;
  for (const setting of settings) {
    if (setting.name !== undefined || setting.value.kind === 'broken') continue;
    diagnostics.error('P2014', 'a setting of `train` has no name', setting.span, {
      hint: 'the optimizer comes first, settings follow as `batch = 32`',
    });
  }
  return {
    kind: 'train',
    ...(optimizer === undefined ? {} : { optimizer }),
    settings: settings.filter((setting) => setting.name !== undefined),
    span,
  };
}

function buildBody(cst: Cst, body: CstNode, flavour: Flavour): Statement[] {
  const span = cst.span(body);
  const [kind, [child]] = Object.entries(body.children)[0] ?? ['', []];
  if (child === undefined || !('children' in child)) return [];
  const value = (): Expression => buildExpression(cst, cst.node(child, 'expression'), span);
  const misplaced = misplacedWord(kind, flavour);
  if (misplaced !== undefined) {
    reportMisplaced(cst.diagnostics, misplaced, flavour, wordSpan(span, misplaced));
    return [];
  }
  switch (kind) {
    case 'declaration':
      return buildDeclaration(cst, child, flavour);
    case 'output':
      return buildOutput(cst, child, value(), span);
    case 'loss':
      return [{ kind: 'loss', value: value(), span }];
    case 'emission':
      return [{ kind: 'emit', value: value(), span }];
    case 'train':
      return [makeTrain(cst.diagnostics, buildArguments(cst, cst.node(child, 'args')), span)];
    case 'layout':
      return buildLayout(cst, child, span);
    case 'condition':
      return flavour === 'model' ? [] : [buildCondition(cst, child, flavour, span)];
    case 'equation': {
      const target = buildTarget(cst, cst.node(child, 'target'));
      return target === undefined
        ? []
        : [makeEquation(cst.diagnostics, target, value(), flavour, span)];
    }
    default:
      return [];
  }
}

const modelOnly = new Map([
  ['output', 'output'],
  ['loss', 'loss'],
  ['train', 'train'],
]);
const cellOnly = new Map([
  ['emission', 'emit'],
  ['condition', 'if'],
  ['layout', 'layout'],
]);

function misplacedWord(kind: string, flavour: Flavour): string | undefined {
  return (flavour === 'model' ? cellOnly : modelOnly).get(kind);
}

function wordSpan(span: Span, word: string): Span {
  return { ...span, end: Math.min(span.end, span.start + word.length) };
}

export function buildTarget(cst: Cst, node: CstNode | undefined): Target | undefined {
  const token = node === undefined ? undefined : cst.token(node, 'Name');
  if (node === undefined || token === undefined) return undefined;
  const index = cst.token(node, 'TimeIndex');
  const at =
    index === undefined ? undefined : { offset: timeOffset(index), span: cst.tokenSpan(index) };
  return { name: buildName(cst, token), index: at };
}

function buildOutput(cst: Cst, node: CstNode, value: Expression, span: Span): Statement[] {
  const target = buildTarget(cst, cst.node(node, 'target'));
  if (target === undefined) return [];
  const binding = makeEquation(cst.diagnostics, target, value, 'model', span);
  return binding.kind === 'binding' ? [{ ...binding, output: true }] : [];
}

function buildLayout(cst: Cst, node: CstNode, span: Span): Statement[] {
  const format = cst.token(node, 'Name');
  if (format === undefined) return [];
  const settings = buildArguments(cst, cst.node(node, 'args'));
  return [{ kind: 'layout', format: buildName(cst, format), settings, span }];
}

/** `else if` is an `if` alone in the `else` block; a chain is folded from its end. */
function buildCondition(
  cst: Cst,
  node: CstNode,
  flavour: CellDefinition['flavour'],
  span: Span,
): Condition {
  const tests = cst.nodes(node, 'expression');
  const blocks = cst.nodes(node, 'block');
  const statements = (block: CstNode | undefined): CellStatement[] =>
    block === undefined ? [] : buildCellStatements(cst, cst.nodes(block, 'statement'), flavour);
  const hasElse = blocks.length > tests.length;
  let otherwise = hasElse ? statements(blocks[blocks.length - 1]) : [];
  if (tests.length > MAX_BRANCHES) {
    cst.diagnostics.error(
      'P2010',
      `an \`if\` has more than ${String(MAX_BRANCHES)} branches`,
      span,
    );
  }
  const kept = Math.max(1, Math.min(tests.length, MAX_BRANCHES));
  let whole: Condition | undefined;
  for (let i = kept - 1; i >= 0; i--) {
    const test = buildExpression(cst, tests[i], cst.spanOr(node, span));
    const start = i === 0 ? span.start : test.span.start;
    const here = { ...span, start };
    whole = { kind: 'if', test, then: statements(blocks[i]), otherwise, span: here };
    otherwise = [whole];
  }
  return whole ?? { kind: 'if', test: { kind: 'broken', span }, then: [], otherwise: [], span };
}

/** Each `else if` is one level of the tree. */
const MAX_BRANCHES = 100;
