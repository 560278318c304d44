/**
 * Reads the text form of a graph (specs/ir/graph.md), for tests, goldens and tools: what
 * `printGraph` has written comes back equal. Text that is no graph throws a CompilerBug with the
 * line; whether the graph makes sense is for ops/verify.ts to say.
 */
import { CompilerBug } from '../base/bug.ts';
import { Tokens } from './tokens.ts';
import { addDims, fixed, scaleDim, symbol, type Dim, type Shape } from './dim.ts';
import type {
  AttributeValue,
  Dtype,
  Graph,
  GraphParameter,
  GraphResult,
  Instruction,
  Origin,
  Role,
  TensorType,
  Value,
} from './types.ts';

export function readGraph(text: string): Graph {
  const tokens = new Tokens(text);
  const graph = readNested(tokens);
  if (!tokens.atEnd) throw tokens.unexpected('the end');
  return graph;
}

type Scope = Map<number, Value>;

function readNested(tokens: Tokens): Graph {
  tokens.expect('graph');
  const name = tokens.name();
  const scope: Scope = new Map();
  const parameters = readList(tokens, '(', ')', () => readParameter(tokens, scope));
  tokens.expect('->');
  const named = readList(tokens, '(', ')', () => {
    const result = tokens.name();
    tokens.expect(':');
    return { name: result, id: tokens.id() };
  });
  tokens.expect('{');
  const instructions: Instruction[] = [];
  while (!tokens.accept('}')) instructions.push(readInstruction(tokens, scope));
  const results: GraphResult[] = named.map((result) => ({
    name: result.name,
    value: valueOf(scope, result.id),
  }));
  return { name, parameters, instructions, results };
}

function readParameter(tokens: Tokens, scope: Scope): GraphParameter {
  const id = tokens.id();
  const name = tokens.name();
  tokens.expect(':');
  const value = define(scope, id, readType(tokens));
  return { name, role: readRole(tokens), value };
}

function readRole(tokens: Tokens): Role {
  const role = tokens.name();
  switch (role) {
    case 'input':
    case 'weight':
    case 'state':
    case 'control':
    case 'local':
      return role;
    default:
      throw tokens.unexpected('a role');
  }
}

function readInstruction(tokens: Tokens, scope: Scope): Instruction {
  const typed: { id: number; type: TensorType }[] = [];
  while (!tokens.accept('=')) {
    if (typed.length > 0) tokens.expect(',');
    const id = tokens.id();
    tokens.expect(':');
    typed.push({ id, type: readType(tokens) });
  }
  const op = tokens.name();
  const operands = readList(tokens, '(', ')', () => valueOf(scope, tokens.id()));
  const attributes: [string, AttributeValue][] = [];
  if (tokens.peek('{')) {
    readList(tokens, '{', '}', () => {
      const name = tokens.name();
      tokens.expect('=');
      attributes.push([name, readValue(tokens)]);
    });
  }
  const origin = readOrigin(tokens.comment());
  while (!tokens.peek('}') && !tokens.peek('=') && !tokens.atId) {
    const name = tokens.name();
    tokens.expect('=');
    attributes.push([name, readNested(tokens)]);
  }
  const results = typed.map(({ id, type }) => define(scope, id, type));
  return {
    op,
    operands,
    attributes: Object.fromEntries(attributes),
    results,
    ...(origin === undefined ? {} : { origin }),
  };
}

function readValue(tokens: Tokens): AttributeValue {
  if (tokens.accept('<')) {
    const value = tokens.peek('[')
      ? readList(tokens, '[', ']', () => readDim(tokens))
      : readDim(tokens);
    tokens.expect('>');
    return value;
  }
  if (tokens.peek('[')) return readList(tokens, '[', ']', () => tokens.number());
  if (tokens.accept('true')) return true;
  if (tokens.accept('false')) return false;
  return tokens.text() ?? tokens.number();
}

function readType(tokens: Tokens): TensorType {
  return { dtype: readDtype(tokens), shape: readShape(tokens) };
}

function readDtype(tokens: Tokens): Dtype {
  const dtype = tokens.name();
  if (dtype === 'float' || dtype === 'int' || dtype === 'bool') return dtype;
  throw tokens.unexpected('a dtype');
}

function readShape(tokens: Tokens): Shape {
  return readList(tokens, '[', ']', () => readDim(tokens));
}

/** `2*D+128`. */
function readDim(tokens: Tokens): Dim {
  let sum = fixed(0);
  do {
    const sign = tokens.accept('-') ? -1 : 1;
    sum = addDims(sum, scaleDim(readTerm(tokens), sign));
  } while (tokens.accept('+') || tokens.peek('-'));
  return sum;
}

function readTerm(tokens: Tokens): Dim {
  if (!tokens.atNumber) return symbol(tokens.name());
  const factor = tokens.number();
  return tokens.accept('*') ? scaleDim(symbol(tokens.name()), factor) : fixed(factor);
}

/** `SOURCE:LINE:COLUMN LAYER`; a comment of another form is only a comment. */
function readOrigin(comment: string | undefined): Origin | undefined {
  const quoted = String.raw`"(?:[^"\\]|\\.)*"`;
  const form = new RegExp(String.raw`^(${quoted}|[^\s"]+):(\d+):(\d+)(?: (${quoted}|[^\s"]+))?$`);
  const [, source, line, column, layer] = form.exec(comment ?? '') ?? [];
  if (source === undefined) return undefined;
  return {
    source: unquote(source),
    line: Number(line),
    column: Number(column),
    ...(layer === undefined ? {} : { layer: unquote(layer) }),
  };
}

function unquote(text: string): string {
  return text.startsWith('"') ? String(JSON.parse(text)) : text;
}

function readList<T>(tokens: Tokens, open: string, close: string, item: () => T): T[] {
  tokens.expect(open);
  const items: T[] = [];
  while (!tokens.accept(close)) {
    if (items.length > 0) tokens.expect(',');
    items.push(item());
  }
  return items;
}

function define(scope: Scope, id: number, type: TensorType): Value {
  const value = { id, type };
  scope.set(id, value);
  return value;
}

function valueOf(scope: Scope, id: number): Value {
  const value = scope.get(id);
  if (value === undefined) throw new CompilerBug('read', `%${id} is not defined`);
  return value;
}
