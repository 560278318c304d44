/**
 * What a bundle says of its model (runtime/artifact/bundle.ts): inputs, outputs and states with
 * their sizes. Only the batch and times may be open: everything else has to be known when a bundle
 * is built.
 */
import type {
  BundleDescription,
  BundleInput,
  BundleOutput,
  BundleState,
} from '../../runtime/artifact/bundle.ts';
import { RuntimeFault } from '../../runtime/artifact/executable.ts';
import { fixedValue, printDim, type Dim, type Shape } from '../graph/dim.ts';
import type { Model, ModelInput, ModelOutput } from '../graph/model.ts';
import type { Graph, GraphParameter } from '../graph/types.ts';

export interface DescribeOptions {
  /** Names of classes, by id. */
  readonly labels?: readonly string[];
}

export type Described = Omit<BundleDescription, 'weights' | 'golden' | 'symbols'>;

/**
 * `graph` is the one of inference, whose parameters are what a run needs. Faults: R7805 for a
 * dimension that nothing settles, or an input whose time is no symbol of its own.
 */
export function describe(model: Model, graph: Graph, options: DescribeOptions = {}): Described {
  const used = graph.parameters.filter(({ role }) => role === 'input');
  const inputs = used.flatMap(({ name }) => model.inputs.filter((input) => input.name === name));
  const controls = graph.parameters.filter(({ role }) => role === 'control');
  const lengths = controls.flatMap(({ name }) => {
    const time = model.inputs.find((input) => input.lengths === name)?.time;
    return time === undefined ? [] : [{ name, time }];
  });
  const known = new Set(lengths.map(({ name }) => name));
  return {
    name: model.name,
    inputs: inputs.map(describeInput),
    outputs: model.outputs.map((output) => describeOutput(output, model, options)),
    states: model.states.map((state) => describeState(state)),
    lengths,
    zeros: controls.filter(({ name }) => !known.has(name)).map(zeroOf),
  };
}

function describeInput(input: ModelInput): BundleInput {
  const { name, element, size, time, type } = input;
  if (time !== undefined && printDim(type.shape[1] ?? batch) !== time) {
    throw unsettled(name, `its time is ${printDim(type.shape[1] ?? batch)}, not a symbol alone`);
  }
  return {
    name,
    element,
    sizes: arrayOf(name, type.shape, time !== undefined).sizes,
    ...(time === undefined ? {} : { time }),
    ...(size === undefined ? {} : { ids: settled(name, size) }),
    ...(element === 'class' ? { negative: true } : {}),
  };
}

function describeOutput(
  { name, type, time, lengths, distribution }: ModelOutput,
  model: Model,
  { labels }: DescribeOptions,
): BundleOutput {
  const array = arrayOf(name, type.shape, time !== undefined);
  const classes = array.sizes.at(-1);
  const text = model.inputs.find((i) => isText(i) && i.time === time && i.lengths === lengths);
  const cut = model.inputs.find((input) => input.lengths === lengths)?.time;
  const isNamed = distribution === 'softmax' && labels !== undefined && classes === labels.length;
  return {
    name,
    dtype: type.dtype,
    ...array,
    ...(time === undefined || cut === undefined ? {} : { lengths: cut }),
    ...(isNamed ? { labels } : {}),
    ...(time === undefined || text === undefined ? {} : { tokens: text.name }),
  };
}

function describeState({ initial, final, type }: Model['states'][number]): BundleState {
  const { sizes } = arrayOf(initial, type.shape, false);
  const dtype = type.dtype === 'int' ? 'int' : 'float';
  return { name: initial.replace(/0$/, ''), initialName: initial, finalName: final, dtype, sizes };
}

function isText({ element }: ModelInput): boolean {
  return element === 'words' || element === 'characters';
}

function zeroOf({ name, value }: GraphParameter): { name: string; count: number } {
  const count = value.type.shape.reduce((product, dim) => product * settled(name, dim), 1);
  return { name, count };
}

/** Of one example: without the batch. */
function arrayOf(
  name: string,
  [, ...shape]: Shape,
  timed: boolean,
): { sizes: readonly number[]; time?: Dim } {
  const [time, ...rest] = shape;
  if (!timed || time === undefined) return { sizes: shape.map((dim) => settled(name, dim)) };
  return { time, sizes: rest.map((dim) => settled(name, dim)) };
}

function settled(name: string, dim: Dim): number {
  const value = fixedValue(dim);
  if (value !== undefined) return value;
  throw unsettled(name, `nothing says how large ${printDim(dim)} is`);
}

function unsettled(name: string, why: string): RuntimeFault {
  return new RuntimeFault(
    'R7805',
    `the shape of ${name} is not settled: ${why}`,
    'a bundle leaves batch and time open and nothing else; bind the rest with --dim NAME=N',
  );
}

const batch: Dim = { constant: 0, terms: [{ symbol: 'B', coefficient: 1 }] };
