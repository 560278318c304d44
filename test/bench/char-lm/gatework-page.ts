/**
 * Runs in the browser: the training step of task.ts with the program of gatework-program.ts.
 * Weights and the optimizer's states stay on the device from step to step, as in training.
 */
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { Program } from '../../../runtime/artifact/program.ts';
import { evaluateDim } from '../../../runtime/artifact/size.ts';
import { openDevice } from '../../../runtime/webgpu/device.ts';
import { WebgpuExecutable } from '../../../runtime/webgpu/webgpu-executable.ts';
import { measure, type Counts } from './measure.ts';
import { drawBatch, drawGates, drawMatrix, seeds, sizes, type Gate, type Report } from './task.ts';

export interface GateworkRun extends Counts {
  readonly program: Program;
  /** WGSL by the kernel's position. */
  readonly shaders: readonly string[];
}

const { vocabulary, width, time, batch } = sizes;

export async function main({ program, shaders, ...counts }: GateworkRun): Promise<Report> {
  const device = await openDevice(await requestAdapter());
  const executable = await WebgpuExecutable.create({ program, shaders, device });
  const feeds = new Map<string, string>();
  for (const result of program.results) {
    if (result.feeds !== undefined) feeds.set(result.feeds, result.name);
  }
  const kept = await executable.keep(feeds);
  const given = arraysOf(program);
  kept.write(new Map([...given].filter(([name]) => feeds.has(name))));
  const inputs = new Map([...given].filter(([name]) => !feeds.has(name)));
  let updates = 0;
  const step = async (): Promise<number> => {
    updates++;
    inputs.set('step', { dtype: 'float', shape: [], data: Float32Array.of(updates) });
    const found = await kept.run(inputs, ['loss']);
    return found.get('loss')?.data[0] ?? NaN;
  };
  return measure(step, device, counts);
}

/** What the program is given at first: the task's batch and weights, and zeros for the rest. */
function arraysOf(program: Program): Map<string, NdArray> {
  const bindings = new Map([
    ['B', batch],
    ['T', time],
  ]);
  const { ids, next } = drawBatch();
  const drawn = new Map<string, Float32Array | Int32Array>([
    ['text', ids],
    ['next', next],
    ['lengths', new Int32Array(batch).fill(time)],
    ['lstm.Wu', gateWeight('input')],
    ['lstm.Wf', gateWeight('forget')],
    ['lstm.Wc', gateWeight('candidate')],
    ['lstm.Wo', gateWeight('output')],
    ['softmax.W', turned(drawMatrix(seeds.softmax, width, vocabulary), width)],
  ]);
  return new Map(
    program.parameters.map(({ name, dtype, shape }) => {
      const sides = shape.map((dim) => evaluateDim(dim, bindings));
      const size = sides.reduce((count, side) => count * side, 1);
      const data = drawn.get(name) ?? new Float32Array(size);
      if (data.length !== size) throw new Error(`${name} has ${size} numbers, not ${data.length}`);
      return [name, { dtype, shape: sides, data }];
    }),
  );
}

/** A row for each unit: the columns of the hidden state, then those of the input. */
function gateWeight(gate: Gate): Float32Array {
  const recurrent = drawGates(seeds.recurrent, width, [gate]);
  const input = drawGates(seeds.input, vocabulary, [gate]);
  const both = new Float32Array(recurrent.length + input.length);
  both.set(recurrent);
  both.set(input, recurrent.length);
  return turned(both, width + vocabulary);
}

/** The transpose of a matrix of `rows`. */
function turned(matrix: Float32Array, rows: number): Float32Array {
  const columns = matrix.length / rows;
  return matrix.map((_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)] ?? NaN);
}

async function requestAdapter(): Promise<GPUAdapter> {
  const { navigator } = globalThis as { readonly navigator?: { readonly gpu?: GPU } };
  const adapter = await navigator?.gpu?.requestAdapter();
  if (adapter === undefined || adapter === null) throw new Error('no WebGPU here');
  return adapter;
}
