/**
 * Weights under other people's names. Given a model and the tensors at hand, says which of them are
 * which, and returns a model whose graph takes the given tensors as its weights: a prologue of
 * ordinary instructions computes ours from them. Running, differentiating and training such a model
 * therefore answers in the given names with no code of its own, and trains what PyTorch trains
 * (both biases). Tensors under our own names are taken as they are.
 */
import { present } from '../base/bug.ts';
import type { Span } from '../base/source.ts';
import { Diagnostics, type Diagnostic, type Label } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/nearest.ts';
import type { Bindings } from '../graph/dim.ts';
import type { LayerSummary, Model, ModelWeight } from '../graph/model.ts';
import type { Builder, Value } from '../graph/types.ts';
import { GraphBuilder } from '../ops/builder.ts';
import { bindShapes, describeShape, type Measured } from './bind.ts';
import { foreignStages, parseForeignName, type ForeignStage } from './foreign.ts';
import { matchStages, prefixGroups, type StageMatch } from './match.ts';

export type WeightFormat = 'own' | 'pytorch';

export interface Adoption {
  /** Absent when a diagnostic is an error. */
  readonly model?: Model;
  readonly format: WeightFormat;
  /** Widths that the tensors' shapes settle. */
  readonly bindings: Bindings;
  readonly diagnostics: readonly Diagnostic[];
}

/** `tensors` are the names and shapes of what there is; `known` are widths that are settled. */
export function adoptWeights(
  model: Model,
  tensors: ReadonlyMap<string, readonly number[]>,
  known: Bindings = new Map(),
): Adoption {
  const diagnostics = new Diagnostics();
  const own = new Set(model.weights.map((w) => w.name));
  const others = new Map([...tensors].filter(([name]) => !own.has(name)));
  const foreign = [...others.keys()].some((name) => parseForeignName(name) !== undefined);
  const format: WeightFormat = foreign && foreignStages(model).length > 0 ? 'pytorch' : 'own';
  const adopted = format === 'own' ? model : adoptForeign(model, tensors, others, diagnostics);
  const bindings = checkTensors(adopted, tensors, known, diagnostics);
  return {
    ...(diagnostics.failed ? {} : { model: adopted }),
    format,
    bindings,
    diagnostics: diagnostics.all,
  };
}

/** A foreign weight with its full name. */
interface NamedStage {
  readonly stage: ForeignStage;
  readonly prefix: string;
}

function adoptForeign(
  model: Model,
  tensors: ReadonlyMap<string, readonly number[]>,
  others: ReadonlyMap<string, readonly number[]>,
  diagnostics: Diagnostics,
): Model {
  // A stage whose own names are all there keeps them.
  const stages = foreignStages(model).filter((s) => !s.replaced.every((name) => tensors.has(name)));
  const match = matchStages(stages, prefixGroups(others));
  reportAmbiguity(match, diagnostics);
  const named = [
    ...match.pairs.map(({ stage, group }) => ({ stage, prefix: group.prefix })),
    ...match.unmatchedStages.map((stage) => ({ stage, prefix: `${stage.path}.` })),
  ].sort((a, b) => stages.indexOf(a.stage) - stages.indexOf(b.stage));
  return withForeignWeights(model, named);
}

function reportAmbiguity({ ambiguous }: StageMatch, diagnostics: Diagnostics): void {
  if (ambiguous === undefined) return;
  const prefixes = ambiguous.groups.map((g) => (g.prefix === '' ? '(none)' : g.prefix)).join(', ');
  const paths = ambiguous.stages.map((s) => s.path);
  diagnostics.error(
    'R7504',
    `the weights under the prefixes ${prefixes} fit the layers ${paths.join(', ')} in several ways`,
    undefined,
    { hint: `rename the prefixes to ${paths.map((p) => `${p}.`).join(', ')}` },
  );
}

/** The graph's weight parameters become the foreign ones, in the order of the model's layers. */
function withForeignWeights(model: Model, named: readonly NamedStage[]): Model {
  const replaced = new Set(named.flatMap(({ stage }) => stage.replaced));
  const weights: ModelWeight[] = [
    ...named.flatMap(({ stage, prefix }) =>
      stage.weights.map((w) => ({
        name: `${prefix}${w.leaf}`,
        shape: w.shape,
        initializer: { kind: 'zeros' as const },
        layer: w.layer,
        span: w.span,
      })),
    ),
    ...model.weights.filter((w) => !replaced.has(w.name)),
  ];
  const b = new GraphBuilder();
  const kept = new Map<string, Value>();
  for (const p of model.graph.parameters) {
    if (p.role !== 'weight') kept.set(p.name, b.parameter(p.name, p.value.type, p.role));
  }
  for (const w of weights) {
    kept.set(w.name, b.parameter(w.name, { dtype: 'float', shape: w.shape }, 'weight'));
  }
  const values = new Map([...kept, ...assembled(b, named, kept)]);
  const inputs = model.graph.parameters.map((p) => valueOf(values, p.name));
  const results = b.inline(model.graph, inputs);
  const graph = b.finish(
    model.graph.name,
    model.graph.results.map((r, i) => ({ name: r.name, value: results[i] ?? r.value })),
  );
  return { ...model, graph, weights, layers: model.layers.map((l) => renamed(l, model, weights)) };
}

function assembled(
  b: Builder,
  named: readonly NamedStage[],
  given: ReadonlyMap<string, Value>,
): [string, Value][] {
  return named.flatMap(({ stage, prefix }) => [
    ...stage.assemble(b, (leaf) => valueOf(given, `${prefix}${leaf}`)),
  ]);
}

function valueOf(values: ReadonlyMap<string, Value>, name: string): Value {
  return present(values.get(name), `a value for ${name}`);
}

/** A layer's line in `show` lists the weights that stand in for its own. */
function renamed(line: LayerSummary, model: Model, weights: readonly ModelWeight[]): LayerSummary {
  const layers = new Set(
    model.weights.filter((w) => line.weights.includes(w.name)).map((w) => w.layer),
  );
  return { ...line, weights: weights.filter((w) => layers.has(w.layer)).map((w) => w.name) };
}

/** Missing, extra and mis-shaped tensors, each by name. */
function checkTensors(
  model: Model,
  tensors: ReadonlyMap<string, readonly number[]>,
  known: Bindings,
  diagnostics: Diagnostics,
): Bindings {
  const names = new Set(model.weights.map((w) => w.name));
  const missing = model.weights.filter((w) => !tensors.has(w.name));
  const extra = [...tensors.keys()].filter((name) => !names.has(name));
  const measured = model.weights.flatMap((w): Measured[] => {
    const found = tensors.get(w.name);
    return found === undefined ? [] : [{ name: w.name, expected: w.shape, found }];
  });
  const { bindings, clashes } = bindShapes(measured, known);
  const spans = new Map(model.weights.map((w) => [w.name, w.span]));
  for (const w of missing) {
    diagnostics.error(
      'R7501',
      `the weights lack ${w.name} ${describeShape(w.shape, bindings)}`,
      place(w.span, 'needed here'),
      { hint: missingHint(w.name, extra) },
    );
  }
  for (const name of extra) {
    const near = nearest(name, missing.length > 0 ? missing.map((w) => w.name) : [...names]);
    diagnostics.error('R7502', `the model has no weight ${name}`, undefined, {
      hint: near === undefined ? undefined : `did you mean ${near}?`,
    });
  }
  for (const { name, expected, found } of clashes) {
    const span = spans.get(name);
    diagnostics.error(
      'R7503',
      `${name} has shape [${found.join(', ')}]; expected ${describeShape(expected, bindings)}`,
      place(span, 'this layer'),
    );
  }
  return bindings;
}

/** A line of the standard library would tell the user nothing. */
function place(span: Span | undefined, text: string): Label | undefined {
  return span === undefined || span.source.name.startsWith('std/') ? undefined : { span, text };
}

function missingHint(name: string, extra: readonly string[]): string | undefined {
  if (/(^|\.)bias(_|$)/.test(name) && extra.length === 0) {
    return 'if these weights have no biases, write bias=false in the spec';
  }
  const near = nearest(name, extra);
  return near === undefined ? undefined : `there is ${near}`;
}
