/**
 * Fewer and simpler layers: pipelines with stages left out, layers without the combinator around
 * them, calls without an argument, `dense` or `rnn` in the place of a larger layer.
 */
import type { Argument, Call, Expression, SourceFile } from '../../ast/types.ts';
import { childrenOf } from '../../ast/walk.ts';
import { fileVariants, pipelineOf, withinStatements, type Variants } from './tree.ts';

/** Half of the stages left out, then a quarter, down to one. */
export function fewerStages(file: SourceFile): Generator<SourceFile> {
  return fileVariants(file, withinStatements(shorterPipelines));
}

/** `bidirectional(lstm(8))` as `lstm(8)`; `concat(a, b)` as one of its branches. */
export function unwrappedLayers(file: SourceFile): Generator<SourceFile> {
  return fileVariants(file, withinStatements(argumentsInPlace));
}

/** `depth = 3`, `reset = after`, a branch of `concat` left out, from the last. */
export function fewerArguments(file: SourceFile): Generator<SourceFile> {
  return fileVariants(file, withinStatements(callsWithLess));
}

export function simplerLayers(file: SourceFile): Generator<SourceFile> {
  return fileVariants(file, withinStatements(smallerLayers));
}

/** A layer of the spec's own that says `emit x -> …`, as what it says. */
export function* inlinedLayers(file: SourceFile): Generator<SourceFile> {
  for (const layer of file.definitions) {
    const [emit, ...more] = layer.statements;
    if (layer.kind === 'model' || emit?.kind !== 'emit' || more.length > 0) continue;
    const { value } = emit;
    if (value.kind !== 'pipeline' || layer.parameters.length > 0) continue;
    const [source, ...stages] = value.stages;
    if (source?.kind !== 'reference' || source.name !== 'x') continue;
    const own = layer.name.text;
    const here: Variants = (e) =>
      e.kind === 'reference' && e.name === own ? [pipelineOf(stages, e)] : [];
    yield* fileVariants(file, withinStatements(here));
  }
}

/** `0.5 * mse(y, z)` as `mse(y, z)`, in models. */
export function partsOfValues(file: SourceFile): Generator<SourceFile> {
  const here: Variants = (e) => (e.kind === 'binary' || e.kind === 'unary' ? childrenOf(e) : []);
  return fileVariants(file, withinStatements(here), (d) => d.kind === 'model');
}

/** `text<t-1>` as `text`, outside of cells. */
export function withoutShifts(file: SourceFile): Generator<SourceFile> {
  const here: Variants = (e) =>
    e.kind === 'timed' && e.offset !== 0
      ? [{ kind: 'reference', name: e.name.text, span: e.span }]
      : [];
  return fileVariants(file, withinStatements(here), (d) => d.kind === 'model');
}

function* shorterPipelines(e: Expression): Generator<Expression> {
  if (e.kind !== 'pipeline') return;
  const { stages } = e;
  for (let size = stages.length - 1; size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from + size <= stages.length; from++) {
      yield pipelineOf(stages.toSpliced(from, size), e);
    }
  }
}

function* argumentsInPlace(e: Expression): Generator<Expression> {
  if (e.kind !== 'call') return;
  const given = e.arguments.filter((a) => a.name === undefined && isLayer(a.value));
  for (const { value } of given) yield value;
}

function* callsWithLess(e: Expression): Generator<Expression> {
  if (e.kind !== 'call') return;
  for (const one of [...e.arguments].reverse()) yield withArguments(e, without(e.arguments, one));
}

function* smallerLayers(e: Expression): Generator<Expression> {
  const [width] = e.kind === 'call' ? e.arguments : [];
  if (e.kind !== 'call' || width?.value.kind !== 'number' || width.name !== undefined) return;
  const rank = ['dense', 'rnn'].indexOf(e.callee.text);
  for (const simpler of rank < 0 ? ['dense', 'rnn'] : ['dense', 'rnn'].slice(0, rank)) {
    yield { ...e, callee: { ...e.callee, text: simpler }, arguments: [width] };
  }
}

function isLayer({ kind }: Expression): boolean {
  return kind === 'call' || kind === 'pipeline' || kind === 'reference' || kind === 'timed';
}

function withArguments(call: Call, list: readonly Argument[]): Expression {
  if (list.length > 0) return { ...call, arguments: list };
  return { kind: 'reference', name: call.callee.text, span: call.span };
}

function without<T>(list: readonly T[], item: T): readonly T[] {
  return list.filter((other) => other !== item);
}
