/**
 * What `bench` measures: a spec with every dimension settled, by the command line or by defaults.
 * Batch and time stay open in the graph, as they do where a model is used; widths are bound.
 */
import type { Bindings } from '../../graph/dim.ts';
import { symbolsOf } from '../../graph/dim.ts';
import type { Model } from '../../graph/model.ts';
import { UsageError } from '../failure.ts';
import { note } from '../output.ts';
import { compileOpened, openSpec } from '../spec.ts';
import { timeSymbols } from '../summary.ts';
import { withLoss } from './with-loss.ts';

export type BenchMode = 'run' | 'train' | 'stream';

export interface Subject {
  readonly model: Model;
  readonly mode: BenchMode;
  /** Every symbol that the model has or had. */
  readonly bindings: Bindings;
  /** Time steps of one call, over all rows. */
  readonly tokens: number;
}

/** Errors of the spec as `run` and `train` give them; UsageError where the mode does not fit it. */
export async function openSubject(
  spec: string,
  dims: ReadonlyMap<string, number>,
  mode: BenchMode,
): Promise<Subject> {
  const opened = openSpec(spec);
  const use = mode === 'train' ? 'training' : 'inference';
  const open = await compileOpened(opened, { dims, mode: use });
  const times = timeSymbols(open);
  const bindings = settle(open, times, dims, mode);
  const widths = [...bindings].filter(([name]) => name !== batch && !times.has(name));
  // What has no name of its own is bound when the graph runs.
  const named = widths.filter(([name]) => !isNameless(name));
  const parameters = [...dims].filter(([name]) => name !== batch && !times.has(name));
  const settled = { dims: new Map([...named, ...parameters]), mode: use, quiet: true } as const;
  const bound = await compileOpened(opened, settled);
  const lacksLoss = mode === 'train' && !bound.graph.results.some((r) => r.name === 'loss');
  const model = lacksLoss ? await compileOpened(withLoss(opened, bound, bindings), settled) : bound;
  if (mode === 'stream') checkStreams(model);
  const [time] = times;
  const steps = time === undefined ? 1 : (bindings.get(time) ?? 1);
  return { model, mode, bindings, tokens: (bindings.get(batch) ?? 1) * steps };
}

const batch = 'B';

function settle(
  model: Model,
  times: ReadonlySet<string>,
  dims: ReadonlyMap<string, number>,
  mode: BenchMode,
): Bindings {
  const bindings = new Map<string, number>();
  const chosen: string[] = [];
  for (const name of new Set([batch, ...times, ...symbolsIn(model)])) {
    const given = dims.get(name);
    if (given !== undefined && given !== 1 && times.has(name) && mode === 'stream') {
      throw new UsageError(`--stream runs one time step a call; leave --dim ${name}=${given} out`);
    }
    bindings.set(name, given ?? defaultFor(name, times, mode));
    if (given === undefined && !isNameless(name)) chosen.push(`${name}=${bindings.get(name) ?? 1}`);
  }
  if (chosen.length > 0) note(`note: ${chosen.join(', ')}; --dim NAME=N sets another size`);
  return bindings;
}

function defaultFor(name: string, times: ReadonlySet<string>, mode: BenchMode): number {
  if (name === batch) return 1;
  return times.has(name) && mode === 'stream' ? 1 : 32;
}

function symbolsIn(model: Model): ReadonlySet<string> {
  const { graph, inputs, outputs, weights } = model;
  return symbolsOf([
    ...graph.parameters.flatMap((p) => p.value.type.shape),
    ...inputs.flatMap((i) => i.size ?? []),
    ...outputs.flatMap((o) => o.type.shape),
    ...weights.flatMap((w) => w.shape),
  ]);
}

/** A symbol that the compiler made up. */
function isNameless(name: string): boolean {
  return name.startsWith('?');
}

function checkStreams(model: Model): void {
  if (model.states.length === 0) {
    throw new UsageError(`--stream: ${model.name} has no state to carry from call to call`);
  }
  if (model.instances.some((i) => i.recurrent && i.direction === 'reverse')) {
    throw new UsageError(`--stream: ${model.name} reads its input backwards, too`);
  }
}
