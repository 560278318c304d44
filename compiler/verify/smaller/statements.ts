/**
 * A model with fewer statements: without training, losses or all outputs but one, on a model that
 * another is made of, with values written where they are used, or as a pipeline.
 */
import type { Expression, ModelDefinition, SourceFile } from '../../ast/types.ts';
import { targetOf } from './tidy.ts';
import {
  allExpressions,
  fileVariants,
  mapStatement,
  pipelineOf,
  withDefinition,
  withStatements,
  type Statement,
} from './tree.ts';

/** Training is no part of what a model computes. */
export function* withoutTraining(file: SourceFile): Generator<SourceFile> {
  yield* dropping(file, (s) => s.kind === 'train');
}

export function* withoutLosses(file: SourceFile): Generator<SourceFile> {
  yield* dropping(file, (s) => s.kind === 'loss');
  yield* fileVariants(file, (s) => (s.kind === 'loss' ? [[]] : []));
}

/** One output alone, or one less. */
export function* fewerOutputs(file: SourceFile): Generator<SourceFile> {
  const target = targetOf(file);
  const outputs = target?.statements.filter(isOutput) ?? [];
  if (outputs.length < 2) return;
  for (const one of outputs) yield* dropping(file, (s) => isOutput(s) && s !== one);
  for (const one of outputs) yield* dropping(file, (s) => s === one);
}

/** A model that stands in the target as a layer, in the target's place. */
export function* otherModels(file: SourceFile): Generator<SourceFile> {
  const target = targetOf(file);
  for (const other of file.definitions) {
    if (other.kind !== 'model' || other === target) continue;
    const rest = file.definitions.filter((d) => d !== other && d !== target);
    yield { ...file, definitions: [...rest, other] };
  }
}

/** An intermediate value written where it is used; it is left behind for `tidied`. */
export function* inlinedBindings(file: SourceFile): Generator<SourceFile> {
  const target = targetOf(file);
  for (const binding of target?.statements ?? []) {
    if (binding.kind !== 'binding' || binding.output) continue;
    yield replacingNames(file, new Map([[binding.name.text, binding.value]]));
  }
}

/** Parameters of the target as the numbers that they are by default. */
export function* inlinedParameters(file: SourceFile): Generator<SourceFile> {
  const target = targetOf(file);
  const values = new Map<string, Expression>();
  for (const { name, value } of target?.parameters ?? []) {
    if (value !== undefined) values.set(name.text, value);
  }
  if (values.size > 0) yield replacingNames(file, values);
}

/** `model m { input x: float[T, 3] output y = x -> lstm(1) }` as `lstm(1)`. */
export function* barePipelines(file: SourceFile): Generator<SourceFile> {
  const target = targetOf(file);
  if (target?.kind !== 'model' || target.bare || file.definitions.length > 1) return;
  const [input, output, ...rest] = target.statements;
  if (rest.length > 0 || input?.kind !== 'input' || output?.kind !== 'binding') return;
  if (output.value.kind !== 'pipeline') return;
  const [source, ...stages] = output.value.stages;
  if (source?.kind !== 'reference' || source.name !== input.name.text) return;
  const value = pipelineOf(stages, output.value);
  const name = { ...output.name, text: 'y' };
  const bare: ModelDefinition = {
    ...target,
    name: { ...target.name, text: 'main' },
    bare: true,
    statements: [{ ...output, name, value }],
  };
  yield withDefinition(file, target, bare);
}

function replacingNames(file: SourceFile, by: ReadonlyMap<string, Expression>): SourceFile {
  const target = targetOf(file);
  if (target === undefined) return file;
  const change = (e: Expression): Expression =>
    e.kind === 'reference' ? (by.get(e.name) ?? e) : e;
  const statements = target.statements.map((s) => mapStatement(s, change));
  return withDefinition(file, target, withStatements(target, statements));
}

/** Nothing where no statement is left out, or the target would say nothing. */
function* dropping(file: SourceFile, drops: (s: Statement) => boolean): Generator<SourceFile> {
  const target = targetOf(file);
  if (target === undefined || !target.statements.some(drops)) return;
  const statements = target.statements.filter((s) => !drops(s));
  if (allExpressions(statements).length === 0) return;
  yield withDefinition(file, target, withStatements(target, statements));
}

function isOutput(s: Statement): boolean {
  return s.kind === 'binding' && s.output;
}
