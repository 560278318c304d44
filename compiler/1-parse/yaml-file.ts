/**
 * The YAML surface (specs/language/yaml.md). In: YAML text. Out: imports and definitions as from a
 * `.gate` file. A file is a bare pipeline (text, list of layers, `layers:`), one definition
 * (`model: names` beside its sections), or any number of them (`cell gru(n): …`).
 */
import { isMap } from 'yaml';
import type { Definition, Import, Parameter } from '../ast/types.ts';
import type { SourceText, Span } from '../base/source.ts';
import { bareModel, buildHead, buildParameter, flavours, makeDefinition } from './build-file.ts';
import type { FileParts, Head } from './build-file.ts';
import type { Fragment } from './fragment.ts';
import type { Sink } from './parse-fragment.ts';
import { readBody, readSections } from './yaml-body.ts';
import { readYamlDocument } from './yaml-document.ts';
import { readValue } from './yaml-expression.ts';
import { YamlReader } from './yaml-reader.ts';
import type { Entry, YamlNode } from './yaml-reader.ts';

export function readYaml(source: SourceText, sink: Sink): FileParts | undefined {
  const root = readYamlDocument(source, sink);
  if (root === undefined) return undefined;
  const yaml = new YamlReader(source, sink);
  const all = yaml.span(root);
  if (yaml.isEmpty(root)) return { imports: [], definitions: [] };
  if (!isMap(root)) return { imports: [], definitions: [bareModel(readValue(yaml, root, all))] };
  const entries = yaml.entries(root);
  const imports = entries
    .filter((entry) => entry.key.text === 'import')
    .flatMap((e) => readImports(yaml, e));
  const rest = entries.filter((entry) => entry.key.text !== 'import');
  return { imports, definitions: readDefinitions(yaml, rest, root, all) };
}

function readDefinitions(
  yaml: YamlReader,
  entries: readonly Entry[],
  root: YamlNode,
  all: Span,
): Definition[] {
  const single = entries.find((entry) => isFlavour(entry.key.text));
  if (single !== undefined) return readSingle(yaml, single, entries, all);
  const layers = entries.find((entry) => entry.key.text === 'layers');
  const [first] = entries;
  if (
    layers !== undefined ||
    (first !== undefined && entries.length === 1 && !looksLikeHead(first))
  ) {
    for (const entry of entries)
      if (entry !== layers && layers) yaml.unknownKey(entry, ['layers', 'import']);
    const node = layers === undefined ? root : layers.value;
    return [bareModel(readValue(yaml, node, layers?.keySpan ?? all))];
  }
  return entries.flatMap((entry) => {
    if (looksLikeHead(entry)) return readDefinition(yaml, entry);
    yaml.unknownKey(entry, ['import', 'layers', ...flavours]);
    return [];
  });
}

function isFlavour(text: string): boolean {
  return flavours.some((flavour) => flavour === text);
}

/** `cell gru(n)`. */
function looksLikeHead(entry: Entry): boolean {
  return isFlavour(/^(\w+)\s+\S/.exec(entry.key.text)?.[1] ?? '');
}

function readDefinition(yaml: YamlReader, entry: Entry): Definition[] {
  const head = readHead(yaml, entry.key);
  if (head === undefined) return [];
  const parameters = isMap(entry.value) ? readParameters(yaml, yaml.entries(entry.value)) : [];
  const whole = { ...head, parameters: [...head.parameters, ...parameters] };
  const statements = readBody(yaml, entry.value, head.flavour, entry.keySpan);
  return [makeDefinition(whole, statements, entry.span)];
}

/** `model: names` with its sections beside it. */
function readSingle(
  yaml: YamlReader,
  single: Entry,
  entries: readonly Entry[],
  all: Span,
): Definition[] {
  const name = yaml.fragment(single.value);
  if (name === undefined) {
    yaml.wrongKind(single.value, 'a name', single.keySpan);
    return [];
  }
  const word = single.key.text;
  const head = readHead(yaml, {
    text: `${word} ${name.text}`,
    span: (start, end) =>
      name.span(Math.max(0, start - word.length - 1), Math.max(0, end - word.length - 1)),
  });
  if (head === undefined) return [];
  const others = entries.filter((entry) => entry !== single);
  const parameters = [...head.parameters, ...readParameters(yaml, others)];
  const statements = readSections(yaml, others, head.flavour);
  return [makeDefinition({ ...head, parameters }, statements, all)];
}

function readHead(yaml: YamlReader, fragment: Fragment): Head | undefined {
  const parsed = yaml.parse(fragment, 'head');
  return parsed === undefined ? undefined : buildHead(parsed.cst, parsed.tree);
}

/** A list of parameters as in DSL (`width = 64`), or a map from name to default. */
function readParameters(yaml: YamlReader, entries: readonly Entry[]): Parameter[] {
  const section = entries.find((entry) => entry.key.text === 'parameters');
  if (section === undefined) return [];
  const items = yaml.items(section.value);
  if (items !== undefined) {
    return items.flatMap((item) => {
      const text = yaml.fragment(item);
      const parsed = text === undefined ? undefined : yaml.parse(text, 'parameter');
      if (text === undefined) yaml.wrongKind(item, 'a parameter', section.keySpan);
      return parsed === undefined ? [] : buildParameter(parsed.cst, parsed.tree);
    });
  }
  return yaml.mapping(section.value, 'a map of parameters', section.keySpan).flatMap((entry) => {
    const name = yaml.name(entry.key);
    if (name === undefined) return [];
    if (yaml.isEmpty(entry.value)) return [{ name, span: entry.span }];
    return [{ name, value: readValue(yaml, entry.value, entry.keySpan), span: entry.span }];
  });
}

/** A path, a list of paths, or `{from: path, names: [a, b]}`. */
function readImports(yaml: YamlReader, entry: Entry): Import[] {
  const items = yaml.items(entry.value) ?? [entry.value];
  return items.flatMap((item) => readImport(yaml, item, entry));
}

function readImport(yaml: YamlReader, item: YamlNode, entry: Entry): Import[] {
  const span = yaml.span(item, entry.keySpan);
  const path = yaml.fragment(item);
  if (path !== undefined) return [{ kind: 'import', path: { text: path.text, span }, span }];
  const parts = yaml.mapping(item, 'a path', entry.keySpan);
  for (const part of parts) {
    if (!['from', 'names'].includes(part.key.text)) yaml.unknownKey(part, ['from', 'names']);
  }
  const from = parts.find((part) => part.key.text === 'from');
  const names = parts.find((part) => part.key.text === 'names');
  const fromPath = yaml.fragment(from?.value);
  if (fromPath === undefined) {
    if (isMap(item)) yaml.wrongKind(from?.value, 'a path under `from`', span);
    return [];
  }
  const listed = (yaml.items(names?.value) ?? []).flatMap((name) => {
    const text = yaml.fragment(name);
    const found = text === undefined ? undefined : yaml.name(text);
    return found === undefined ? [] : [found];
  });
  return [
    {
      kind: 'import',
      path: { text: fromPath.text, span: yaml.span(from?.value, span) },
      ...(names === undefined ? {} : { names: listed }),
      span,
    },
  ];
}
