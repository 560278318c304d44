/**
 * From the tensors of IN to the inputs of a graph: each parameter takes the tensor of its name, and
 * what may be left out is filled in (full lengths, initial states of zeros, seeds of zeros). What
 * is missing, unknown or of the wrong element type is a RuntimeFault that names the tensor.
 */
import { RuntimeFault } from '../../runtime/artifact/executable.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { toNdArray } from '../../runtime/tensors/convert.ts';
import type { StoredTensor } from '../../runtime/tensors/safetensors.ts';
import { bindShapes, describeShape } from '../adopt/bind.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { evaluateShape, symbolsOf, type Bindings, type Shape } from '../graph/dim.ts';
import type { Model } from '../graph/model.ts';
import type { Graph, GraphParameter } from '../graph/types.ts';
import type { Tensors } from './tensors.ts';

export interface FeedOptions {
  /** Widths that flags or weights have settled. */
  readonly bindings: Bindings;
  /** Key of the random numbers, where the graph draws any. */
  readonly seed: number;
  /** Names that IN may hold although this graph has no such parameter. */
  readonly tolerated: ReadonlySet<string>;
  /** Names that may be left out; they are then zeros. */
  readonly optional: ReadonlySet<string>;
}

/** Everything but the weights. R7403 unknown, R7404 missing, R7405 element type, R7406 lengths. */
export function feed(
  graph: Graph,
  model: Model,
  tensors: Tensors,
  options: FeedOptions,
): Map<string, NdArray> {
  const parameters = graph.parameters.filter((p) => p.role !== 'weight');
  const needed = parameters.filter((p) => p.role === 'input' && !options.optional.has(p.name));
  checkNames(parameters, needed, tensors, options);
  const given = new Map<string, NdArray>();
  for (const p of parameters) {
    const tensor = tensors.get(p.name);
    if (tensor !== undefined) given.set(p.name, convert(p, tensor, options));
    else if (needed.includes(p)) throw missing(p, options);
  }
  const bindings = inputBindings(parameters, given, options.bindings);
  for (const p of parameters) {
    if (!given.has(p.name)) given.set(p.name, defaultFor(p, model, given, bindings, options));
  }
  for (const p of parameters) checkLengths(p, model, given);
  return given;
}

/** What the inputs' shapes say about symbols, as far as they agree; the executor tells clashes. */
export function inputBindings(
  parameters: readonly GraphParameter[],
  given: ReadonlyMap<string, NdArray>,
  known: Bindings,
): Bindings {
  const measured = parameters.flatMap((p) => {
    const array = given.get(p.name);
    return array === undefined
      ? []
      : [{ name: p.name, expected: p.value.type.shape, found: array.shape }];
  });
  return bindShapes(measured, known).bindings;
}

function checkNames(
  parameters: readonly GraphParameter[],
  needed: readonly GraphParameter[],
  tensors: Tensors,
  { tolerated }: FeedOptions,
): void {
  const names = parameters.map((p) => p.name);
  const lacking = needed.map((p) => p.name).filter((name) => !tensors.has(name));
  for (const name of tensors.keys()) {
    if (names.includes(name) || tolerated.has(name)) continue;
    const near = nearest(name, names) ?? (lacking.length === 1 ? lacking[0] : undefined);
    throw new RuntimeFault(
      'R7403',
      `the model has no input ${name}`,
      near === undefined ? `its inputs are ${names.join(', ')}` : `did you mean ${near}?`,
    );
  }
}

function missing(p: GraphParameter, { bindings }: FeedOptions): RuntimeFault {
  const { dtype, shape } = p.value.type;
  return new RuntimeFault(
    'R7404',
    `the input lacks ${p.name}, ${dtype} ${describeShape(shape, bindings)}`,
  );
}

function convert(p: GraphParameter, tensor: StoredTensor, { bindings }: FeedOptions): NdArray {
  const array = toNdArray(p.name, tensor);
  const wanted = p.value.type.dtype;
  if (array.dtype !== wanted) {
    throw new RuntimeFault(
      'R7405',
      `${p.name} holds ${tensor.dtype}; expected ${wanted === 'float' ? 'F32 or F64' : 'I32 or I64'}`,
    );
  }
  const { shape } = p.value.type;
  if (array.shape.length !== shape.length) {
    throw new RuntimeFault(
      'R7001',
      `${p.name} has shape [${array.shape.join(', ')}]; expected ${describeShape(shape, bindings)}`,
    );
  }
  return array;
}

function defaultFor(
  p: GraphParameter,
  model: Model,
  given: ReadonlyMap<string, NdArray>,
  bindings: Bindings,
  options: FeedOptions,
): NdArray {
  const { dtype, shape } = p.value.type;
  if (p.name === 'random') {
    return { dtype: 'int', shape: [2], data: Int32Array.of(options.seed | 0, 0) };
  }
  const sizes = evaluated(p.name, shape, bindings);
  const count = sizes.reduce((n, size) => n * size, 1);
  if (dtype === 'int') {
    const value = isLengths(p.name) ? timeSteps(p, model, given) : 0;
    return { dtype, shape: sizes, data: new Int32Array(count).fill(value) };
  }
  return { dtype: 'float', shape: sizes, data: new Float64Array(count) };
}

function evaluated(name: string, shape: Shape, bindings: Bindings): number[] {
  const open = [...symbolsOf(shape)].filter((s) => !bindings.has(s));
  if (open.length > 0) {
    throw new RuntimeFault(
      'R7404',
      `the input lacks ${name}, and nothing else says how large ${open.join(', ')} is`,
      open.map((s) => `--dim ${s}=…`).join(' '),
    );
  }
  return evaluateShape(shape, bindings);
}

/** The padded length of the sequences whose lengths `p` holds. */
function timeSteps(p: GraphParameter, model: Model, given: ReadonlyMap<string, NdArray>): number {
  const sequence = model.inputs.find((i) => i.lengths === p.name && given.has(i.name));
  const steps = sequence === undefined ? undefined : given.get(sequence.name)?.shape[1];
  if (steps === undefined) throw new RuntimeFault('R7404', `the input lacks ${p.name}, int [B]`);
  return steps;
}

function checkLengths(p: GraphParameter, model: Model, given: ReadonlyMap<string, NdArray>): void {
  const lengths = given.get(p.name);
  const sequences = model.inputs.filter((i) => i.lengths === p.name);
  if (lengths === undefined || sequences.length === 0 || !isLengths(p.name)) return;
  const steps = timeSteps(p, model, given);
  lengths.data.forEach((length, row) => {
    if (length >= 0 && length <= steps) return;
    throw new RuntimeFault(
      'R7406',
      `${p.name} says ${length} for row ${row}; expected 0 to ${steps}, the number of time steps`,
    );
  });
}

function isLengths(name: string): boolean {
  return name === 'lengths' || name.startsWith('lengths/');
}
