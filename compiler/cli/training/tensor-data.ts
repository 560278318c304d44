/** A safetensors file as data: one batch, used whole in every step. */
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { readSafetensors } from '../../../runtime/tensors/safetensors.ts';
import { fixedBatch, type BatchSource } from '../../../runtime/train/batches.ts';
import { bindShapes } from '../../adopt/bind.ts';
import { evaluateDim } from '../../graph/dim.ts';
import type { Model, ModelInput } from '../../graph/model.ts';
import { feed } from '../feed.ts';
import { shapesOf, type Tensors } from '../tensors.ts';
import type { DataFile } from './data-file.ts';

export function readTensorData({ bytes, file }: DataFile): Tensors {
  return readSafetensors(bytes, file).tensors;
}

/** Widths that the tensors settle; not how many rows and time steps there are. */
export function tensorDims(model: Model, tensors: Tensors): Map<string, number> {
  const shapes = shapesOf(tensors);
  const measured = model.graph.parameters.flatMap((p) => {
    const found = shapes.get(p.name);
    return found === undefined ? [] : [{ name: p.name, expected: p.value.type.shape, found }];
  });
  const times = new Set(model.inputs.flatMap((i) => (i.time === undefined ? [] : [i.time])));
  const { bindings } = bindShapes(measured);
  return new Map([...bindings].filter(([name]) => name !== 'B' && !times.has(name)));
}

/** R740x for tensors that do not fit the inputs, R7608 for ids out of range. */
export function tensorBatch(model: Model, tensors: Tensors, file: string): BatchSource {
  const fed = feed(model.graph, model, tensors, {
    bindings: new Map(),
    seed: 0,
    tolerated: new Set(),
    optional: new Set(),
  });
  fed.delete('random');
  for (const input of model.inputs) checkIds(input, fed, file);
  // Rows are counted on the first: an input, not a state.
  const names = model.inputs.map((i) => i.name);
  const batch = new Map([...pick(fed, names), ...fed]);
  const [first] = batch.values();
  if (first?.shape[0] === 0) throw new RuntimeFault('R7202', `${file}: no rows in its tensors`);
  return fixedBatch(batch);
}

function pick(arrays: ReadonlyMap<string, NdArray>, names: readonly string[]): [string, NdArray][] {
  return names.flatMap((name) => {
    const array = arrays.get(name);
    return array === undefined ? [] : [[name, array]];
  });
}

/** Ids within each sequence's length; a negative class is one that does not count. */
function checkIds(input: ModelInput, fed: ReadonlyMap<string, NdArray>, file: string): void {
  const ids = fed.get(input.name);
  if (input.size === undefined || ids === undefined || input.size.terms.length > 0) return;
  const size = evaluateDim(input.size, new Map());
  const steps = ids.shape[1] ?? 1;
  const lengths = input.lengths === undefined ? undefined : fed.get(input.lengths);
  ids.data.forEach((id, at) => {
    const [row, step] = [Math.floor(at / steps), at % steps];
    if (step >= (lengths?.data[row] ?? steps)) return;
    if (id < size && (id >= 0 || input.element === 'class')) return;
    const where = input.time === undefined ? `row ${at}` : `row ${row}, time step ${step}`;
    throw new RuntimeFault(
      'R7608',
      `${file}: ${input.name} holds the id ${id} in ${where}; expected 0 to ${size - 1}`,
    );
  });
}
