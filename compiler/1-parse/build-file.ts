/**
 * Whole files: imports, definitions, and the bare pipeline. From the concrete tree to the Ast;
 * what stands outside of any definition is reported (P2007).
 */
import type { CstNode } from 'chevrotain';
import type {
  CellDefinition,
  Definition,
  Expression,
  Import,
  Name,
  Parameter,
} from '../ast/types.ts';
import type { Span } from '../base/source.ts';
import type { Cst } from './cst.ts';
import { buildExpression, buildName, buildString } from './build-expression.ts';
import { buildCellStatements, buildModelStatements } from './build-statement.ts';
import type { Flavour, Statement } from './build-statement.ts';
import { isCellStatement, isModelStatement } from './build-statement.ts';

export interface FileParts {
  readonly imports: readonly Import[];
  readonly definitions: readonly Definition[];
}

export function buildFile(cst: Cst, tree: CstNode): FileParts {
  const imports: Import[] = [];
  const definitions: Definition[] = [];
  const strays: Span[] = [];
  for (const item of cst.nodes(tree, 'item')) {
    const importation = cst.node(item, 'importation');
    const definition = cst.node(item, 'definition');
    const body = cst.node(item, 'body');
    if (importation !== undefined) {
      if (definitions.length > 0) reportLateImport(cst, cst.span(importation));
      imports.push(...buildImport(cst, importation));
    } else if (definition !== undefined) definitions.push(...buildDefinition(cst, definition));
    else if (body !== undefined) strays.push(cst.span(body));
  }
  reportStray(cst, strays);
  return { imports, definitions };
}

export interface Head {
  readonly flavour: Flavour;
  readonly name: Name;
  readonly parameters: readonly Parameter[];
}

export function buildHead(cst: Cst, node: CstNode): Head | undefined {
  const word = cst.token(node, 'Define');
  const name = cst.token(node, 'Name');
  const flavour = flavours.find((f) => f === word?.image);
  if (flavour === undefined || name === undefined) return undefined;
  const parameters = cst.nodes(node, 'parameter').flatMap((p) => buildParameter(cst, p));
  return { flavour, name: buildName(cst, name), parameters };
}

export function buildParameter(cst: Cst, node: CstNode): Parameter[] {
  const name = cst.token(node, 'Name');
  if (name === undefined) return [];
  const span = cst.span(node);
  const given =
    cst.token(node, 'Equals') !== undefined || cst.node(node, 'expression') !== undefined;
  const value = given ? buildExpression(cst, cst.node(node, 'expression'), span) : undefined;
  return [{ name: buildName(cst, name), ...(value === undefined ? {} : { value }), span }];
}

/** Statements must suit the flavour already. */
export function makeDefinition(
  head: Head,
  statements: readonly Statement[],
  span: Span,
): Definition {
  const { flavour, name, parameters } = head;
  if (flavour === 'model') {
    const own = statements.filter(isModelStatement);
    return { kind: 'model', name, parameters, statements: own, bare: false, span };
  }
  return {
    kind: 'cell',
    flavour,
    name,
    parameters,
    statements: statements.filter(isCellStatement),
    span,
  };
}

/** The spec `lstm(8) -> softmax`: a model `main` with the one output `y`. */
export function bareModel(value: Expression): Definition {
  const span = value.span;
  const named = (text: string): Name => ({ text, span: { ...span, end: span.start } });
  return {
    kind: 'model',
    name: named('main'),
    parameters: [],
    statements: [{ kind: 'binding', output: true, name: named('y'), value, span }],
    bare: true,
    span,
  };
}

export const flavours: readonly Flavour[] = ['model', 'cell', 'layer', 'optimizer', 'schedule'];

function buildImport(cst: Cst, node: CstNode): Import[] {
  const path = cst.token(node, 'Text');
  if (path === undefined) return [];
  const text = buildString(cst, path);
  const listed = cst.token(node, 'LeftBrace') !== undefined;
  const names = cst.tokens(node, 'Name').map((name) => buildName(cst, name));
  return [
    {
      kind: 'import',
      path: { text: text.value, span: text.span },
      ...(listed ? { names } : {}),
      span: cst.span(node),
    },
  ];
}

function buildDefinition(cst: Cst, node: CstNode): Definition[] {
  const headNode = cst.node(node, 'head');
  const head = headNode === undefined ? undefined : buildHead(cst, headNode);
  if (head === undefined) return [];
  const block = cst.node(node, 'block');
  const nodes = block === undefined ? [] : cst.nodes(block, 'statement');
  const statements = statementsFor(cst, nodes, head.flavour);
  return [makeDefinition(head, statements, cst.span(node))];
}

function statementsFor(
  cst: Cst,
  nodes: readonly CstNode[],
  flavour: 'model' | CellDefinition['flavour'],
): Statement[] {
  return flavour === 'model'
    ? buildModelStatements(cst, nodes)
    : buildCellStatements(cst, nodes, flavour);
}

/** One for the whole file, and none where something else is wrong with the text already. */
function reportStray(cst: Cst, strays: readonly Span[]): void {
  const said = cst.diagnostics.all.flatMap(({ primary }) => (primary ? [primary.span] : []));
  const span = strays.find(
    (stray) => !said.some((s) => s.start <= stray.end && s.end >= stray.start),
  );
  if (span === undefined) return;
  cst.diagnostics.error('P2007', 'this stands outside of any model or cell', span, {
    hint: 'put it between the braces of `model name { … }`',
  });
}

function reportLateImport(cst: Cst, span: Span): void {
  cst.diagnostics.error('P2007', 'imports stand at the top of the file', span, {
    hint: 'move it before the first definition',
  });
}
