/**
 * Values of the YAML surface (specs/language/yaml.md): a scalar is DSL text, a list is a pipeline,
 * a map with one key is a call. Arguments: a scalar is one argument, a list several in order, a
 * map named ones; maps within a list add named ones to those in order.
 */
import { isMap } from 'yaml';
import type { Argument, Expression, Name } from '../ast/types.ts';
import type { Span } from '../base/source.ts';
import type { WrittenType } from './build-declaration.ts';
import { buildType } from './build-declaration.ts';
import type { Entry, YamlNode, YamlReader } from './yaml-reader.ts';

export function readValue(yaml: YamlReader, node: YamlNode, fallback: Span): Expression {
  const span = yaml.span(node, fallback);
  const fragment = yaml.fragment(node);
  if (fragment !== undefined) return yaml.expression(fragment, span);
  const items = yaml.items(node);
  if (items !== undefined) return readStages(yaml, items, span);
  if (isMap(node)) {
    const entries = yaml.entries(node);
    const [only] = entries;
    if (only !== undefined && entries.length === 1) return readCall(yaml, only);
    const found = entries.length > 1 ? (entries[1]?.keySpan ?? span) : span;
    yaml.error(
      'P2022',
      'a layer is a map with one key, its name',
      found,
      'write `- lstm: {n: 64, depth: 2}`',
    );
    return { kind: 'broken', span };
  }
  yaml.error('P2004', 'a value is missing', span);
  return { kind: 'broken', span };
}

/** Named values; `read` is `readValue`, or `readList` where lists are lists. */
export function readArguments(
  yaml: YamlReader,
  entries: readonly Entry[],
  read: typeof readValue = readValue,
): Argument[] {
  return entries.flatMap((entry) => {
    const name = yaml.name(entry.key);
    if (name === undefined) return [];
    return [{ name, value: read(yaml, entry.value, entry.keySpan), span: entry.span }];
  });
}

/** In `layout` a list is a list, since no layers stand there. */
export function readList(yaml: YamlReader, node: YamlNode, fallback: Span): Expression {
  const items = yaml.items(node);
  if (items === undefined) return readValue(yaml, node, fallback);
  const span = yaml.span(node);
  return { kind: 'list', items: items.map((item) => readList(yaml, item, span)), span };
}

/** A scalar such as `words(10_000)[T]`, or a list of dimensions. */
export function readType(
  yaml: YamlReader,
  node: YamlNode,
  fallback: Span,
): WrittenType | undefined {
  const items = yaml.items(node);
  const span = yaml.span(node, fallback);
  if (items !== undefined) return { shape: items.map((item) => readValue(yaml, item, span)), span };
  const fragment = yaml.fragment(node);
  if (fragment === undefined) {
    yaml.wrongKind(node, 'a type such as `words(10_000)[T]` or `[T, 3]`', fallback);
    return undefined;
  }
  const parsed = yaml.parse(fragment, 'type');
  return parsed === undefined ? undefined : buildType(parsed.cst, parsed.tree, span);
}

function readStages(yaml: YamlReader, items: readonly YamlNode[], span: Span): Expression {
  const stages = items.flatMap((item) => {
    const stage = readValue(yaml, item, span);
    // `- a -> b` adds two stages, as the same text on the line of a pipeline would.
    return stage.kind === 'pipeline' && yaml.fragment(item) !== undefined && !isParenthesised(stage)
      ? stage.stages
      : [stage];
  });
  const [first] = stages;
  if (first === undefined) {
    yaml.error('P2004', 'a pipeline has no stages', span);
    return { kind: 'broken', span };
  }
  return stages.length === 1 ? first : { kind: 'pipeline', stages, span };
}

function isParenthesised(stage: Expression): boolean {
  return (
    stage.span.source.text[stage.span.start] === '(' &&
    stage.kind === 'pipeline' &&
    stage.stages[0]?.span.start !== stage.span.start
  );
}

function readCall(yaml: YamlReader, entry: Entry): Expression {
  const callee: Name | undefined = yaml.name(entry.key);
  if (callee === undefined) return { kind: 'broken', span: entry.span };
  if (yaml.isEmpty(entry.value)) return { kind: 'reference', name: callee.text, span: entry.span };
  return {
    kind: 'call',
    callee,
    arguments: readCallArguments(yaml, entry.value),
    span: entry.span,
  };
}

function readCallArguments(yaml: YamlReader, node: YamlNode): Argument[] {
  if (isMap(node)) return readArguments(yaml, yaml.entries(node));
  const positional = (value: YamlNode): Argument => {
    const span = yaml.span(value);
    return { value: readValue(yaml, value, span), span };
  };
  const items = yaml.items(node);
  if (items === undefined) return [positional(node)];
  return items.flatMap((item) => {
    const named = isMap(item) ? yaml.entries(item) : [];
    // `- {depth: 2}` is a named argument, `- {lstm: 2}` could be one too: names win in a list.
    return isMap(item) ? readArguments(yaml, named) : [positional(item)];
  });
}
