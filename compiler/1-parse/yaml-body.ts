/**
 * Bodies of definitions in YAML: a map of sections (`input`, `output`, …), a list of statements
 * and sections, or a block of DSL statements. In: the node and the flavour of its definition. Out:
 * its statements in the order written.
 */
import { isMap } from 'yaml';
import type { CellStatement, Expression } from '../ast/types.ts';
import type { Span } from '../base/source.ts';
import { declare } from './build-declaration.ts';
import {
  buildStatements,
  buildTarget,
  isCellStatement,
  makeEquation,
  makeTrain,
  reportMisplaced,
} from './build-statement.ts';
import type { Flavour, Statement } from './build-statement.ts';
import { reservedTargets } from './arrange.ts';
import { readArguments, readList, readType, readValue } from './yaml-expression.ts';
import type { Fragment } from './fragment.ts';
import type { Entry, YamlNode, YamlReader } from './yaml-reader.ts';

export function readBody(
  yaml: YamlReader,
  node: YamlNode,
  flavour: Flavour,
  at: Span,
): Statement[] {
  if (yaml.isEmpty(node)) return [];
  const items = yaml.items(node);
  if (items !== undefined) return items.flatMap((item) => readBody(yaml, item, flavour, at));
  const fragment = yaml.fragment(node);
  if (fragment !== undefined) return readStatements(yaml, fragment, flavour);
  return isMap(node) ? readSections(yaml, yaml.entries(node), flavour) : [];
}

export function readSections(
  yaml: YamlReader,
  entries: readonly Entry[],
  flavour: Flavour,
): Statement[] {
  return entries.flatMap((entry) => {
    const { word, own } = splitKey(entry.key);
    if (own.text !== '' && named.has(word)) return readNamed(yaml, word, own, entry, flavour);
    const read = sections.get(entry.key.text);
    if (read === undefined) {
      yaml.unknownKey(entry, [...sections.keys()]);
      return [];
    }
    if (foreign(entry.key.text, flavour)) {
      reportMisplaced(yaml.sink.diagnostics, entry.key.text, flavour, entry.keySpan);
      return [];
    }
    return read({ yaml, entry, entries, flavour });
  });
}

interface Section {
  readonly yaml: YamlReader;
  readonly entry: Entry;
  /** The whole map, since `if` looks for its `then` and `else`. */
  readonly entries: readonly Entry[];
  readonly flavour: Flavour;
}

const sections = new Map<string, (section: Section) => Statement[]>([
  ['parameters', () => []],
  ['input', (s) => readDeclarations(s, 'input')],
  ['state', (s) => readDeclarations(s, 'state')],
  ['weight', (s) => readDeclarations(s, 'weight')],
  ['values', (s) => readEquations(s)],
  ['equations', (s) => readEquations(s)],
  ['output', (s) => readOutputs(s)],
  ['loss', (s) => [{ kind: 'loss', value: sectionValue(s), span: s.entry.span }]],
  ['emit', (s) => [{ kind: 'emit', value: sectionValue(s), span: s.entry.span }]],
  ['train', (s) => readTrain(s)],
  ['layout', (s) => readLayout(s)],
  ['if', (s) => readCondition(s)],
  ['then', (s) => needsIf(s)],
  ['else', (s) => needsIf(s)],
]);

/** `state c: [n]` in a list is, to YAML, a map with the key `state c`. */
const named = new Set(['input', 'state', 'weight', 'output']);

const modelOnly = new Set(['output', 'loss', 'train']);
const cellOnly = new Set(['state', 'emit', 'layout', 'if']);

function foreign(word: string, flavour: Flavour): boolean {
  return (flavour === 'model' ? cellOnly : modelOnly).has(word);
}

function splitKey(key: Fragment): { word: string; own: Fragment } {
  const [, word = '', gap = '', rest = ''] = /^(\w+)(\s+)(.+)$/s.exec(key.text) ?? [];
  const skip = word.length + gap.length;
  const own: Fragment = { text: rest, span: (start, end) => key.span(start + skip, end + skip) };
  return { word, own };
}

function readStatements(yaml: YamlReader, fragment: Fragment, flavour: Flavour): Statement[] {
  const parsed = yaml.parse(fragment, 'statements');
  if (parsed === undefined) return [];
  return buildStatements(parsed.cst, parsed.cst.nodes(parsed.tree, 'statement'), flavour);
}

function readNamed(
  yaml: YamlReader,
  word: string,
  own: Fragment,
  entry: Entry,
  flavour: Flavour,
): Statement[] {
  if (foreign(word, flavour)) {
    reportMisplaced(yaml.sink.diagnostics, word, flavour, entry.keySpan);
    return [];
  }
  const single: Entry = { ...entry, key: own };
  return word === 'output' ? readOutput(yaml, single) : readDeclared(yaml, word, single);
}

function sectionValue({ yaml, entry }: Section): Expression {
  return readValue(yaml, entry.value, entry.keySpan);
}

function readDeclarations({ yaml, entry }: Section, word: string): Statement[] {
  const items = word === 'input' ? undefined : yaml.items(entry.value);
  if (items === undefined) {
    const entries = yaml.mapping(entry.value, 'a map of names and types', entry.keySpan);
    return entries.flatMap((declared) => readDeclared(yaml, word, declared));
  }
  return items.flatMap((item) => {
    const key = yaml.fragment(item);
    const span = yaml.span(item, entry.keySpan);
    if (key !== undefined)
      return readDeclared(yaml, word, { key, keySpan: span, value: null, span });
    yaml.wrongKind(item, 'a name', entry.keySpan);
    return [];
  });
}

function readDeclared(yaml: YamlReader, word: string, entry: Entry): Statement[] {
  const name = yaml.name(entry.key);
  if (name === undefined) return [];
  const { value, keySpan, span } = entry;
  const report = yaml.sink.diagnostics;
  if (yaml.isEmpty(value)) return declare(report, word, { name, span });
  if (word !== 'weight' || !isMap(value)) {
    return declare(report, word, { name, type: readType(yaml, value, keySpan), span });
  }
  const parts = new Map(yaml.entries(value).map((part) => [part.key.text, part]));
  for (const part of parts.values()) {
    if (!['shape', 'initial'].includes(part.key.text)) yaml.unknownKey(part, ['shape', 'initial']);
  }
  const shape = parts.get('shape');
  const initial = parts.get('initial');
  return declare(report, word, {
    name,
    type: shape === undefined ? undefined : readType(yaml, shape.value, shape.keySpan),
    value: initial === undefined ? undefined : readValue(yaml, initial.value, initial.keySpan),
    span,
  });
}

/** A list of DSL equations, or a map from target to value. */
function readEquations({ yaml, entry, flavour }: Section): Statement[] {
  if (!isMap(entry.value)) return readBody(yaml, entry.value, flavour, entry.keySpan);
  return yaml.entries(entry.value).flatMap((equation) => {
    const parsed = yaml.parse(equation.key, 'target');
    const target = parsed === undefined ? undefined : buildTarget(parsed.cst, parsed.tree);
    if (target === undefined) return [];
    if (reservedTargets.has(equation.key.text))
      yaml.reportReserved(equation.key.text, equation.keySpan);
    const value = readValue(yaml, equation.value, equation.keySpan);
    return [makeEquation(yaml.sink.diagnostics, target, value, flavour, equation.span)];
  });
}

function readOutputs({ yaml, entry }: Section): Statement[] {
  const entries = yaml.mapping(entry.value, 'a map of names and values', entry.keySpan);
  return entries.flatMap((output) => readOutput(yaml, output));
}

function readOutput(yaml: YamlReader, entry: Entry): Statement[] {
  const name = yaml.name(entry.key);
  if (name === undefined) return [];
  const value = readValue(yaml, entry.value, entry.keySpan);
  return [{ kind: 'binding', output: true, name, value, span: entry.span }];
}

/** `optimizer` is the optimizer, every other key a setting. */
function readTrain({ yaml, entry }: Section): Statement[] {
  const text = yaml.fragment(entry.value);
  if (text !== undefined) {
    return [
      makeTrain(
        yaml.sink.diagnostics,
        [{ value: yaml.expression(text, entry.span), span: entry.span }],
        entry.span,
      ),
    ];
  }
  const entries = yaml.mapping(entry.value, 'a map of settings', entry.keySpan);
  const optimizer = entries.find((e) => e.key.text === 'optimizer');
  const settings = readArguments(
    yaml,
    entries.filter((e) => e !== optimizer),
  );
  const value =
    optimizer === undefined ? undefined : readValue(yaml, optimizer.value, optimizer.keySpan);
  return [
    {
      kind: 'train',
      ...(value === undefined ? {} : { optimizer: value }),
      settings,
      span: entry.span,
    },
  ];
}

/** `layout: {pytorch: {gates: [Wi, Wf]}}`. */
function readLayout({ yaml, entry }: Section): Statement[] {
  return yaml
    .mapping(entry.value, 'a map from format to its settings', entry.keySpan)
    .flatMap((format) => {
      const name = yaml.name(format.key);
      if (name === undefined) return [];
      const entries = yaml.isEmpty(format.value)
        ? []
        : yaml.mapping(format.value, 'a map of settings', format.keySpan);
      const settings = readArguments(yaml, entries, readList);
      return [{ kind: 'layout' as const, format: name, settings, span: entry.span }];
    });
}

function readCondition({ yaml, entry, entries, flavour }: Section): Statement[] {
  const branch = (word: string): CellStatement[] => {
    const found = entries.find((e) => e.key.text === word);
    return found === undefined
      ? []
      : readBody(yaml, found.value, flavour, found.keySpan).filter(isCellStatement);
  };
  const test = readValue(yaml, entry.value, entry.keySpan);
  const then = branch('then');
  const otherwise = branch('else');
  const end = Math.max(
    ...entries.filter((e) => ['then', 'else'].includes(e.key.text)).map((e) => e.span.end),
    entry.span.end,
  );
  return [{ kind: 'if', test, then, otherwise, span: { ...entry.span, end } }];
}

function needsIf({ yaml, entry, entries }: Section): Statement[] {
  if (!entries.some((e) => e.key.text === 'if')) {
    yaml.error('P2021', `\`${entry.key.text}\` stands without \`if\``, entry.keySpan);
  }
  return [];
}
