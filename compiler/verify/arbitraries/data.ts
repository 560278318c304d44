/**
 * Arrays for every parameter of a model's graph, or of one derived from it, drawn from a seed:
 * sizes shrink to one row and one step, and some sequences are empty or have one step only.
 */
import fc from 'fast-check';
import { evaluateShape, symbolsOf, type Bindings } from '../../graph/dim.ts';
import type { Model } from '../../graph/model.ts';
import type { Graph, GraphParameter } from '../../graph/types.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { countOf, type Arrays, drawer, drawFloats, floats, ints } from '../arrays.ts';
import { openWidth, type InputKind, type Spec } from './models.ts';

export interface Data {
  readonly seed: number;
  readonly time: number;
  /** One a row; a row longer than the time at hand is full. */
  readonly lengths: readonly number[];
  readonly weightScale: number;
}

export const data: fc.Arbitrary<Data> = fc.record({
  seed: fc.nat(),
  time: fc.integer({ min: 1, max: 4 }),
  lengths: fc.array(fc.constantFrom(4, 3, 2, 1, 0), { minLength: 1, maxLength: 3 }),
  weightScale: fc.constantFrom(0.5, 1, 0.2),
});

/** Rows, time steps and open widths. */
export function bindingsOf(model: Model, { time, lengths }: Data): Bindings {
  const bindings = new Map([['B', lengths.length]]);
  const shapes = model.graph.parameters.map((p) => p.value.type.shape);
  const sizes = model.inputs.flatMap(({ size }) => (size === undefined ? [] : [size]));
  for (const symbol of symbolsOf([...shapes.flat(), ...sizes])) {
    if (!bindings.has(symbol)) bindings.set(symbol, openWidth);
  }
  model.inputs.forEach((input) => {
    if (input.time !== undefined) bindings.set(input.time, timeOf(input.time, time));
  });
  return bindings;
}

/** Labels are fewer than the time steps that they are aligned with. */
function timeOf(symbol: string, time: number): number {
  return symbol === 'Ty' ? Math.max(1, time - 1) : time;
}

/** Arrays for the parameters of `graph`, which is `model.graph` or has its parameters and more. */
export function drawArrays(model: Model, spec: Spec, drawn: Data, graph: Graph): Arrays {
  const bindings = bindingsOf(model, drawn);
  return new Map(
    graph.parameters.map((parameter, i) => {
      // Each has a seed of its own, so that one more parameter changes no other.
      const draw = drawer(drawn.seed + 7919 * i);
      const shape = evaluateShape(parameter.value.type.shape, bindings);
      return [parameter.name, drawArray({ parameter, spec, drawn, draw, shape, model, bindings })];
    }),
  );
}

interface Request {
  readonly parameter: GraphParameter;
  readonly model: Model;
  readonly spec: Spec;
  readonly drawn: Data;
  readonly draw: () => number;
  readonly shape: readonly number[];
  readonly bindings: Bindings;
}

function drawArray(request: Request): NdArray {
  const { parameter, draw, shape, drawn, bindings } = request;
  const { name, role, value } = parameter;
  if (name === 'random') return ints([2], [drawn.seed % 1000, 1]);
  if (name.startsWith('lengths')) return ints(shape, lengthsOf(name, drawn));
  if (role === 'weight') return drawFloats(draw, shape, drawn.weightScale);
  if (value.type.dtype === 'float') {
    return request.spec.inputs.get(name) === 'unit'
      ? floats(
          shape,
          fill(shape, () => 0.05 + 0.9 * draw()),
        )
      : drawFloats(draw, shape);
  }
  const input = request.model.inputs.find((i) => i.name === name);
  const kind = request.spec.inputs.get(name) ?? 'ids';
  const [count = 1] = evaluateShape(input?.size === undefined ? [] : [input.size], bindings);
  return ints(
    shape,
    fill(shape, () => drawId(kind, count, draw)),
  );
}

/** Targets may be missing (-1); labels are never the blank, which is 0. */
function drawId(kind: InputKind, count: number, draw: () => number): number {
  if (kind === 'class' && draw() < 0.15) return -1;
  if (kind === 'labels') return 1 + Math.floor(draw() * (count - 1));
  return Math.floor(draw() * count);
}

function fill(shape: readonly number[], next: () => number): number[] {
  return Array.from({ length: countOf(shape) }, next);
}

/** The lengths of another time symbol are those of the first, turned by one row. */
function lengthsOf(name: string, { lengths, time }: Data): number[] {
  const turned = name === 'lengths' ? lengths : [...lengths.slice(1), ...lengths.slice(0, 1)];
  const steps = name === 'lengths/Ty' ? timeOf('Ty', time) : time;
  return turned.map((n) => Math.min(n, steps));
}
