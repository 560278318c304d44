/**
 * The arrays of a case, for every parameter of a graph: drawn from the case's seed and the name of
 * the parameter, so that two graphs of one model get the same ones. All floats are numbers of f32.
 */
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { evaluateShape, type Bindings } from '../graph/dim.ts';
import type { Graph, GraphParameter } from '../graph/types.ts';
import { countOf, drawer, ints, type Arrays } from './arrays.ts';
import type { VerifySubject } from './subject.ts';
import { bindingsOfCase, stepsOf, timesOf, type CaseData, type Numbers } from './verify-case.ts';

/** `step`: which step of training it is for, from 1. */
export function drawInputs(subject: VerifySubject, graph: Graph, data: CaseData, step = 1): Arrays {
  const bindings = bindingsOfCase(subject.model, data, subject.bindings);
  return new Map(
    graph.parameters.map((parameter) => {
      const shape = evaluateShape(parameter.value.type.shape, bindings);
      const draw = drawer(data.seed + hashOf(parameter.name));
      return [parameter.name, drawn({ subject, data, step, bindings, parameter, shape, draw })];
    }),
  );
}

interface Request {
  readonly subject: VerifySubject;
  readonly data: CaseData;
  readonly step: number;
  readonly bindings: Bindings;
  readonly parameter: GraphParameter;
  readonly shape: readonly number[];
  readonly draw: () => number;
}

function drawn(request: Request): NdArray {
  const { subject, data, step, parameter, shape, draw } = request;
  const { name, role } = parameter;
  const { dtype } = parameter.value.type;
  if (name === 'random') return ints([2], [data.seed % 1000, step]);
  if (name.startsWith('lengths')) return ints(shape, lengthsFor(request));
  if (role === 'weight') return subject.weights.get(name) ?? drawnWeight(request);
  if (dtype !== 'float') return drawnIds(request);
  if (name === 'step' && role === 'control') return floatsOf(shape, () => step);
  if (name.startsWith('optimizer/')) return floatsOf(shape, () => 0);
  if (role === 'state' && !data.states) return floatsOf(shape, () => 0);
  if (subject.targets.has(name)) return floatsOf(shape, () => 0.05 + 0.9 * draw());
  const isGiven = role === 'state' || subject.model.inputs.some((input) => input.name === name);
  // Seeds of gradients are no input of the model; there they would be all that one sees.
  return floatsOf(shape, () => number(isGiven ? data.numbers : 'ordinary', draw));
}

/** In proportion to one over the root of how many terms a sum has. */
function drawnWeight({ data, shape, draw }: Request): NdArray {
  const terms = shape.length < 2 ? 4 : Math.max(4, shape.at(-1) ?? 4);
  const scale = (2 * data.weightScale) / Math.sqrt(terms);
  return floatsOf(shape, () => (2 * draw() - 1) * scale);
}

function number(numbers: Numbers, draw: () => number): number {
  const [u, sign] = [draw(), draw() < 0.5 ? -1 : 1];
  switch (numbers) {
    case 'ordinary':
      return sign * u;
    case 'repeated':
      return sign * 0.75;
    case 'zeros':
      return u < 0.7 ? sign * 0 : sign * u;
    case 'saturating':
      return sign * (20 + 200 * u);
    case 'huge':
      return sign * 10 ** (30 * u);
    case 'tiny':
      // The smallest normal number of f32 is 1.2e-38; the smallest of all 1.4e-45.
      return sign * 10 ** (-25 - 20 * u);
    case 'nonFinite':
      return u < 0.1 ? NaN : u < 0.2 ? sign * Infinity : sign * u;
    default:
      return numbers satisfies never;
  }
}

/** Targets may be missing (-1); labels in a sequence of their own are never the blank, 0. */
function drawnIds({ subject, data, bindings, parameter, shape, draw }: Request): NdArray {
  const input = subject.model.inputs.find((i) => i.name === parameter.name);
  const [count = 1] = evaluateShape(input?.size === undefined ? [] : [input.size], bindings);
  const isTarget = subject.targets.has(parameter.name);
  const isLabel = isTarget && input?.time !== timesOf(subject.model)[0];
  const same = Math.floor(draw() * count);
  const next = (): number => {
    if (isLabel && input?.time !== undefined) return 1 + Math.floor(draw() * (count - 1));
    if (isTarget && input?.element === 'class' && draw() < 0.15) return -1;
    return data.numbers === 'repeated' ? same : Math.floor(draw() * count);
  };
  return ints(shape, Array.from({ length: countOf(shape) }, next));
}

/** The lengths of another time symbol are those of the first, turned by one row. */
function lengthsFor({ subject, data, parameter }: Request): readonly number[] {
  const { name } = parameter;
  const [first = 'T'] = timesOf(subject.model);
  const symbol = name === 'lengths' ? first : name.slice('lengths/'.length);
  const steps = stepsOf(subject.model, data, symbol);
  const { lengths } = data;
  const turned = symbol === first ? lengths : [...lengths.slice(1), ...lengths.slice(0, 1)];
  return turned.map((n) => Math.min(n, steps));
}

function floatsOf(shape: readonly number[], next: () => number): NdArray {
  const data = new Float64Array(countOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = Math.fround(next());
  return { dtype: 'float', shape, data };
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
