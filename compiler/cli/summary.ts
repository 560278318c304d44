/** What `show` says about a model, as data: layers with shapes, parameters, FLOPs, memory. */
import { printDim, type Bindings, type Dim, type Shape } from '../graph/dim.ts';
import { countFlops } from '../graph/flops.ts';
import type { Model } from '../graph/model.ts';
import { bindPolynomial, elementCount, plus, type Polynomial } from '../graph/polynomial.ts';
import type { Graph } from '../graph/types.ts';
import type { PeakMemory } from './kernel-programs.ts';

export interface ModelSummary {
  readonly model: string;
  readonly inputs: readonly TensorSummary[];
  readonly outputs: readonly TensorSummary[];
  readonly states: readonly TensorSummary[];
  readonly layers: readonly LayerLine[];
  readonly parameters: Polynomial;
  /** For one row and one time step, where batch and time are open. */
  readonly flops: Polynomial;
  /** What a device needs at most. */
  readonly memory: PeakMemory;
}

export interface TensorSummary {
  readonly name: string;
  readonly element: string;
  readonly shape: string;
}

export interface LayerLine {
  readonly path: string;
  readonly label: string;
  readonly output: string;
  readonly parameters: Polynomial;
}

/** `graph` is what inference runs. */
export function summarize(model: Model, graph: Graph, memory: PeakMemory): ModelSummary {
  const times = timeSymbols(model);
  const shapes = new Map(model.weights.map((w) => [w.name, w.shape]));
  const tensor = (name: string, element: string, shape: Shape): TensorSummary => ({
    name,
    element,
    shape: namedShape(shape, times),
  });
  return {
    model: model.name,
    inputs: model.inputs.map((i) => tensor(i.name, elementName(i), i.type.shape)),
    outputs: model.outputs.map((o) => tensor(o.name, o.type.dtype, o.type.shape)),
    states: model.states.map((s) => tensor(s.initial, s.type.dtype, s.type.shape)),
    layers: model.layers.map((l) => ({
      path: l.path,
      label: l.label,
      output: namedShape(l.output, times),
      parameters: total(l.weights.map((name) => shapes.get(name) ?? [])),
    })),
    parameters: total(model.weights.map((w) => w.shape)),
    flops: bindPolynomial(countFlops(graph), single(times)),
    memory,
  };
}

/** `[batch, time, 128]`. */
export function namedShape(shape: Shape, times: ReadonlySet<string>): string {
  return `[${shape.map((d) => axisName(d, times)).join(', ')}]`;
}

export function timeSymbols(model: Model): ReadonlySet<string> {
  const used = [...model.inputs, ...model.outputs, ...model.states].map((x) => x.time);
  return new Set(used.filter((t) => t !== undefined));
}

function axisName(d: Dim, times: ReadonlySet<string>): string {
  const text = printDim(d);
  if (text === 'B') return 'batch';
  if (times.has(text)) return text === 'T' ? 'time' : `time ${text}`;
  return text;
}

function elementName(input: Model['inputs'][number]): string {
  return input.size === undefined ? input.element : `${input.element}(${printDim(input.size)})`;
}

function total(shapes: readonly Shape[]): Polynomial {
  return plus(...shapes.map(elementCount));
}

function single(times: ReadonlySet<string>): Bindings {
  return new Map([['B', 1], ...[...times].map((t): [string, number] => [t, 1])]);
}
